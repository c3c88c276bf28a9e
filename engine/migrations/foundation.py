"""Writes 0001_foundation.py from the models: `python -m engine.migrations.foundation`.

Only until the first release; from then on the schema moves by further files.
"""

from __future__ import annotations

import re
from pathlib import Path

from engine.migrations import FOLDER, ddl

_HEAD = '''\
"""The tables of the first release, as they were then. Written by engine.migrations.foundation."""

from __future__ import annotations

from typing import Any

from engine import migrations

'''

_FOOT = """

def up(migrator: Any, db: Any) -> None:
    migrations.execute(db, SQLITE, POSTGRES)
"""


def text() -> str:
    """The file as it should stand: every table but those that a later migration makes."""
    later = {
        name for path in FOLDER.glob("0*.py") for name in _made_by(path) if path.name > "0001_foundation.py"
    }
    tables = [model for model in ddl.every_table() if model._meta.table_name not in later]
    parts = (f'{kind.upper()} = """\n{ddl.laid_out(ddl.create(kind, tables))}"""\n' for kind in ddl.KINDS)
    return _HEAD + "\n".join(parts) + _FOOT


def _made_by(path: Path) -> list[str]:
    return re.findall(r'CREATE TABLE "(\w+)"', path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    (FOLDER / "0001_foundation.py").write_text(text(), encoding="utf-8")
