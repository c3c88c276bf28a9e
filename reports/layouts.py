"""The drawn forms of papers: our own Jinja files beside this module, not for staff to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

FOLDER = Path(__file__).with_name("layouts")

_environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def render(name: str, **values: Any) -> str:
    """A layout with its values; every value is escaped unless it is Markup."""
    return _environment.get_template(f"{name}.html").render(**values)


def part(name: str, **values: Any) -> Markup:
    """A piece of a layout, to be put into another."""
    return Markup(render(name, **values))


def upright(words: str) -> Markup:
    """Words from top to bottom, a character a line: the renderer knows no vertical writing."""
    return Markup("<br>").join(escape(letter) for letter in words)
