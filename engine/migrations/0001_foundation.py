"""The tables of the first release, as they were then. Written by engine.migrations.foundation."""

from __future__ import annotations

from typing import Any

from engine import migrations

SQLITE = """
CREATE TABLE "account" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "login" VARCHAR(50) NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(200) NOT NULL,
    "active" INTEGER NOT NULL,
    "locale" VARCHAR(5) NOT NULL,
    "epoch" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "locked_until" INTEGER,
    "last_sign_in" INTEGER,
    "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "account_login" ON "account" ("login");
CREATE TABLE "school" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "code" VARCHAR(5) NOT NULL
        CHECK (length(code) = 5),
    "contact" VARCHAR(50) NOT NULL,
    "phone" VARCHAR(30) NOT NULL,
    "postcode" VARCHAR(6) NOT NULL,
    "agreement_address" VARCHAR(200) NOT NULL
);
CREATE UNIQUE INDEX "school_name" ON "school" ("name");
CREATE UNIQUE INDEX "school_code" ON "school" ("code");
CREATE TABLE "employer" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "credit_code" VARCHAR(18) NOT NULL,
    "unit_nature" VARCHAR(20) NOT NULL,
    "unit_industry" VARCHAR(20) NOT NULL,
    "region" VARCHAR(100) NOT NULL,
    "address" VARCHAR(200) NOT NULL,
    "postcode" VARCHAR(6) NOT NULL,
    "contact" VARCHAR(50) NOT NULL,
    "mobile" BLOB NOT NULL,
    "phone" VARCHAR(30) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "introduction" TEXT NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('pending', 'passed', 'failed', 'disabled')),
    "on_watch_list" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "employer_one_per_credit_code" ON "employer" ("credit_code")
    WHERE ("state" IN ('pending', 'passed', 'disabled'));
CREATE UNIQUE INDEX "employer_one_per_name" ON "employer" ("name")
    WHERE ("state" IN ('pending', 'passed', 'disabled'));
CREATE TABLE "college" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "college_school_id" ON "college" ("school_id");
CREATE UNIQUE INDEX "college_school_id_name" ON "college" ("school_id", "name");
CREATE TABLE "school_class" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "college_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "graduation_year" INTEGER NOT NULL,
    FOREIGN KEY ("college_id") REFERENCES "college" ("id") ON DELETE RESTRICT
);
CREATE INDEX "school_class_college_id" ON "school_class" ("college_id");
CREATE UNIQUE INDEX "school_class_college_id_name" ON "school_class" ("college_id", "name");
CREATE TABLE "major" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "college_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "code" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("college_id") REFERENCES "college" ("id") ON DELETE RESTRICT
);
CREATE INDEX "major_college_id" ON "major" ("college_id");
CREATE UNIQUE INDEX "major_college_id_name" ON "major" ("college_id", "name");
CREATE TABLE "student" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    "major_id" INTEGER NOT NULL,
    "major_direction" VARCHAR(100) NOT NULL,
    "student_number" VARCHAR(20) NOT NULL,
    "candidate_number" VARCHAR(20) NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    "gender" VARCHAR(20) NOT NULL,
    "ethnic_group" VARCHAR(20) NOT NULL,
    "political_status" VARCHAR(20) NOT NULL,
    "training_mode" VARCHAR(20) NOT NULL,
    "contract_dissolved" INTEGER NOT NULL,
    "schooling_years" INTEGER NOT NULL,
    "education_level" VARCHAR(20) NOT NULL,
    "graduation_year" INTEGER NOT NULL,
    "graduation_month" VARCHAR(6) NOT NULL,
    "id_number" BLOB NOT NULL,
    "id_number_hash" VARCHAR(32) NOT NULL,
    "origin_region" VARCHAR(100) NOT NULL,
    "mobile" BLOB NOT NULL,
    "mobile_hash" VARCHAR(32) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "qq" VARCHAR(20) NOT NULL,
    "home_address" VARCHAR(200) NOT NULL,
    "home_postcode" VARCHAR(6) NOT NULL,
    "home_phone" VARCHAR(30) NOT NULL,
    "home_contact" VARCHAR(50) NOT NULL,
    "specialties" VARCHAR(200) NOT NULL,
    "employment_status" VARCHAR(20) NOT NULL
        CHECK (employment_status IN ('not_employed', 'employed')),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("major_id") REFERENCES "major" ("id") ON DELETE RESTRICT
);
CREATE INDEX "student_school_id" ON "student" ("school_id");
CREATE INDEX "student_school_class_id" ON "student" ("school_class_id");
CREATE INDEX "student_major_id" ON "student" ("major_id");
CREATE UNIQUE INDEX "student_school_id_student_number" ON "student" ("school_id", "student_number");
CREATE INDEX "student_school_id_graduation_year_name" ON "student" ("school_id", "graduation_year", "name");
CREATE INDEX "student_by_id_number" ON "student" ("id_number_hash");
CREATE INDEX "student_by_mobile" ON "student" ("mobile_hash");
CREATE INDEX "student_by_number" ON "student" ("student_number");
CREATE INDEX "student_by_name" ON "student" ("name");
CREATE TABLE "invitation" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "employer_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "position" VARCHAR(50) NOT NULL,
    "position_category" VARCHAR(20) NOT NULL,
    "work_place" VARCHAR(100) NOT NULL,
    "probation_pay" INTEGER NOT NULL
        CHECK (probation_pay >= 0),
    "regular_pay" INTEGER NOT NULL
        CHECK (regular_pay >= 0),
    "archive_route" VARCHAR(20) NOT NULL,
    "branch_office" INTEGER NOT NULL,
    "archive_address" VARCHAR(200) NOT NULL,
    "household_address" VARCHAR(200) NOT NULL,
    "takes_party_relation" INTEGER NOT NULL,
    "party_relation_unit" VARCHAR(200) NOT NULL,
    "agreed_matters" TEXT NOT NULL,
    "answer_days" INTEGER NOT NULL
        CHECK (answer_days >= 1),
    "invited_on" DATE NOT NULL,
    "expires_on" DATE NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('sent', 'signed', 'refused', 'expired', 'withdrawn', 'failed', 'void', 'terminated')),
    "refusal_reason" VARCHAR(200) NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT
);
CREATE INDEX "invitation_school_id" ON "invitation" ("school_id");
CREATE INDEX "invitation_employer_id" ON "invitation" ("employer_id");
CREATE INDEX "invitation_student_id" ON "invitation" ("student_id");
CREATE INDEX "invitation_employer_id_invited_on_id" ON "invitation" ("employer_id", "invited_on", "id");
CREATE INDEX "invitation_student_id_invited_on_id" ON "invitation" ("student_id", "invited_on", "id");
CREATE UNIQUE INDEX "invitation_one_standing_per_pair" ON "invitation" ("employer_id", "student_id")
    WHERE ("state" IN ('sent', 'signed'));
CREATE TABLE "agreement" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "invitation_id" INTEGER,
    "student_id" INTEGER NOT NULL,
    "employer_id" INTEGER,
    "channel" VARCHAR(20) NOT NULL,
    "number" VARCHAR(16) NOT NULL
        CHECK (length(number) = 16),
    "school_number" VARCHAR(20) NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('draft', 'generated', 'effective', 'audit_failed', 'void')),
    "position" VARCHAR(50) NOT NULL,
    "probation_pay" INTEGER NOT NULL,
    "regular_pay" INTEGER NOT NULL,
    "printed" BLOB NOT NULL,
    "signed_at" INTEGER NOT NULL,
    "decided_at" INTEGER,
    "reason" VARCHAR(200) NOT NULL,
    "void_at" INTEGER,
    "void_kind" VARCHAR(20) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("invitation_id") REFERENCES "invitation" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "agreement_school_id" ON "agreement" ("school_id");
CREATE UNIQUE INDEX "agreement_invitation_id" ON "agreement" ("invitation_id");
CREATE INDEX "agreement_student_id" ON "agreement" ("student_id");
CREATE INDEX "agreement_employer_id" ON "agreement" ("employer_id");
CREATE UNIQUE INDEX "agreement_number" ON "agreement" ("number");
CREATE INDEX "agreement_school_id_state_id" ON "agreement" ("school_id", "state", "id");
CREATE INDEX "agreement_employer_id_id" ON "agreement" ("employer_id", "id");
CREATE UNIQUE INDEX "agreement_one_binding_per_student" ON "agreement" ("student_id")
    WHERE ("state" IN ('generated', 'effective'));
CREATE INDEX "agreement_by_student" ON "agreement" ("student_id", "id");
CREATE TABLE "agreement_serial" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "year" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "last" INTEGER NOT NULL
        CHECK (last <= 99999),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "agreement_serial_school_id" ON "agreement_serial" ("school_id");
CREATE UNIQUE INDEX "agreement_serial_year_school_id_level" ON "agreement_serial" ("year", "school_id", "level");
CREATE TABLE "attachment" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "subject_kind" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "kind" VARCHAR(30) NOT NULL,
    "sha" VARCHAR(64) NOT NULL,
    "file_name" VARCHAR(200) NOT NULL,
    "media_type" VARCHAR(60) NOT NULL,
    "size" INTEGER NOT NULL,
    "account_id" INTEGER,
    "at" INTEGER NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "attachment_subject_kind_subject_id_kind" ON "attachment" ("subject_kind", "subject_id", "kind");
CREATE TABLE "audit_entry" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "account_id" INTEGER,
    "action" VARCHAR(30) NOT NULL,
    "model" VARCHAR(40) NOT NULL,
    "row_id" INTEGER,
    "detail" TEXT NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "audit_entry_at" ON "audit_entry" ("at");
CREATE INDEX "audit_entry_account_id" ON "audit_entry" ("account_id");
CREATE TABLE "deployment" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "school_id" INTEGER,
    "source" VARCHAR(10) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "author_id" INTEGER,
    "manifest" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "created_at" INTEGER NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("author_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "deployment_school_id" ON "deployment" ("school_id");
CREATE INDEX "deployment_author_id" ON "deployment" ("author_id");
CREATE INDEX "deployment_digest" ON "deployment" ("digest");
CREATE TABLE "process_definition" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "process_id" VARCHAR(60) NOT NULL,
    "school_id" INTEGER,
    "version" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "name_en" VARCHAR(100) NOT NULL,
    "deployment_id" INTEGER NOT NULL,
    "path" VARCHAR(200) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "live" INTEGER NOT NULL,
    "suspended" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("deployment_id") REFERENCES "deployment" ("id") ON DELETE RESTRICT
);
CREATE INDEX "process_definition_school_id" ON "process_definition" ("school_id");
CREATE INDEX "process_definition_deployment_id" ON "process_definition" ("deployment_id");
CREATE UNIQUE INDEX "process_definition_process_id_version" ON "process_definition" ("process_id", "version");
CREATE UNIQUE INDEX "process_definition_one_live" ON "process_definition" ("process_id")
    WHERE "live";
CREATE TABLE "process_instance" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "definition_id" INTEGER NOT NULL,
    "subject_kind" VARCHAR(40),
    "subject_id" INTEGER,
    "caption" VARCHAR(200) NOT NULL,
    "business_key" VARCHAR(60),
    "start_key" VARCHAR(80),
    "state" VARCHAR(10) NOT NULL
        CHECK (state IN ('running', 'completed', 'cancelled')),
    "revision" INTEGER NOT NULL,
    "due_at" INTEGER,
    "position" BLOB,
    "variables" TEXT,
    "end_node" VARCHAR(60),
    "started_by_id" INTEGER,
    "started_at" INTEGER NOT NULL,
    "ended_at" INTEGER,
    FOREIGN KEY ("definition_id") REFERENCES "process_definition" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("started_by_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "process_instance_running_by_definition" ON "process_instance" ("definition_id")
    WHERE ("state" = 'running');
CREATE INDEX "process_instance_by_subject" ON "process_instance" ("subject_kind", "subject_id")
    WHERE ("subject_id" IS NOT NULL);
CREATE INDEX "process_instance_due" ON "process_instance" ("due_at")
    WHERE ("due_at" IS NOT NULL);
CREATE UNIQUE INDEX "process_instance_one_per_start_key" ON "process_instance" ("start_key")
    WHERE ("start_key" IS NOT NULL);
CREATE INDEX "process_instance_by_starter" ON "process_instance" ("started_by_id", "id");
CREATE TABLE "case_party" (
    "instance_id" INTEGER NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL,
    "party_id" INTEGER NOT NULL,
    PRIMARY KEY ("party_kind", "party_id", "instance_id"),
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX "case_party_by_instance" ON "case_party" ("instance_id");
CREATE TABLE "content" (
    "sha" VARCHAR(64) NOT NULL PRIMARY KEY,
    "body" BLOB NOT NULL
);
CREATE TABLE "history_event" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "instance_id" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "node_id" VARCHAR(60),
    "account_id" INTEGER,
    "role" VARCHAR(30),
    "operation" VARCHAR(60),
    "remark" BLOB,
    "submission" BLOB,
    "way" TEXT,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "history_event_instance_id" ON "history_event" ("instance_id");
CREATE TABLE "huey_counter" (
    "queue" VARCHAR(20) NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "value" INTEGER NOT NULL,
    PRIMARY KEY ("queue", "key")
);
CREATE TABLE "huey_kv" (
    "queue" VARCHAR(20) NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "value" BLOB NOT NULL,
    PRIMARY KEY ("queue", "key")
);
CREATE TABLE "huey_schedule" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "queue" VARCHAR(20) NOT NULL,
    "data" BLOB NOT NULL,
    "timestamp" INTEGER NOT NULL
);
CREATE TABLE "huey_task" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "queue" VARCHAR(20) NOT NULL,
    "data" BLOB NOT NULL,
    "priority" REAL NOT NULL
);
CREATE INDEX "huey_task_next" ON "huey_task" ("priority" DESC, "id");
CREATE TABLE "incident" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "instance_id" INTEGER,
    "at" INTEGER NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "node_id" VARCHAR(60),
    "problem" TEXT NOT NULL,
    "detail" BLOB NOT NULL,
    "retry" BLOB NOT NULL,
    "tries" INTEGER NOT NULL,
    "state" VARCHAR(8) NOT NULL,
    "account_id" INTEGER,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "incident_instance_id" ON "incident" ("instance_id");
CREATE INDEX "incident_state" ON "incident" ("state");
CREATE TABLE "role" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" VARCHAR(30) NOT NULL,
    "name_en" VARCHAR(50) NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL
        CHECK (party_kind IN ('student', 'employer', 'school_class', 'college', 'school', 'province', 'system')),
    "rights" TEXT NOT NULL
);
CREATE UNIQUE INDEX "role_name" ON "role" ("name");
CREATE TABLE "queue" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "role_id" INTEGER NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL,
    "party_id" INTEGER NOT NULL,
    FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE RESTRICT
);
CREATE INDEX "queue_role_id" ON "queue" ("role_id");
CREATE UNIQUE INDEX "queue_role_id_party_kind_party_id" ON "queue" ("role_id", "party_kind", "party_id");
CREATE TABLE "membership" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "queue_id" INTEGER NOT NULL,
    "since" INTEGER NOT NULL,
    "until" INTEGER,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("queue_id") REFERENCES "queue" ("id") ON DELETE CASCADE
);
CREATE INDEX "membership_account_id" ON "membership" ("account_id");
CREATE UNIQUE INDEX "membership_one_open_seat" ON "membership" ("account_id", "queue_id")
    WHERE ("until" IS NULL);
CREATE INDEX "membership_by_queue" ON "membership" ("queue_id");
CREATE TABLE "notification" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "instance_id" INTEGER,
    "subject" VARCHAR(200) NOT NULL,
    "body" BLOB NOT NULL,
    "subject_en" VARCHAR(200) NOT NULL,
    "body_en" BLOB NOT NULL,
    "at" INTEGER NOT NULL,
    "read_at" INTEGER,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
);
CREATE INDEX "notification_instance_id" ON "notification" ("instance_id");
CREATE INDEX "notification_by_account" ON "notification" ("account_id", "id");
CREATE INDEX "notification_unread" ON "notification" ("account_id")
    WHERE ("read_at" IS NULL);
CREATE TABLE "outbox" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "job" VARCHAR(40) NOT NULL,
    "key" VARCHAR(120) NOT NULL,
    "payload" BLOB NOT NULL,
    "instance_id" INTEGER,
    "state" VARCHAR(8) NOT NULL
        CHECK (state IN ('waiting', 'done', 'failed')),
    "tries" INTEGER NOT NULL,
    "next_at" INTEGER NOT NULL,
    "progress" INTEGER NOT NULL,
    "error" VARCHAR(500) NOT NULL,
    "created_at" INTEGER NOT NULL,
    "done_at" INTEGER,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "outbox_key" ON "outbox" ("key");
CREATE INDEX "outbox_instance_id" ON "outbox" ("instance_id");
CREATE INDEX "outbox_waiting" ON "outbox" ("next_at", "id")
    WHERE ("state" = 'waiting');
CREATE TABLE "process_draft" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "process_id" VARCHAR(60) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "source" VARCHAR(10) NOT NULL
        CHECK (source IN ('studio', 'shipped')),
    "state" VARCHAR(10) NOT NULL
        CHECK (state IN ('open', 'submitted', 'published', 'dropped')),
    "base_id" INTEGER,
    "manifest" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "revision" INTEGER NOT NULL,
    "author_id" INTEGER,
    "submitted_by_id" INTEGER,
    "editor_id" INTEGER,
    "edited_at" INTEGER,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    FOREIGN KEY ("base_id") REFERENCES "process_definition" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("author_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("submitted_by_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("editor_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "process_draft_base_id" ON "process_draft" ("base_id");
CREATE UNIQUE INDEX "process_draft_one_open_per_source" ON "process_draft" ("process_id", "source")
    WHERE ("state" IN ('open', 'submitted'));
CREATE TABLE "province" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL
);
CREATE UNIQUE INDEX "province_name" ON "province" ("name");
CREATE TABLE "send_list_entry" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "employer_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "added_at" INTEGER NOT NULL,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE
);
CREATE INDEX "send_list_entry_employer_id" ON "send_list_entry" ("employer_id");
CREATE INDEX "send_list_entry_student_id" ON "send_list_entry" ("student_id");
CREATE UNIQUE INDEX "send_list_entry_employer_id_student_id" ON "send_list_entry" ("employer_id", "student_id");
CREATE TABLE "throttle" (
    "key" VARCHAR(32) NOT NULL PRIMARY KEY,
    "tries" INTEGER NOT NULL,
    "until" INTEGER NOT NULL
);
CREATE INDEX "throttle_by_end" ON "throttle" ("until");
CREATE TABLE "user_task" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "instance_id" INTEGER NOT NULL,
    "kind" VARCHAR(6) NOT NULL
        CHECK (kind IN ('task', 'action')),
    "ref" VARCHAR(60) NOT NULL,
    "node_id" VARCHAR(60) NOT NULL,
    "queue_id" INTEGER,
    "assignee_id" INTEGER,
    "state" VARCHAR(9) NOT NULL
        CHECK (state IN ('open', 'done', 'cancelled')),
    "due_at" INTEGER NOT NULL,
    "opened_at" INTEGER NOT NULL,
    "closed_at" INTEGER,
    "closed_by_id" INTEGER,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("queue_id") REFERENCES "queue" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("assignee_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("closed_by_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "user_task_instance_id" ON "user_task" ("instance_id");
CREATE INDEX "user_task_claimable_by_due" ON "user_task" ("queue_id", "due_at", "id")
    WHERE ((("state" = 'open') AND ("kind" = 'task')) AND ("assignee_id" IS NULL));
CREATE INDEX "user_task_claimable" ON "user_task" ("queue_id", "id")
    WHERE ((("state" = 'open') AND ("kind" = 'task')) AND ("assignee_id" IS NULL));
CREATE INDEX "user_task_mine_by_due" ON "user_task" ("assignee_id", "due_at", "id")
    WHERE (("state" = 'open') AND ("kind" = 'task'));
CREATE INDEX "user_task_mine" ON "user_task" ("assignee_id", "id")
    WHERE (("state" = 'open') AND ("kind" = 'task'));
CREATE INDEX "user_task_done_by" ON "user_task" ("closed_by_id", "closed_at", "id")
    WHERE ("state" = 'done');
"""

