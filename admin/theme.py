"""What templates say and draw with: states as chips, masked numbers, figures, deadlines, the kind of a field.

Days, instants and spans in words are `admin.texts`; addresses of files are `admin.answers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from admin import texts
from admin.door import locale, own_path, theme
from engine import catalog, clock, codes, db
from engine.models.people import Account, Role

STATIC = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600

#: What a state means to whoever does not have to act: the six meanings of look's chips, None for no chip.
#: A state that waits for somebody is `todo` to that party kind and `wait` to everybody else.
TONES: dict[str, Mapping[str, str | None]] = {
    "invitation_state": {
        "sent": "wait",
        "signed": "ok",
        "refused": "bad",
        "expired": "ended",
        "withdrawn": "ended",
        "failed": "ok",
        "void": "ok",
        "terminated": "ended",
    },
    "signing_audit_state": {"none": None, "passed": "ok", "failed": "bad"},
    "agreement_state": {
        "draft": None,
        "generated": "wait",
        "effective": "ok",
        "audit_failed": "bad",
        "void": "ended",
    },
    "employment_status": {"employed": "ok", "not_employed": None},
    "employer_account_state": {"pending": "wait", "passed": "ok", "failed": "bad", "disabled": "ended"},
    "case_state": {"running": "wait", "completed": "ok", "cancelled": "ended"},
    "task_state": {"open": "todo", "done": "ok", "cancelled": "ended"},
    "termination_state": {
        "waiting_other": "wait",
        "on_hold": "warn",
        "waiting_audit": "wait",
        "done": "ended",
        "failed": "bad",
        "withdrawn": "ended",
        "ended": "ended",
    },
    "incident_state": {"open": "bad", "closed": "ended"},
    "outbox_state": {"waiting": "wait", "done": "ok", "failed": "bad"},
}
WAITS_FOR: dict[tuple[str, str], str] = {
    ("invitation_state", "sent"): "student",
    ("agreement_state", "generated"): "school",
    ("termination_state", "waiting_audit"): "school",
    ("employer_account_state", "pending"): "province",
}


def tone(list_name: str, code: str, party_kind: str | None = None) -> str | None:
    """The chip class of a state for whoever looks; None where it is plain text."""
    if party_kind is not None and WAITS_FOR.get((list_name, code)) == party_kind:
        return "todo"
    return TONES.get(list_name, {}).get(code)


def code_name(code: Any, list_name: str) -> str:
    """The words of a code in the reader's language."""
    return codes.name(list_name, str(code), locale()) if code not in (None, "") else ""


def says(sentence: Any) -> str:
    """A Sentence in the reader's language; a str as it is."""
    return sentence.text(locale()) if hasattr(sentence, "text") else str(sentence)


#: What the trace tells of the flows that ship: stored in the office's words, said in the reader's.
OPERATIONS = (
    _l("发起邀约"),
    _l("修改邀约"),
    _l("撤回邀约"),
    _l("邀约过期"),
    _l("拒绝签约"),
    _l("同意邀约，生成协议书"),
    _l("签约鉴证通过"),
    _l("签约审核不通过"),
    _l("声明失效"),
    _l("提出解约"),
    _l("暂不处理"),
    _l("同意解约"),
    _l("撤回解约申请"),
    _l("协议书已失效，解约申请随之结束"),
    _l("解约审核通过"),
    _l("解约审核不通过"),
    _l("允许再解约一次"),
)


def operation_name(stored: str) -> str:
    """What was done, in the reader's language; as it was stored where no translation is known."""
    return _(stored) if stored else ""


def role_name(name: str) -> str:
    """A role in the reader's language. One query a page in English, none in Chinese."""
    if locale() != "en":
        return name
    if "role_names" not in g:
        g.role_names = dict(Role.select(Role.name, Role.name_en).tuples())
    return g.role_names.get(name) or name


def drawn_names(drawn: Any) -> dict[str, str]:
    """What a version (catalog.Definition, or the runtime.Diagram of a case) calls its elements in the reader's
    language, by id; {} where the names that are drawn are the reader's."""
    version = getattr(drawn, "definition", drawn)
    if locale() != "en" or not isinstance(version, catalog.Definition):
        return {}
    content = version.content
    system = {"系统": _("系统")}  # its lane is nobody's role
    roles = {x.id: system.get(x.name) or role_name(x.name) for x in content.process.lanes if x.name}
    words = {key: text for key, text in content.english.items() if "." not in key}
    return {**roles, **words, content.process_id: version.title("en")}


