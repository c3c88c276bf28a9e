"""Office calendar."""

from __future__ import annotations

from typing import Any

from engine import migrations

SQLITE = """
CREATE TABLE "office_day" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER,
    "day" DATE NOT NULL,
    "works" INTEGER NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE CASCADE
);
CREATE INDEX "office_day_school_id" ON "office_day" ("school_id");
CREATE INDEX "office_day_day" ON "office_day" ("day");
CREATE UNIQUE INDEX "office_day_school_id_day" ON "office_day" ("school_id", "day");
"""

POSTGRES = """
CREATE TABLE "office_day" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER,
    "day" DATE NOT NULL,
    "works" BOOLEAN NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE CASCADE
);
CREATE INDEX "office_day_school_id" ON "office_day" ("school_id");
CREATE INDEX "office_day_day" ON "office_day" ("day");
CREATE UNIQUE INDEX "office_day_school_id_day" ON "office_day" ("school_id", "day");
"""


def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
