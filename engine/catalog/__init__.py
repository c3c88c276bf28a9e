"""Deployments: content read, checked, and kept as versions."""

from __future__ import annotations

from engine.catalog.check import check
from engine.catalog.definition import Content, Definition, content
from engine.catalog.deployments import (
    OperationsMissing,
    Shipped,
    body_of,
    check_operations,
    deploy,
    deploy_shipped,
    files_of,
    live,
    live_all,
    live_files,
    load,
    make_live,
    place,
    store,
    suspend,
)
from engine.catalog.expressions import compile_text, feel_text
from engine.catalog.files import (
    Files,
    content_root,
    known_path,
    manifest_digest,
    manifest_of,
    process_ids,
    read_folder,
    write_folder,
)
from engine.catalog.findings import CODES, DeploymentRefused, Finding
from engine.catalog.known import Known, names_anywhere, names_at
from engine.catalog.library import register_document
from engine.catalog.references import closure, document_of
from engine.catalog.roles import BUILT_IN, SYSTEM_LANE, known_roles

__all__ = [
    "BUILT_IN",
    "CODES",
    "SYSTEM_LANE",
    "Content",
    "Definition",
    "DeploymentRefused",
    "Files",
    "Finding",
    "Known",
    "OperationsMissing",
    "Shipped",
    "body_of",
    "check",
    "check_operations",
    "closure",
    "compile_text",
    "content",
    "content_root",
    "deploy",
    "deploy_shipped",
    "document_of",
    "feel_text",
    "files_of",
    "known_path",
    "known_roles",
    "live",
    "live_all",
    "live_files",
    "load",
    "make_live",
    "manifest_digest",
    "manifest_of",
    "names_anywhere",
    "names_at",
    "place",
    "process_ids",
    "read_folder",
    "register_document",
    "store",
    "suspend",
    "write_folder",
]
