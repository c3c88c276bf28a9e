"""Rules of the house that no single room could hold."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "locks").glob("*.txt"))
ADDRESS = re.compile(r"https?://|\b(index|registry|mirror)\b", re.IGNORECASE)


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_has_its_line_in_the_readme():
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", readme(), re.MULTILINE))
    assert documented == {field.name.upper() for field in dataclasses.fields(Settings)}


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_python_lock_names_no_host_and_hashes_everything(path: Path):
    text = path.read_text()
    assert not ADDRESS.search(text)
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]


def test_the_npm_lock_names_no_host_and_hashes_everything():
    packages = json.loads((ROOT / "admin/frontend/package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package.get("integrity"), name


def test_the_test_lock_holds_the_run_lock():
    """Else what is tested is not what runs."""
    pins = {path.stem: set(re.findall(r"^(\S+==\S+)", path.read_text(), re.MULTILINE)) for path in LOCKS}
    assert pins["run"] <= pins["test"]


def untranslated() -> list[str]:
    with (ROOT / "admin/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    done = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id
        and not message.fuzzy
        and (message.string if isinstance(message.id, str) else all(message.string))
    }
    missing = []
    for folder, method in (
        (ROOT / "admin", "**.py"),
        (ROOT / "reports", "**.py"),
        (ROOT / "admin/templates", "**.html"),
    ):
        reader = "python" if method.endswith("py") else "jinja2"
        for file, line, text, _comments, _context in extract_from_dir(
            folder,
            [(method, reader)],
            keywords={"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)},
            directory_filter=lambda path: "node_modules" not in path,
        ):
            first = text if isinstance(text, str) else text[0]
            if first not in done:
                missing.append(f"{folder.name}/{file}:{line}: {first}")
    return missing


def test_every_text_of_the_program_has_its_english():
    assert untranslated() == []
