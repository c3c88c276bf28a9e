"""The program's texts, quickly: a page of the inbox says some two hundred.

The texts in the code are the Chinese ones, so in Chinese there is nothing to look up.
"""

from __future__ import annotations

from typing import Any

from flask_babel import get_translations

from admin import door
from admin.door import App


def gettext(text: str, **values: Any) -> str:
    """As flask_babel's."""
    found = text if door.locale() == "zh" else get_translations().ugettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """As flask_babel's; Chinese knows no plural."""
    found = many if door.locale() == "zh" else get_translations().ungettext(one, many, num)
    return found % {"num": num, **values}


def _in_template(text: str) -> str:
    return text if door.locale() == "zh" else str(get_translations().ugettext(text))


def _several_in_template(one: str, many: str, num: int) -> str:
    return many if door.locale() == "zh" else str(get_translations().ungettext(one, many, num))


def register(app: App) -> None:
    """Gives templates these. After flask_babel, whose own it replaces; `%` is applied by Jinja."""
    env: Any = app.jinja_env
    env.install_gettext_callables(_in_template, _several_in_template, newstyle=True)
