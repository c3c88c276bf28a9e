"""Writes 0001_foundation.py from the models: `python -m engine.migrations.foundation`.

Only until the first release; from then on the schema moves by further files.
"""

from __future__ import annotations

from engine.migrations import FOLDER, ddl

_HEAD = '''\
"""The tables of the first release, as they were then. Written by engine.migrations.foundation."""
# ruff: noqa: E501 - a CHECK stands in the line of its column

from __future__ import annotations

from typing import Any

from engine import migrations

'''

_FOOT = """

def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
"""


def text() -> str:
    """The file as it should stand."""
    tables = ddl.every_table()
    parts = (f'{kind.upper()} = """\n{ddl.laid_out(ddl.create(kind, tables))}"""\n' for kind in ddl.KINDS)
    return _HEAD + "\n".join(parts) + _FOOT


if __name__ == "__main__":
    (FOLDER / "0001_foundation.py").write_text(text(), encoding="utf-8")