POSTGRES = """
CREATE TABLE "account" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "login" VARCHAR(50) NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "password_hash" VARCHAR(200) NOT NULL,
    "active" BOOLEAN NOT NULL,
    "locale" VARCHAR(5) NOT NULL,
    "epoch" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "locked_until" BIGINT,
    "last_sign_in" BIGINT,
    "created_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "account_login" ON "account" ("login");
CREATE TABLE "school" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "code" VARCHAR(5) NOT NULL
        CHECK (length(code) = 5),
    "contact" VARCHAR(50) NOT NULL,
    "phone" VARCHAR(30) NOT NULL,
    "postcode" VARCHAR(6) NOT NULL,
    "agreement_address" VARCHAR(200) NOT NULL
);
CREATE UNIQUE INDEX "school_name" ON "school" ("name");
CREATE UNIQUE INDEX "school_code" ON "school" ("code");
CREATE TABLE "employer" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "credit_code" VARCHAR(18) NOT NULL,
    "unit_nature" VARCHAR(20) NOT NULL,
    "unit_industry" VARCHAR(20) NOT NULL,
    "region" VARCHAR(100) NOT NULL,
    "address" VARCHAR(200) NOT NULL,
    "postcode" VARCHAR(6) NOT NULL,
    "contact" VARCHAR(50) NOT NULL,
    "mobile" BYTEA NOT NULL,
    "phone" VARCHAR(30) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "introduction" TEXT NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('pending', 'passed', 'failed', 'disabled')),
    "on_watch_list" BOOLEAN NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "employer_one_per_credit_code" ON "employer" ("credit_code")
    WHERE ("state" IN ('pending', 'passed', 'disabled'));
CREATE UNIQUE INDEX "employer_one_per_name" ON "employer" ("name")
    WHERE ("state" IN ('pending', 'passed', 'disabled'));
CREATE TABLE "college" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "college_school_id" ON "college" ("school_id");
CREATE UNIQUE INDEX "college_school_id_name" ON "college" ("school_id", "name");
CREATE TABLE "school_class" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "college_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "graduation_year" INTEGER NOT NULL,
    FOREIGN KEY ("college_id") REFERENCES "college" ("id") ON DELETE RESTRICT
);
CREATE INDEX "school_class_college_id" ON "school_class" ("college_id");
CREATE UNIQUE INDEX "school_class_college_id_name" ON "school_class" ("college_id", "name");
CREATE TABLE "major" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "college_id" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "code" VARCHAR(10) NOT NULL,
    FOREIGN KEY ("college_id") REFERENCES "college" ("id") ON DELETE RESTRICT
);
CREATE INDEX "major_college_id" ON "major" ("college_id");
CREATE UNIQUE INDEX "major_college_id_name" ON "major" ("college_id", "name");
CREATE TABLE "student" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "school_class_id" INTEGER NOT NULL,
    "major_id" INTEGER NOT NULL,
    "major_direction" VARCHAR(100) NOT NULL,
    "student_number" VARCHAR(20) NOT NULL,
    "candidate_number" VARCHAR(20) NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    "gender" VARCHAR(20) NOT NULL,
    "ethnic_group" VARCHAR(20) NOT NULL,
    "political_status" VARCHAR(20) NOT NULL,
    "training_mode" VARCHAR(20) NOT NULL,
    "contract_dissolved" BOOLEAN NOT NULL,
    "schooling_years" INTEGER NOT NULL,
    "education_level" VARCHAR(20) NOT NULL,
    "graduation_year" INTEGER NOT NULL,
    "graduation_month" VARCHAR(6) NOT NULL,
    "id_number" BYTEA NOT NULL,
    "id_number_hash" VARCHAR(32) NOT NULL,
    "origin_region" VARCHAR(100) NOT NULL,
    "mobile" BYTEA NOT NULL,
    "mobile_hash" VARCHAR(32) NOT NULL,
    "email" VARCHAR(100) NOT NULL,
    "qq" VARCHAR(20) NOT NULL,
    "home_address" VARCHAR(200) NOT NULL,
    "home_postcode" VARCHAR(6) NOT NULL,
    "home_phone" VARCHAR(30) NOT NULL,
    "home_contact" VARCHAR(50) NOT NULL,
    "specialties" VARCHAR(200) NOT NULL,
    "employment_status" VARCHAR(20) NOT NULL
        CHECK (employment_status IN ('not_employed', 'employed')),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("school_class_id") REFERENCES "school_class" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("major_id") REFERENCES "major" ("id") ON DELETE RESTRICT
);
CREATE INDEX "student_school_id" ON "student" ("school_id");
CREATE INDEX "student_school_class_id" ON "student" ("school_class_id");
CREATE INDEX "student_major_id" ON "student" ("major_id");
CREATE UNIQUE INDEX "student_school_id_student_number" ON "student" ("school_id", "student_number");
CREATE INDEX "student_school_id_graduation_year_name" ON "student" ("school_id", "graduation_year", "name");
CREATE INDEX "student_by_id_number" ON "student" ("id_number_hash");
CREATE INDEX "student_by_mobile" ON "student" ("mobile_hash");
CREATE INDEX "student_by_number" ON "student" ("student_number");
CREATE INDEX "student_by_name" ON "student" ("name");
CREATE TABLE "invitation" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "employer_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "position" VARCHAR(50) NOT NULL,
    "position_category" VARCHAR(20) NOT NULL,
    "work_place" VARCHAR(100) NOT NULL,
    "probation_pay" INTEGER NOT NULL
        CHECK (probation_pay >= 0),
    "regular_pay" INTEGER NOT NULL
        CHECK (regular_pay >= 0),
    "archive_route" VARCHAR(20) NOT NULL,
    "branch_office" BOOLEAN NOT NULL,
    "archive_address" VARCHAR(200) NOT NULL,
    "household_address" VARCHAR(200) NOT NULL,
    "takes_party_relation" BOOLEAN NOT NULL,
    "party_relation_unit" VARCHAR(200) NOT NULL,
    "agreed_matters" TEXT NOT NULL,
    "answer_days" INTEGER NOT NULL
        CHECK (answer_days >= 1),
    "invited_on" DATE NOT NULL,
    "expires_on" DATE NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('sent', 'signed', 'refused', 'expired', 'withdrawn', 'failed', 'void', 'terminated')),
    "refusal_reason" VARCHAR(200) NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" BIGINT NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT
);
CREATE INDEX "invitation_school_id" ON "invitation" ("school_id");
CREATE INDEX "invitation_employer_id" ON "invitation" ("employer_id");
CREATE INDEX "invitation_student_id" ON "invitation" ("student_id");
CREATE INDEX "invitation_employer_id_invited_on_id" ON "invitation" ("employer_id", "invited_on", "id");
CREATE INDEX "invitation_student_id_invited_on_id" ON "invitation" ("student_id", "invited_on", "id");
CREATE UNIQUE INDEX "invitation_one_standing_per_pair" ON "invitation" ("employer_id", "student_id")
    WHERE ("state" IN ('sent', 'signed'));
CREATE TABLE "agreement" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER NOT NULL,
    "invitation_id" INTEGER,
    "student_id" INTEGER NOT NULL,
    "employer_id" INTEGER,
    "channel" VARCHAR(20) NOT NULL,
    "number" VARCHAR(16) NOT NULL
        CHECK (length(number) = 16),
    "school_number" VARCHAR(20) NOT NULL,
    "state" VARCHAR(20) NOT NULL
        CHECK (state IN ('draft', 'generated', 'effective', 'audit_failed', 'void')),
    "position" VARCHAR(50) NOT NULL,
    "probation_pay" INTEGER NOT NULL,
    "regular_pay" INTEGER NOT NULL,
    "printed" BYTEA NOT NULL,
    "signed_at" BIGINT NOT NULL,
    "decided_at" BIGINT,
    "reason" VARCHAR(200) NOT NULL,
    "void_at" BIGINT,
    "void_kind" VARCHAR(20) NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("invitation_id") REFERENCES "invitation" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE RESTRICT
);
CREATE INDEX "agreement_school_id" ON "agreement" ("school_id");
CREATE UNIQUE INDEX "agreement_invitation_id" ON "agreement" ("invitation_id");
CREATE INDEX "agreement_student_id" ON "agreement" ("student_id");
CREATE INDEX "agreement_employer_id" ON "agreement" ("employer_id");
CREATE UNIQUE INDEX "agreement_number" ON "agreement" ("number");
CREATE INDEX "agreement_school_id_state_id" ON "agreement" ("school_id", "state", "id");
CREATE INDEX "agreement_employer_id_id" ON "agreement" ("employer_id", "id");
CREATE UNIQUE INDEX "agreement_one_binding_per_student" ON "agreement" ("student_id")
    WHERE ("state" IN ('generated', 'effective'));
CREATE INDEX "agreement_by_student" ON "agreement" ("student_id", "id");
CREATE TABLE "agreement_serial" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "year" INTEGER NOT NULL,
    "school_id" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "last" INTEGER NOT NULL
        CHECK (last <= 99999),
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT
);
CREATE INDEX "agreement_serial_school_id" ON "agreement_serial" ("school_id");
CREATE UNIQUE INDEX "agreement_serial_year_school_id_level" ON "agreement_serial" ("year", "school_id", "level");
CREATE TABLE "attachment" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "subject_kind" VARCHAR(40) NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "kind" VARCHAR(30) NOT NULL,
    "sha" VARCHAR(64) NOT NULL,
    "file_name" VARCHAR(200) NOT NULL,
    "media_type" VARCHAR(60) NOT NULL,
    "size" INTEGER NOT NULL,
    "account_id" INTEGER,
    "at" BIGINT NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "attachment_subject_kind_subject_id_kind" ON "attachment" ("subject_kind", "subject_id", "kind");
CREATE TABLE "audit_entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "at" BIGINT NOT NULL,
    "account_id" INTEGER,
    "action" VARCHAR(30) NOT NULL,
    "model" VARCHAR(40) NOT NULL,
    "row_id" INTEGER,
    "detail" TEXT NOT NULL,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "audit_entry_at" ON "audit_entry" ("at");
CREATE INDEX "audit_entry_account_id" ON "audit_entry" ("account_id");
CREATE TABLE "deployment" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "school_id" INTEGER,
    "source" VARCHAR(10) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "author_id" INTEGER,
    "manifest" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "created_at" BIGINT NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("author_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "deployment_school_id" ON "deployment" ("school_id");
CREATE INDEX "deployment_author_id" ON "deployment" ("author_id");
CREATE INDEX "deployment_digest" ON "deployment" ("digest");
CREATE TABLE "process_definition" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "process_id" VARCHAR(60) NOT NULL,
    "school_id" INTEGER,
    "version" INTEGER NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "name_en" VARCHAR(100) NOT NULL,
    "deployment_id" INTEGER NOT NULL,
    "path" VARCHAR(200) NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "live" BOOLEAN NOT NULL,
    "suspended" BOOLEAN NOT NULL,
    "created_at" BIGINT NOT NULL,
    FOREIGN KEY ("school_id") REFERENCES "school" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("deployment_id") REFERENCES "deployment" ("id") ON DELETE RESTRICT
);
CREATE INDEX "process_definition_school_id" ON "process_definition" ("school_id");
CREATE INDEX "process_definition_deployment_id" ON "process_definition" ("deployment_id");
CREATE UNIQUE INDEX "process_definition_process_id_version" ON "process_definition" ("process_id", "version");
CREATE UNIQUE INDEX "process_definition_one_live" ON "process_definition" ("process_id")
    WHERE "live";
CREATE TABLE "process_instance" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "definition_id" INTEGER NOT NULL,
    "subject_kind" VARCHAR(40),
    "subject_id" INTEGER,
    "caption" VARCHAR(200) NOT NULL,
    "business_key" VARCHAR(60),
    "start_key" VARCHAR(80),
    "state" VARCHAR(10) NOT NULL
        CHECK (state IN ('running', 'completed', 'cancelled')),
    "revision" INTEGER NOT NULL,
    "due_at" BIGINT,
    "position" BYTEA,
    "variables" TEXT,
    "end_node" VARCHAR(60),
    "started_by_id" INTEGER,
    "started_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    FOREIGN KEY ("definition_id") REFERENCES "process_definition" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("started_by_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "process_instance_running_by_definition" ON "process_instance" ("definition_id")
    WHERE ("state" = 'running');
CREATE INDEX "process_instance_by_subject" ON "process_instance" ("subject_kind", "subject_id")
    WHERE ("subject_id" IS NOT NULL);
CREATE INDEX "process_instance_due" ON "process_instance" ("due_at")
    WHERE ("due_at" IS NOT NULL);
CREATE UNIQUE INDEX "process_instance_one_per_start_key" ON "process_instance" ("start_key")
    WHERE ("start_key" IS NOT NULL);
CREATE INDEX "process_instance_by_starter" ON "process_instance" ("started_by_id", "id");
CREATE TABLE "case_party" (
    "instance_id" INTEGER NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL,
    "party_id" INTEGER NOT NULL,
    PRIMARY KEY ("party_kind", "party_id", "instance_id"),
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
);
CREATE INDEX "case_party_by_instance" ON "case_party" ("instance_id");
CREATE TABLE "content" (
    "sha" VARCHAR(64) NOT NULL PRIMARY KEY,
    "body" BYTEA NOT NULL
);
CREATE TABLE "history_event" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "instance_id" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "kind" VARCHAR(8) NOT NULL,
    "node_id" VARCHAR(60),
    "account_id" INTEGER,
    "role" VARCHAR(30),
    "operation" VARCHAR(60),
    "remark" BYTEA,
    "submission" BYTEA,
    "way" TEXT,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "history_event_instance_id" ON "history_event" ("instance_id");
CREATE TABLE "huey_counter" (
    "queue" VARCHAR(20) NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "value" INTEGER NOT NULL,
    PRIMARY KEY ("queue", "key")
);
CREATE TABLE "huey_kv" (
    "queue" VARCHAR(20) NOT NULL,
    "key" VARCHAR(100) NOT NULL,
    "value" BYTEA NOT NULL,
    PRIMARY KEY ("queue", "key")
);
CREATE TABLE "huey_schedule" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "queue" VARCHAR(20) NOT NULL,
    "data" BYTEA NOT NULL,
    "timestamp" BIGINT NOT NULL
);
CREATE TABLE "huey_task" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "queue" VARCHAR(20) NOT NULL,
    "data" BYTEA NOT NULL,
    "priority" REAL NOT NULL
);
CREATE INDEX "huey_task_next" ON "huey_task" ("priority" DESC, "id");
CREATE TABLE "incident" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "instance_id" INTEGER,
    "at" BIGINT NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "node_id" VARCHAR(60),
    "problem" TEXT NOT NULL,
    "detail" BYTEA NOT NULL,
    "retry" BYTEA NOT NULL,
    "tries" INTEGER NOT NULL,
    "state" VARCHAR(8) NOT NULL,
    "account_id" INTEGER,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "incident_instance_id" ON "incident" ("instance_id");
CREATE INDEX "incident_state" ON "incident" ("state");
CREATE TABLE "role" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(30) NOT NULL,
    "name_en" VARCHAR(50) NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL
        CHECK (party_kind IN ('student', 'employer', 'school_class', 'college', 'school', 'province', 'system')),
    "rights" TEXT NOT NULL
);
CREATE UNIQUE INDEX "role_name" ON "role" ("name");
CREATE TABLE "queue" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "role_id" INTEGER NOT NULL,
    "party_kind" VARCHAR(20) NOT NULL,
    "party_id" INTEGER NOT NULL,
    FOREIGN KEY ("role_id") REFERENCES "role" ("id") ON DELETE RESTRICT
);
CREATE INDEX "queue_role_id" ON "queue" ("role_id");
CREATE UNIQUE INDEX "queue_role_id_party_kind_party_id" ON "queue" ("role_id", "party_kind", "party_id");
CREATE TABLE "membership" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "queue_id" INTEGER NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("queue_id") REFERENCES "queue" ("id") ON DELETE CASCADE
);
CREATE INDEX "membership_account_id" ON "membership" ("account_id");
CREATE UNIQUE INDEX "membership_one_open_seat" ON "membership" ("account_id", "queue_id")
    WHERE ("until" IS NULL);
CREATE INDEX "membership_by_queue" ON "membership" ("queue_id");
CREATE TABLE "notification" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "instance_id" INTEGER,
    "subject" VARCHAR(200) NOT NULL,
    "body" BYTEA NOT NULL,
    "subject_en" VARCHAR(200) NOT NULL,
    "body_en" BYTEA NOT NULL,
    "at" BIGINT NOT NULL,
    "read_at" BIGINT,
    FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
);
CREATE INDEX "notification_instance_id" ON "notification" ("instance_id");
CREATE INDEX "notification_by_account" ON "notification" ("account_id", "id");
CREATE INDEX "notification_unread" ON "notification" ("account_id")
    WHERE ("read_at" IS NULL);
CREATE TABLE "outbox" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "job" VARCHAR(40) NOT NULL,
    "key" VARCHAR(120) NOT NULL,
    "payload" BYTEA NOT NULL,
    "instance_id" INTEGER,
    "state" VARCHAR(8) NOT NULL
        CHECK (state IN ('waiting', 'done', 'failed')),
    "tries" INTEGER NOT NULL,
    "next_at" BIGINT NOT NULL,
    "progress" INTEGER NOT NULL,
    "error" VARCHAR(500) NOT NULL,
    "created_at" BIGINT NOT NULL,
    "done_at" BIGINT,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "outbox_key" ON "outbox" ("key");
CREATE INDEX "outbox_instance_id" ON "outbox" ("instance_id");
CREATE INDEX "outbox_waiting" ON "outbox" ("next_at", "id")
    WHERE ("state" = 'waiting');
CREATE TABLE "process_draft" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "process_id" VARCHAR(60) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "source" VARCHAR(10) NOT NULL
        CHECK (source IN ('studio', 'shipped')),
    "state" VARCHAR(10) NOT NULL
        CHECK (state IN ('open', 'submitted', 'published', 'dropped')),
    "base_id" INTEGER,
    "manifest" TEXT NOT NULL,
    "digest" VARCHAR(64) NOT NULL,
    "note" VARCHAR(500) NOT NULL,
    "revision" INTEGER NOT NULL,
    "author_id" INTEGER,
    "submitted_by_id" INTEGER,
    "editor_id" INTEGER,
    "edited_at" BIGINT,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    FOREIGN KEY ("base_id") REFERENCES "process_definition" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("author_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("submitted_by_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("editor_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "process_draft_base_id" ON "process_draft" ("base_id");
CREATE UNIQUE INDEX "process_draft_one_open_per_source" ON "process_draft" ("process_id", "source")
    WHERE ("state" IN ('open', 'submitted'));
CREATE TABLE "province" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL
);
CREATE UNIQUE INDEX "province_name" ON "province" ("name");
CREATE TABLE "send_list_entry" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "employer_id" INTEGER NOT NULL,
    "student_id" INTEGER NOT NULL,
    "added_at" BIGINT NOT NULL,
    FOREIGN KEY ("employer_id") REFERENCES "employer" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("student_id") REFERENCES "student" ("id") ON DELETE CASCADE
);
CREATE INDEX "send_list_entry_employer_id" ON "send_list_entry" ("employer_id");
CREATE INDEX "send_list_entry_student_id" ON "send_list_entry" ("student_id");
CREATE UNIQUE INDEX "send_list_entry_employer_id_student_id" ON "send_list_entry" ("employer_id", "student_id");
CREATE TABLE "throttle" (
    "key" VARCHAR(32) NOT NULL PRIMARY KEY,
    "tries" INTEGER NOT NULL,
    "until" BIGINT NOT NULL
);
CREATE INDEX "throttle_by_end" ON "throttle" ("until");
CREATE TABLE "user_task" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "instance_id" INTEGER NOT NULL,
    "kind" VARCHAR(6) NOT NULL
        CHECK (kind IN ('task', 'action')),
    "ref" VARCHAR(60) NOT NULL,
    "node_id" VARCHAR(60) NOT NULL,
    "queue_id" INTEGER,
    "assignee_id" INTEGER,
    "state" VARCHAR(9) NOT NULL
        CHECK (state IN ('open', 'done', 'cancelled')),
    "due_at" BIGINT NOT NULL,
    "opened_at" BIGINT NOT NULL,
    "closed_at" BIGINT,
    "closed_by_id" INTEGER,
    FOREIGN KEY ("instance_id") REFERENCES "process_instance" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("queue_id") REFERENCES "queue" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("assignee_id") REFERENCES "account" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("closed_by_id") REFERENCES "account" ("id") ON DELETE SET NULL
);
CREATE INDEX "user_task_instance_id" ON "user_task" ("instance_id");
CREATE INDEX "user_task_claimable_by_due" ON "user_task" ("queue_id", "due_at", "id")
    WHERE ((("state" = 'open') AND ("kind" = 'task')) AND ("assignee_id" IS NULL));
CREATE INDEX "user_task_claimable" ON "user_task" ("queue_id", "id")
    WHERE ((("state" = 'open') AND ("kind" = 'task')) AND ("assignee_id" IS NULL));
CREATE INDEX "user_task_mine_by_due" ON "user_task" ("assignee_id", "due_at", "id")
    WHERE (("state" = 'open') AND ("kind" = 'task'));
CREATE INDEX "user_task_mine" ON "user_task" ("assignee_id", "id")
    WHERE (("state" = 'open') AND ("kind" = 'task'));
CREATE INDEX "user_task_done_by" ON "user_task" ("closed_by_id", "closed_at", "id")
    WHERE ("state" = 'done');
"""


def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
