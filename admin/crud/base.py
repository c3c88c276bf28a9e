"""QihangModelView: list, search, filters, details, create, edit, delete and export of every table.

Flask-Admin gives the place (addresses, the view's life, actions); what is shown, asked and allowed comes from
the model itself and from `policy`. Rows are always those that the model lets the actor see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import peewee
from flask import abort, redirect, request
from flask_admin import expose
from flask_admin.contrib.peewee import ModelView
from flask_babel import gettext as _
from stdnum.exceptions import ValidationError as NumberInvalid
from werkzeug.datastructures import MultiDict
from wtforms import Form

from admin import door, facts, starts, texts
from admin.crud import columns, export, forms, policy
from admin.crud.listing import Listing, list_lookup
from admin.door import actor
from engine import db
from engine.errors import Refused, Sentence
from engine.models.base import Model
from engine.models.people import AuditEntry
from engine.models.workflow import CaseParty, ProcessInstance

REFERRED = Sentence(
    "还有别的记录用到它，不能删除。", "Other records still refer to this one, so it cannot be deleted."
)
IN_CASE = Sentence("有办理件用到它，不能删除。", "A case refers to this record, so it cannot be deleted.")
NOT_YOURS = Sentence(
    "这条记录不归你管，所以没有改动。请选自己学校的。",
    "This record is not yours to keep, so nothing was changed. Please choose your own school's.",
)


class QihangModelView(ModelView):
    """The screens of one table. Subclasses override what their table needs and nothing else."""

    simple_list_pager = True
    can_view_details = True
    can_export = True
    page_size = 50
    list_template = "admin/model/list.html"
    edit_template = "admin/model/edit.html"
    create_template = "admin/model/create.html"
    details_template = "admin/model/details.html"
    delete_template = "admin/model/delete.html"
    action_disallowed_list: ClassVar[list[str]] = ["delete"]
    model: type[Model]

    def __init__(self, model: type[Model], **options: Any) -> None:
        self.column_list = list(columns.listed(model))
        self.column_labels = {name: columns.label(model, name) for name in model.words}
        self.column_sortable_list = []
        name = model.model_name()
        options.setdefault("name", columns.lazy(model.label))
        options.setdefault("endpoint", f"crud_{name}")
        options.setdefault("url", f"/admin/{name}")
        super().__init__(model, **options)

    # ── who ──

    def is_accessible(self) -> bool:
        return policy.may(actor(), "see", self.model)

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Without Flask-Admin's second try after a TypeError, which hides where it came from."""
        return fn(self, *args, **kwargs)

    def may(self, act: str) -> bool:
        """Whether the actor may edit, create or delete here."""
        return policy.may(actor(), act, self.model)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return abort(403)

    def audit(self, action: str, row: Model | None, changed: dict[str, Any]) -> None:
        """A line of the audit log; called inside the step that it tells about."""
        AuditEntry.write(actor(), action, row, **changed)

    # ── what Flask-Admin builds at the start ──

    def scaffold_form(self) -> type[Form]:
        return Form  # the forms are made per kind of page, in `edit_form` and `create_form`

    def scaffold_filters(self, name: Any) -> None:
        return None

    def get_one(self, id: Any) -> Any:
        """The row, where the actor sees it; else the answer is 404."""
        number = door.row_id(id)
        return self.model.fetch(actor(), number) if number is not None else abort(404)

    # ── pages ──

    @expose("/")
    def index_view(self) -> Any:
        listing = Listing(self.model, actor(), request.args, self.page_size)
        return self.render(
            self.list_template,
            listing=listing,
            reader=columns.Reader(self.model, columns.listed(self.model), listing.rows),
            column_names=columns.listed(self.model),
            title_column=self.title_column(),
            state_column=self.state_column(),
            row_url=self.row_url,
            model=self.model,
        )

    def title_column(self) -> str:
        """The column that names a row: it is the card's title on a phone."""
        names = columns.listed(self.model)
        return next(
            (name for name in ("name", "caption", "number", "student", "login") if name in names), names[0]
        )

    def state_column(self) -> str | None:
        """The column that tells where a row stands."""
        names = columns.listed(self.model)
        return next((name for name in names if name.endswith(("state", "status"))), None)

    def row_url(self, row: Model) -> str:
        """Where a row's link leads."""
        return self.get_url(".details_view", id=row.get_id())

    @expose("/details/")
    def details_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        names = columns.shown(self.model)
        return self.render(
            self.details_template,
            row=row,
            model=self.model,
            facts=self.facts(row, names),
            offers=starts.offered(actor(), row),
            changes=self.changes(row),
            own_url=self.own_url(row),
            acts=self.acts(row),
        )

    def acts(self, row: Model) -> list[tuple[str, str]]:
        """What else this table's screens do with a row: (words, address)."""
        return []

    def own_url(self, row: Model) -> str | None:
        """The area's own page of the row, where it has one: what its sides see."""
        link = facts.panel(self.model.model_name()).link
        return link(row, actor()) if link is not None else None

    def facts(self, row: Model, names: Iterable[str]) -> list[facts.Fact]:
        """Columns of a row as facts."""
        reader = columns.Reader(self.model, names, [row])
        return [
            facts.Fact(columns.label(self.model, name), reader.cell(row, name), self._css(name))
            for name in names
        ]

    def _css(self, name: str) -> str:
        if name.endswith(("number", "code", "mobile", "phone")):
            return "code"
        return "num" if self.kind(name) in ("number", "date", "instant") else ""

    def kind(self, name: str) -> str:
        """The kind of a column, see `columns.kind`."""
        return columns.kind(self.model, name)

    def search_words(self) -> str:
        """What the search box says it finds."""
        names = [
            *self.model.search,
            *(n for n in self.model.masked if f"{n}_hash" in self.model._meta.fields),
        ]
        return texts.joined(str(columns.label(self.model, name)) for name in names)

    def changes(self, row: Model) -> list[dict[str, Any]]:
        """The last changes of the row that this screen made, newest first, for those who may make them."""
        if not self.may("edit"):
            return []
        entries = (
            AuditEntry.select()
            .where((AuditEntry.model == self.model.model_name()) & (AuditEntry.row_id == row.get_id()))
            .order_by(AuditEntry.id.desc())
            .limit(10)
        )
        entries = list(entries)
        who = columns.titles(AuditEntry.account.rel_model, {one.account_id for one in entries} - {None})
        return [
            {
                "at": one.at,
                "who": who.get(one.account_id, ""),
                "action": one.action,
                "detail": self._told(one.detail),
            }
            for one in entries
        ]

    def _told(self, detail: dict[str, Any]) -> list[tuple[Any, str, str]]:
        return [
            (columns.label(self.model, name), *pair)
            for name, pair in detail.items()
            if isinstance(pair, list) and len(pair) == 2
        ]

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.may("create"):
            abort(403)
        form, problem = self.create_form(), None
        if forms.was_submitted() and form.validate():
            row, problem = self.create_row(form)
            if row is not None:
                door.toast(_("已新增：%(row)s", row=str(row)))
                again = "_add_another" in request.form
                return redirect(self.get_url(".create_view") if again else self.row_url(row))
        return self._form_page(self.create_template, form, problem, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        row = self.get_one(request.args.get("id"))
        if not self.may("edit"):
            abort(403)
        form, problem = self.edit_form(row), None
        if forms.was_submitted() and form.validate():
            problem = self.update_row(form, row)
            if problem is None:
                door.toast(_("已保存：%(row)s", row=str(row)))
                stay = "_continue_editing" in request.form
                return redirect(self.get_url(".edit_view", id=row.get_id()) if stay else self.row_url(row))
            row = self.get_one(row.get_id())
        return self._form_page(self.edit_template, form, problem, row)

    def _form_page(self, template: str, form: Form, problem: Any, row: Model | None) -> Any:
        names = [] if row is None else [n for n in columns.shown(self.model) if n not in form._fields]
        body = self.render(
            template,
            form=form,
            problem=problem,
            row=row,
            model=self.model,
            facts=[] if row is None else self.facts(row, names),
            seen="" if row is None else forms.print_of(row, forms.editable(self.model)),
            changes=[] if row is None else self.changes(row),
        )
        return (body, 422) if problem or form.errors else body

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> Any:
        """A page that asks, and the deletion."""
        row = self.get_one(request.args.get("id"))
        if not self.may("delete"):
            abort(403)
        problem = self.delete_row(row) if forms.was_submitted() else None
        if forms.was_submitted() and problem is None:
            door.toast(_("已删除：%(row)s", row=str(row)))
            return redirect(self.get_url(".index_view"))
        body = self.render(self.delete_template, row=row, model=self.model, problem=problem)
        return (body, 422) if problem else body

    @expose("/lookup/<column>")
    def lookup(self, column: str) -> Any:
        """Rows that a column may refer to, for the combobox."""
        if column not in columns.shown(self.model) or columns.kind(self.model, column) != "relation":
            abort(404)
        related = self.model._meta.fields[column].rel_model
        return door.json_answer(list_lookup(related, actor(), request.args.get("q", "")))

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> Any:
        """The filtered list as a file; leaves a line in the audit log."""
        makers = {"csv": export.as_csv, "xlsx": export.as_xlsx}
        if export_type not in makers:
            abort(404)
        listing = Listing(self.model, actor(), request.args)
        with db.step():
            self.audit("export", None, {"model": self.model.model_name(), "query": self._asked(listing)})
        return makers[export_type](self.model, listing.query)

    def _asked(self, listing: Listing) -> dict[str, str]:
        """The conditions as the audit keeps them: what was searched for may be a personal number."""
        return {name: "*****" if name == "q" and self.model.masked else text for name, text in listing.kept}

    # ── forms and what they do ──

    def create_form(self, obj: Any = None) -> Form:
        names = forms.creatable(self.model)
        return self._bound(forms.form_class(self.model, names, new=True), {})

    def edit_form(self, obj: Any = None) -> Form:
        names = forms.editable(self.model)
        return self._bound(
            forms.form_class(self.model, names, new=False), forms.values_of(self.model, obj, names)
        )

    def _bound(self, form_class: type[Form], values: dict[str, Any]) -> Form:
        data: MultiDict[str, str] | None = request.form if forms.was_submitted() else None
        form = form_class(data, data=values)
        for field in form:
            if isinstance(field, forms.EntityField):
                field.bind(actor(), self.get_url(".lookup", column=field.name))
        return form

    def create_row(self, form: Form) -> tuple[Any, Sentence | None]:
        """The new row, or the sentence why there is none."""
        row = self.model()
        changed = forms.fill(self.model, row, form)
        problem = self._kept(form, lambda: self._save(row, "create", changed, new=True))
        return (row, None) if problem is None else (None, problem)

    def update_row(self, form: Form, row: Model) -> Sentence | None:
        """None where the change was written, else the sentence why not. Nothing changed is written nowhere."""

        def write() -> None:
            now = self.model.fetch(actor(), row.get_id())
            self._own(row)
            if request.form.get("seen") != forms.print_of(now, forms.editable(self.model)):
                raise Refused(CHANGED)
            changed = forms.fill(self.model, row, form)
            if changed:
                self._save(row, "update", changed, new=False)

        return self._kept(form, write)

    def _save(self, row: Model, action: str, changed: dict[str, tuple[Any, Any]], *, new: bool) -> None:
        row.save(force_insert=new)
        self._own(row)
        self.audit(action, row, forms.told(self.model, changed))

    def _own(self, row: Model) -> None:
        """Raises Refused where the row is not the actor's to change: before it is changed, and afterwards."""
        mine = self.model.changeable_by(actor()).where(self.model._meta.primary_key == row.get_id())
        if not mine.exists():
            raise Refused(NOT_YOURS)

    def _kept(self, form: Form, write: Callable[[], None]) -> Sentence | None:
        """Writes in one step; what a constraint or a check of numbers refuses becomes a sentence."""
        try:
            with db.step():
                write()
        except Refused as refused:
            return refused.sentence
        except NumberInvalid:
            name = next((one for one in ("id_number", "credit_code") if one in form._fields), None)
            if name is None:
                raise
            form[name].errors = [_("号码不对，请对照证件检查每一位。")]
            return None if not form.errors else ONE_WRONG
        except peewee.IntegrityError:
            return TWICE
        return None

    def delete_row(self, row: Model) -> Sentence | None:
        """None where the row is gone, else the sentence why it is not."""
        try:
            with db.step():
                self._own(row)
                if in_case(row):
                    return IN_CASE
                self.audit("delete", row, {"title": str(row)})
                row.delete_instance(recursive=False)
        except Refused as refused:
            return refused.sentence
        except peewee.IntegrityError:
            return REFERRED
        return None


CHANGED = Sentence(
    "你打开以后，别人改过这条记录，你的改动没有写入。现在显示的是你填的内容；核对后再按一次保存。",
    "Somebody changed this record after you opened it, so your change was not written. What you typed is still"
    " here; check it and save again.",
)
TWICE = Sentence(
    "已有一条这样的记录，没有保存。请检查名称和号码。",
    "There is such a record already. Check names and numbers.",
)
ONE_WRONG = Sentence("没有保存。", "Not saved.")


def in_case(row: Model) -> bool:
    """Whether a case is about the row, or has it for a party."""
    kind, key = row.model_name(), row.get_id()
    about = (ProcessInstance.subject_kind == kind) & (ProcessInstance.subject_id == key)
    party = (CaseParty.party_kind == kind) & (CaseParty.party_id == key)
    return ProcessInstance.select().where(about).exists() or CaseParty.select().where(party).exists()
