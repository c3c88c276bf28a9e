"""Who sits where, and what a role may: a colleague is seated at a role of a party, the queue comes by itself."""

from __future__ import annotations

from typing import Any

import peewee
from flask import abort, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from admin import door
from admin.crud import forms
from admin.crud.base import TWICE, QihangModelView
from admin.door import actor
from engine import catalog, db
from engine.catalog.references import words
from engine.errors import Sentence
from engine.models.base import Model
from engine.models.organisations import PARTY_MODELS
from engine.models.people import Account, AuditEntry, Membership, Queue, Role
from engine.models.workflow import ProcessInstance

RIGHT = "studio"


class MembershipView(QihangModelView):
    """The table's screens; a new seat is asked for by role and party."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """First the role (a link each), then who, and at which party."""
        if not self.may("create"):
            abort(403)
        role = Role.get_or_none(Role.id == door.row_id(request.args.get("role")))
        if role is None:
            return self.render("admin/membership/roles.html", roles=list(Role.select().order_by(Role.id)))
        form, problem = self._form(role), None
        if forms.was_submitted() and form.validate():
            try:
                made = _seated(form, role)
            except peewee.IntegrityError:
                problem = TWICE
            else:
                door.toast(
                    _("已新增：%(row)s", row=_("%(who)s，%(seat)s", who=made.account, seat=made.queue))
                )
                return redirect(self.row_url(made))
        body = self.render("admin/membership/new.html", form=form, role=role, problem=problem)
        return (body, 422) if form.errors or problem else body

    def _form(self, role: Role) -> Form:
        party = PARTY_MODELS.get(role.party_kind)
        fields: dict[str, Any] = {"account": _entity(Account)}
        if party is not None:
            fields["party"] = _entity(party)
        form: Form = type("SeatForm", (Form,), fields)(request.form if forms.was_submitted() else None)
        for field in form:
            field.bind(actor(), self.get_url("lookup.rows", model=field.model.model_name()))
        return form


def _entity(model: type[Model]) -> Any:
    return forms.EntityField(model.label.text(door.locale()), [forms.EntityNeeded()], model=model)


def _seated(form: Form, role: Role) -> Membership:
    """The seat. Raises IntegrityError where the account sits there already."""
    party = form["party"].row if "party" in form else None
    with db.step():
        queue = Queue.of(role.name, role.party_kind, party.get_id() if party is not None else 0)
        made: Membership = Membership.create(account=form["account"].row, queue=queue)
        AuditEntry.write(
            actor(), "create", made, account=["", str(made.account)], queue=["", str(made.queue)]
        )
    return made


class RoleView(QihangModelView):
    """The table's screens, with the rights as ticks; a role that flows name keeps its name and kind."""

    def create_form(self, obj: Any = None) -> Form:
        return self._with_rights(super().create_form(obj), [])

    def edit_form(self, obj: Any = None) -> Form:
        return self._with_rights(super().edit_form(obj), obj.rights)

    def _with_rights(self, form: Form, held: Any) -> Form:
        field = SelectMultipleField(
            _l("流程设计的权限"),
            description=_l("勾了的业务或流程，这个角色的人可以改并发布。只对学校和省中心的角色有用。"),
            choices=_rights(held),
        ).bind(form=form, name="rights", _meta=form.meta)
        field.process(request.form if forms.was_submitted() else None, held if isinstance(held, list) else [])
        form._fields["rights"] = field
        return form

    def update_row(self, form: Form, row: Model) -> Sentence | None:
        before = Role.get_by_id(row.get_id())
        if before.name != form["name"].data or before.party_kind != form["party_kind"].data:
            named = flows_naming(before.name)
            if named:
                return NAMED.format(name=before.name, flows="、".join(named))
        return super().update_row(form, row)


NAMED = Sentence(
    "流程还在用“{name}”这个角色，名称和所属类别不能改：{flows}。先在流程设计里换掉它。",
    "Flows still name the role {name}, so its name and kind cannot change: {flows}. Change the flows first.",
)


def flows_naming(role: str) -> list[str]:
    """The flows, live or with running cases, of which a lane, a start or an act, or a notice names the role."""
    found = set()
    running = (
        ProcessInstance.select(ProcessInstance.definition)
        .where(ProcessInstance.state == "running")
        .distinct()
    )
    kept = [catalog.load(row.definition_id) for row in running]
    for definition in {one.id: one for one in (*catalog.live_all(), *kept)}.values():
        lanes = set(definition.content.lanes)
        by = {name for node in definition.process.all_nodes() for name in words(node.ext.get("by"))}
        told = {name for notice in definition.notices.values() for name in notice.to}
        if role in lanes | by | told:
            found.add(definition.title(door.locale()))
    return sorted(found)


def _rights(held: Any) -> list[SelectChoice]:
    """Every area and every flow that is live, and what the role holds beside them."""
    live = catalog.live_all()
    areas = sorted({part for definition in live for part in definition.path.split("/")[1:-1]})
    known = {
        RIGHT: _("全部流程"),
        **{f"{RIGHT}:{area}": _("业务 %(area)s 的全部流程", area=area) for area in areas},
        **{f"{RIGHT}:{one.process_id}": one.title(door.locale()) for one in live},
    }
    others = [right for right in held if isinstance(right, str)] if isinstance(held, list) else []
    known |= {right: right for right in others if right not in known}
    return [SelectChoice(value, words) for value, words in known.items()]


__all__ = ["MembershipView", "RoleView", "flows_naming"]