# ── numbers and days in the forms the office uses ──────────────────────────────────────────────────


def money(value: Any) -> str:
    """4800 → 4,800."""
    return "" if value is None else f"{value:,}"


def dots(at: date | None) -> str:
    """2026.9.8, as signing lists write days (no leading zero)."""
    return "" if at is None else f"{at.year}.{at.month}.{at.day}"


def stamp(at: datetime | date | None) -> str:
    """2026-09-18 11:16 at the office; a day without a time."""
    if at is None:
        return ""
    if isinstance(at, datetime):
        return f"{at.astimezone(clock.office_zone()):%Y-%m-%d %H:%M}"
    return f"{at:%Y-%m-%d}"


def last_moment(day: date) -> str:
    """The last minute of a day: 11 月 21 日 23:59."""
    return _("%(day)s 23:59", day=texts.day(day))


def left(until: datetime | None) -> str:
    """How long is left until an instant: 还有 4 天."""
    if until is None:
        return ""
    rest = until - clock.now()
    if rest <= timedelta(0):
        return _("已过期")
    return _("还有 %(span)s", span=texts.span(rest))


def waited(since: datetime | None) -> str:
    """How long something has waited, in days; 今天 on the first."""
    if since is None:
        return ""
    days = (clock.today() - clock.office_date(since)).days
    return _("今天") if days < 1 else ngettext("%(num)s 天", "%(num)s 天", days)


def urgency(due: datetime | None) -> str:
    """The group of a task in the inbox: over, today, week or later."""
    if due is None:
        return "later"
    if due <= clock.now():
        return "over"
    days = (clock.office_date(due - timedelta(seconds=1)) - clock.today()).days
    return "today" if days < 1 else "week" if days < 7 else "later"


