"""What an installation remembers; a day stands once in everybody's calendar; an incident has two words."""

from __future__ import annotations

from typing import Any

import peewee

from engine import migrations

SQLITE = """
CREATE TABLE "remembered" (
    "name" VARCHAR(40) NOT NULL PRIMARY KEY,
    "value" VARCHAR(64) NOT NULL,
    "at" INTEGER NOT NULL
);
"""

POSTGRES = """
CREATE TABLE "remembered" (
    "name" VARCHAR(40) NOT NULL PRIMARY KEY,
    "value" VARCHAR(64) NOT NULL,
    "at" BIGINT NOT NULL
);
"""

#: Years whose holidays stand already are not put in again, whatever somebody has taken out of them since.
YEARS = """
INSERT INTO "remembered" ("name", "value", "at")
    SELECT DISTINCT 'calendar ' || {year}, '', {now} FROM "office_day" WHERE "school_id" IS NULL
"""
ONCE = """
DELETE FROM "office_day" WHERE "school_id" IS NULL AND "id" NOT IN
    (SELECT min("id") FROM "office_day" WHERE "school_id" IS NULL GROUP BY "day");
CREATE UNIQUE INDEX "office_day_once_for_all" ON "office_day" ("day") WHERE ("school_id" IS NULL);
UPDATE "incident" SET "state" = 'closed' WHERE "state" = 'resolved';
UPDATE "incident" SET "state" = 'open' WHERE "state" = 'retrying';
"""


def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
    if isinstance(db, peewee.SqliteDatabase):
        year, now = "strftime('%Y', \"day\")", "strftime('%s', 'now') * 1000000"
    else:
        year, now = "to_char(\"day\", 'YYYY')", "(extract(epoch from now()) * 1000000)::bigint"
    db.execute_sql(YEARS.format(year=year, now=now))
    migrations.execute(db, ONCE, ONCE)
