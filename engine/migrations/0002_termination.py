"""Termination."""

from __future__ import annotations

from typing import Any

from engine import migrations

SQLITE = """
CREATE TABLE "termination" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "asked_by" VARCHAR(10) NOT NULL
        CHECK (asked_by IN ('student', 'employer')),
    "reason" VARCHAR(200) NOT NULL
        CHECK (length(reason) >= 1),
    "hold_reason" VARCHAR(200) NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('waiting_other', 'on_hold', 'waiting_audit', 'done', 'failed', 'withdrawn', 'ended')),
    "asked_at" INTEGER NOT NULL,
    "agreed_at" INTEGER,
    "decided_at" INTEGER,
    "audit_reason" VARCHAR(200) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_school_id" ON "termination" ("school_id");
CREATE UNIQUE INDEX "termination_one_open_per_agreement" ON "termination" ("agreement_id")
    WHERE ("state" IN ('waiting_other', 'on_hold', 'waiting_audit'));
CREATE INDEX "termination_by_agreement" ON "termination" ("agreement_id", "id");
"""

POSTGRES = """
CREATE TABLE "termination" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "asked_by" VARCHAR(10) NOT NULL
        CHECK (asked_by IN ('student', 'employer')),
    "reason" VARCHAR(200) NOT NULL
        CHECK (length(reason) >= 1),
    "hold_reason" VARCHAR(200) NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('waiting_other', 'on_hold', 'waiting_audit', 'done', 'failed', 'withdrawn', 'ended')),
    "asked_at" BIGINT NOT NULL,
    "agreed_at" BIGINT,
    "decided_at" BIGINT,
    "audit_reason" VARCHAR(200) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_school_id" ON "termination" ("school_id");
CREATE UNIQUE INDEX "termination_one_open_per_agreement" ON "termination" ("agreement_id")
    WHERE ("state" IN ('waiting_other', 'on_hold', 'waiting_audit'));
CREATE INDEX "termination_by_agreement" ON "termination" ("agreement_id", "id");
"""


def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
