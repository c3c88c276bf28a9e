"""Messages in the house 站内消息: what happened, with a way to it."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import lazy_gettext as _l

from admin import door, paging
from admin.door import Answer, App, actor, page
from engine import clock, db
from engine.actors import Actor
from engine.models.workflow import Notification
from engine.runtime.inbox import COUNT_STOP

messages = Blueprint("messages", __name__, url_prefix="/messages")


@messages.get("/")
def index() -> Answer:
    """The newest first, by key. Opening the list does not read them."""
    found = paging.page_of(Notification.visible_to(actor()), [Notification.id], request.args)
    return page(
        "messages/list.html",
        rows=found.rows,
        prev_url=url_for("messages.index", before=found.before) if found.before else None,
        next_url=url_for("messages.index", after=found.after) if found.after else None,
        unread=unread(actor()),
    )


@messages.get("/<int:message_id>")
def show(message_id: int) -> Answer:
    """A message, read by being opened; it leads to its case."""
    message = Notification.fetch(actor(), message_id)
    if message.read_at is None:
        with db.step():
            Notification.update(read_at=clock.now()).where(Notification.id == message.id).execute()
    english = door.locale() == "en"
    return page(
        "messages/show.html",
        message=message,
        subject=(english and message.subject_en) or message.subject,
        body=(english and message.body_en) or message.body,
    )


@messages.post("/read")
def read() -> Answer:
    """Marks all as read."""
    with db.step():
        Notification.update(read_at=clock.now()).where(
            (Notification.account == actor().account_id) & Notification.read_at.is_null()
        ).execute()
    return redirect(url_for("messages.index"))


def unread(asks: Actor) -> int:
    """How many are unread; counting stops at 1000. One query."""
    mine = (
        Notification.select(Notification.id)
        .where((Notification.account == asks.account_id) & Notification.read_at.is_null())
        .limit(COUNT_STOP)
    )
    return int(mine.count())


def register(app: App) -> None:
    app.register_blueprint(messages)
    app.nav.add("", _l("消息"), "messages.index", icon="bell", order=30, count=unread)
