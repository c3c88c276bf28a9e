"""What web, worker and commands alike do first: hand the settings to the engine and join its rooms."""

from __future__ import annotations

import logging

from engine import catalog, clock, db, files, jobs, notify, secrets
from engine.models.workflow import Outbox
from engine.settings import Settings
from reports import links, pdf, signing


def wire(settings: Settings) -> None:
    """Gives the engine what it was told. Steps and notices carry their outbox rows to the worker.

    The database is bound by `bind`, so that tests keep the one they have bound.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level="WARNING")
    logging.getLogger("qihang").setLevel(settings.log_level)
    clock.set_office_zone(settings.office_tz)
    secrets.configure(settings.data_keys)
    files.configure(settings.files_url)
    pdf.configure(settings.wkhtmltopdf)
    links.configure(
        settings.public_url or (f"http://{settings.host}:{settings.port}" if settings.demo else "")
    )
    notify.configure(settings)
    catalog.register_document("agreement", signing.TEXT_NAMES)
    catalog.document_of("agreement", "signing.generate_agreement")
    Outbox.carry = jobs.nudge


def bind(settings: Settings) -> None:
    """Binds the database of the settings, where none is bound yet."""
    if db.database.obj is None:
        db.connect(settings.database_url)
