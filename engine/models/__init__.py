"""Tables, constraints, state words and their transitions. Importing the package imports every model."""

from __future__ import annotations

import importlib
import pkgutil

from engine.models.base import Model

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

_by_name: dict[str, type[Model]] = {}
for _model in Model.__subclasses__():
    if _model.model_name() in _by_name:
        raise RuntimeError(f"two models of one name: {_model.model_name()}")
    _by_name[_model.model_name()] = _model


def all_models() -> list[type[Model]]:
    """Every table of the program."""
    return list(_by_name.values())


def by_name(name: str) -> type[Model]:
    """The model of a snake-case name, as diagrams write it in `qh:on` and `qh:subject`. Raises KeyError."""
    return _by_name[name]