def size(count: int) -> str:
    """Bytes in the unit people use: 1.2 MB."""
    for unit, step in (("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


# ── what lists may show of a person (actors-and-screens 1.2) ───────────────────────────────────────


def mask(value: str | None, kind: str) -> str:
    """A personal number or address as lists show it; `kind` is id_number, mobile or email."""
    if not value:
        return ""
    if kind == "id_number":
        return f"{value[:6]}*****{value[-4:]}" if len(value) > 10 else "*****"
    if kind == "mobile":
        return f"{value[:3]}****{value[-4:]}" if len(value) > 7 else "****"
    name, at, domain = value.partition("@")
    return f"{name[: 3 if len(name) > 3 else 1]}***{at}{domain}"


def initial(name: str | None) -> str:
    """The character in the round mark before a person."""
    return (name or " ").strip()[:1]


# ── fields ─────────────────────────────────────────────────────────────────────────────────────────

_KINDS = {
    "TextAreaField": "textarea",
    "IntegerField": "number",
    "DecimalField": "number",
    "FloatField": "number",
    "DateField": "datetime",
    "TimeField": "datetime",
    "DateTimeField": "datetime",
    "DateTimeLocalField": "datetime",
    "BooleanField": "checkbox",
    "SelectMultipleField": "checklist",
    "RadioField": "radio",
    "SelectField": "select",
    "FormField": "group",
    "FileField": "upload",
    "MultipleFileField": "upload",
    "PasswordField": "password",
    "HiddenField": "hidden",
    "CSRFTokenField": "hidden",
}
_SUBTYPES = {"DateField": "date", "TimeField": "time"}


def field_kind(field: Any) -> str:
    """The kind of a field: what it says itself, else what its class tells."""
    kind = getattr(field, "kind", None)
    if kind:
        return str(kind)
    if getattr(field.widget, "input_type", None) == "hidden":
        return "hidden"
    return next(
        (_KINDS[base.__name__] for base in type(field).__mro__ if base.__name__ in _KINDS), "textfield"
    )


def date_subtype(field: Any) -> str:
    """date, time or datetime."""
    said = getattr(field, "subtype", None)
    return said or _SUBTYPES.get(type(field).__name__, "datetime")


def field_value(field: Any) -> str:
    """What the control shows: what was typed, else the data. A date-time is the office's."""
    kind = field_kind(field)
    typed = getattr(field, "raw_data", None)
    if kind == "datetime" and not typed:
        return _date_value(field.data, date_subtype(field))
    value = field._value() if hasattr(field, "_value") else field.data
    return "" if value is None else str(value)


def _date_value(value: Any, subtype: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        local = value.astimezone(clock.office_zone()) if value.tzinfo else value
        return f"{local:%Y-%m-%d}" if subtype == "date" else f"{local:%Y-%m-%dT%H:%M}"
    return f"{value:%H:%M}" if subtype == "time" else str(value)


def control_attributes(field: Any, css: str = "input", **extra: Any) -> Markup:
    """The attributes every control bears: id, name, class, its hint and error, and the field's own `render_kw`."""
    own = dict(field.render_kw or {})
    described = [f"{field.id}-hint"] * bool(field.description) + [f"{field.id}-error"] * bool(field.errors)
    values = {
        "id": field.id,
        "name": field.name,
        "class": f"{css} {own.pop('class', '')}".strip(),
        "aria-describedby": " ".join(described) or None,
        "aria-invalid": "true" if field.errors else None,
        **{name.replace("_", "-"): value for name, value in (own | extra).items()},
    }
    parts = [name if value is True else Markup('{}="{}"').format(name, value)
             for name, value in values.items() if value is not None and value is not False]  # fmt: skip
    return Markup(" ").join(parts)


def parts_of(form: Any) -> list[Any]:
    """The fields of a form or of a group; of a form that a file declares also those that are hidden now."""
    flow = getattr(form, "form", form)
    if hasattr(form, "spec") and getattr(form, "kind", None) == "group":
        return [form._form.component(item) for item in form.spec.items]
    if hasattr(flow, "component"):
        return [flow.component(item) for item in flow.spec.items]
    return list(flow)


def all_errors(form: Any) -> list[tuple[str, str, str]]:
    """Every error of a form with the field it belongs to: (id, label, sentence), in the order of the page."""
    found: list[tuple[str, str, str]] = []
    for field in parts_of(form):
        if field_kind(field) == "group":
            found += all_errors(field)
        elif field.errors and not getattr(field, "hidden", False):
            found += [(field.id, str(field.label.text), says(error)) for error in _flat(field.errors)]
    return found


def errors_of(field: Any) -> list[str]:
    """What is wrong with one field, in the reader's language, whatever kind of text its validator left."""
    return [says(error) for error in _flat(field.errors)]


def form_errors(form: Any) -> list[str]:
    """What is wrong with a form as a whole."""
    flow = getattr(form, "form", form)
    return [says(error) for error in getattr(flow, "form_errors", None) or ()]


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, Mapping):
        return [one for part in errors.values() for one in _flat(part)]
    return [one for part in errors for one in (_flat(part) if isinstance(part, list | tuple) else [part])]


# ── the switches of language and theme ─────────────────────────────────────────────────────────────

look = Blueprint("look", __name__)


@look.post("/preferences")
def preferences() -> Response:
    """Keeps the language or the theme in a cookie and goes back to where it was asked.

    Who is signed in has the language kept with the account too: mails are written in it.
    """
    answer = redirect(own_path(request.form.get("next"), "/"))
    for name, allowed in (("theme", ("auto", "light", "dark")), ("lang", ("zh", "en"))):
        value = request.form.get(name)
        if value in allowed:
            answer.set_cookie(
                name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
            )
    language = request.form.get("lang")
    if language in ("zh", "en") and g.get("actor") is not None:
        with db.step():
            Account.update(locale=language).where(Account.id == g.actor.account_id).execute()
    return answer


preferences.is_public = True  # type: ignore[attr-defined]


def register(app: Flask) -> None:
    """The filters and functions of the templates, and the switches."""
    app.jinja_env.filters.update(
        code_name=code_name,
        says=says,
        money=money,
        dots=dots,
        stamp=stamp,
        last_moment=last_moment,
        left=left,
        waited=waited,
        size=size,
        mask=mask,
        initial=initial,
        due=texts.due,
        operation_name=operation_name,
        role_name=role_name,
        drawn_names=drawn_names,
    )
    app.jinja_env.globals.update(
        tone=tone,
        field_kind=field_kind,
        date_subtype=date_subtype,
        field_value=field_value,
        all_errors=all_errors,
        errors_of=errors_of,
        parts_of=parts_of,
        form_errors=form_errors,
        control_attributes=control_attributes,
        look_theme=theme,  # Flask-Admin's views call their Theme object `theme`
        urgency=urgency,
    )
    app.register_blueprint(look)
