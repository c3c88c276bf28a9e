"""Termination."""

from __future__ import annotations

from typing import Any

from engine import migrations

SQLITE = """
CREATE TABLE "issued_paper" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "number" VARCHAR(30) NOT NULL,
    "code" BLOB NOT NULL,
    "token" VARCHAR(32) NOT NULL,
    "subject_kind" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "told" TEXT NOT NULL,
    "issued_at" INTEGER NOT NULL,
    "void_at" INTEGER,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "issued_paper_number" ON "issued_paper" ("number");
CREATE UNIQUE INDEX "issued_paper_token" ON "issued_paper" ("token");
CREATE INDEX "issued_paper_school_id" ON "issued_paper" ("school_id");
CREATE UNIQUE INDEX "issued_paper_subject_kind_subject_id_kind" ON "issued_paper" ("subject_kind", "subject_id", "kind");
CREATE TABLE "paper_serial" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "year" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "last" INTEGER NOT NULL
        CHECK (last <= 99999),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "paper_serial_school_id" ON "paper_serial" ("school_id");
CREATE UNIQUE INDEX "paper_serial_kind_year_school_id" ON "paper_serial" ("kind", "year", "school_id");
CREATE TABLE "termination_allowance" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "reason" VARCHAR(200) NOT NULL
        CHECK (length(reason) >= 1),
    "given_by_id" INTEGER,
    "given_at" INTEGER NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("given_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_allowance_school_id" ON "termination_allowance" ("school_id");
CREATE INDEX "termination_allowance_student_id" ON "termination_allowance" ("student_id");
CREATE TABLE "termination" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "allowance_id" INTEGER,
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
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("allowance_id") REFERENCES "termination_allowance" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_school_id" ON "termination" ("school_id");
CREATE UNIQUE INDEX "termination_allowance_id" ON "termination" ("allowance_id");
CREATE UNIQUE INDEX "termination_one_open_per_agreement" ON "termination" ("agreement_id")
    WHERE ("state" IN ('waiting_other', 'on_hold', 'waiting_audit'));
CREATE UNIQUE INDEX "termination_one_chance_per_student" ON "termination" ("student_id")
    WHERE (("state" = 'done') AND ("allowance_id" IS NULL));
CREATE INDEX "termination_by_student" ON "termination" ("student_id", "id");
CREATE INDEX "termination_by_agreement" ON "termination" ("agreement_id", "id");
"""

POSTGRES = """
CREATE TABLE "issued_paper" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "number" VARCHAR(30) NOT NULL,
    "code" BYTEA NOT NULL,
    "token" VARCHAR(32) NOT NULL,
    "subject_kind" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "told" TEXT NOT NULL,
    "issued_at" BIGINT NOT NULL,
    "void_at" BIGINT,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "issued_paper_number" ON "issued_paper" ("number");
CREATE UNIQUE INDEX "issued_paper_token" ON "issued_paper" ("token");
CREATE INDEX "issued_paper_school_id" ON "issued_paper" ("school_id");
CREATE UNIQUE INDEX "issued_paper_subject_kind_subject_id_kind" ON "issued_paper" ("subject_kind", "subject_id", "kind");
CREATE TABLE "paper_serial" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(30) NOT NULL,
    "year" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "last" INTEGER NOT NULL
        CHECK (last <= 99999),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "paper_serial_school_id" ON "paper_serial" ("school_id");
CREATE UNIQUE INDEX "paper_serial_kind_year_school_id" ON "paper_serial" ("kind", "year", "school_id");
CREATE TABLE "termination_allowance" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "reason" VARCHAR(200) NOT NULL
        CHECK (length(reason) >= 1),
    "given_by_id" INTEGER,
    "given_at" BIGINT NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("given_by_id") REFERENCES "account" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_allowance_school_id" ON "termination_allowance" ("school_id");
CREATE INDEX "termination_allowance_student_id" ON "termination_allowance" ("student_id");
CREATE TABLE "termination" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "agreement_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "allowance_id" INTEGER,
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
    FOREIGN KEY ("agreement_id") REFERENCES "agreement" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("allowance_id") REFERENCES "termination_allowance" ("id") ON DELETE RESTRICT
);
CREATE INDEX "termination_school_id" ON "termination" ("school_id");
CREATE UNIQUE INDEX "termination_allowance_id" ON "termination" ("allowance_id");
CREATE UNIQUE INDEX "termination_one_open_per_agreement" ON "termination" ("agreement_id")
    WHERE ("state" IN ('waiting_other', 'on_hold', 'waiting_audit'));
CREATE UNIQUE INDEX "termination_one_chance_per_student" ON "termination" ("student_id")
    WHERE (("state" = 'done') AND ("allowance_id" IS NULL));
CREATE INDEX "termination_by_student" ON "termination" ("student_id", "id");
CREATE INDEX "termination_by_agreement" ON "termination" ("agreement_id", "id");
"""


def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
