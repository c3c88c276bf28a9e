"""Flask-Admin over every table that says who sees its rows; a new table appears here by itself."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from admin.crud import columns, policy
from admin.crud.accounts import AccountView
from admin.crud.base import QihangModelView
from admin.crud.lookup import lookup
from admin.crud.seats import MembershipView, RoleView
from admin.door import App
from engine import models
from engine.actors import Actor
from engine.models.base import Model
from engine.models.people import AuditEntry

#: Tables whose screens are more than the table.
VIEWS: dict[str, type[QihangModelView]] = {
    "account": AccountView,
    "membership": MembershipView,
    "role": RoleView,
}

__all__ = ["QihangModelView", "register"]


def shown_models() -> list[type[Model]]:
    """Tables that decide by themselves who sees their rows; of the others nobody sees any."""
    return [
        model
        for model in models.all_models()
        if "visible_to" in vars(model) and model.words and model.model_name() not in policy.ELSEWHERE
    ]


def register(app: App) -> None:
    app.register_blueprint(lookup)
    app.jinja_env.filters["audit_action"] = lambda action: columns.words(AuditEntry, "action", action)
    app.jinja_env.globals["one_of"] = columns.one_of
    app.nav.name_group("资料", _l("资料"))
    app.nav.name_group("管理", _l("管理"))
    for model in sorted(shown_models(), key=lambda model: policy.rule(model).order):
        view = VIEWS.get(model.model_name(), QihangModelView)(model)
        app.site.add_view(view)
        rule = policy.rule(model)

        def shown(actor: Actor, model: type[Model] = model) -> bool:
            return policy.may(actor, "see", model)

        app.nav.add(
            rule.group,
            columns.lazy(model.label),
            f"{view.endpoint}.index_view",
            icon=rule.icon,
            kinds=rule.see,
            order=rule.order,
            shown=shown,
        )
