"""`qihang doctor`: looks at what the program needs, by use, and says in a sentence what is missing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from admin import wiring
from engine import db, migrations
from engine.errors import QihangError
from engine.models.workflow import Incident, Outbox
from engine.settings import ROOT, Settings
from reports import pdf

Finding = tuple[bool, str]


def examine(settings: Settings) -> list[Finding]:
    """(holds, sentence) of each thing looked at."""
    return [
        *_database(settings),
        *_files(settings),
        *_papers(),
        *_frontend(),
        *_links(settings),
        *_mail(settings),
    ]


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        wiring.bind(settings)
        with db.connection():
            db.run_sql("SELECT 1").fetchone()
            kind = "PostgreSQL" if db.is_postgres() else "SQLite"
            yield True, f"database: {kind} answers"
            missing = migrations.pending()
            yield (
                not missing,
                "schema: up to date" if not missing else f"schema: run `qihang migrate` ({missing})",
            )
            if not missing:
                yield from _work()
    except (db.OperationalError, OSError) as error:
        yield False, f"database: {error}"


def _work() -> Iterator[Finding]:
    incidents = Incident.select().where(Incident.state == "open").count()
    yield not incidents, f"incidents: {incidents} open"
    failed = Outbox.select().where(Outbox.state == "failed").count()
    yield not failed, f"outbox: {failed} failed"


def _files(settings: Settings) -> Iterator[Finding]:
    folder = Path(urlsplit(settings.files_url).path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield False, f"files: {error}"
    else:
        yield True, f"files: {folder} can be written"


def _papers() -> Iterator[Finding]:
    try:
        made = pdf.render("<p>启航</p>")
    except (QihangError, OSError) as error:
        yield False, f"PDF: {error}"
    else:
        yield made.startswith(b"%PDF"), "PDF: the renderer works"
    finder = shutil.which("fc-list")
    fonts = (
        subprocess.run([finder, ":lang=zh-cn"], capture_output=True, check=False).stdout if finder else b""
    )
    yield (
        bool(fonts),
        "fonts: Chinese is there" if fonts else "fonts: no Chinese font; install fonts-noto-cjk",
    )


def _frontend() -> Iterator[Finding]:
    built = (ROOT / "admin" / "static" / "dist" / "manifest.json").exists()
    yield built, "frontend: built" if built else "frontend: run .ci/setup run"


def _links(settings: Settings) -> Iterator[Finding]:
    known = bool(settings.public_url) or settings.demo
    yield (
        known,
        "links: an address is known"
        if known
        else "links: set PUBLIC_URL; certificates with a QR code wait for it",
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    yield True, "mail: a server is set" if settings.smtp_url else "mail: SMTP_URL is empty, mails wait"
