"""What the look forbids, read from the files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "admin/templates").rglob("*.html"))
TOKENS = (ROOT / "admin/static/css/tokens.css").read_text(encoding="utf-8")
STYLE = re.compile(r'\sstyle="([^"]*)"')


def test_the_two_dark_blocks_are_equal():
    """A media query and an attribute cannot share a block, so the dark theme stands twice."""
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\n\}', TOKENS, re.DOTALL)
    of_system = re.search(r':root\[data-theme="auto"\] \{(.*?)\n\} \}', TOKENS, re.DOTALL)
    assert chosen is not None
    assert of_system is not None
    assert chosen[1].split() == of_system[1].split()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "admin/templates")))
def test_a_template_sets_custom_properties_and_nothing_else(path: Path):
    """No colour, size or shadow of its own, no script of its own: the CSP refuses it."""
    text = path.read_text(encoding="utf-8")
    for style in STYLE.findall(text):
        for declaration in style.split(";"):
            assert not declaration.strip() or declaration.strip().startswith("--"), style
    assert not re.search(r"<style\b|\son[a-z]+=|javascript:|#[0-9A-Fa-f]{6}\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_a_template_uses_only_classes_that_the_tokens_know():
    known = set(re.findall(r"\.([a-z][\w-]*)", TOKENS))
    hooks = {"cond-panel", "panel-page", "go", "studio-editor", "studio-fallback", "studio-preview-links"}
    missing = {}
    for path in TEMPLATES:
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for value in re.findall(r'class="([^"{}]*)"', text):
            for name in value.split():
                if name not in known | hooks:
                    missing.setdefault(name, str(path.relative_to(ROOT)))
    assert missing == {}


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "admin/static/icons.svg").read_text(encoding="utf-8")))
    for path in [*TEMPLATES, *(ROOT / "admin").glob("*/*.py"), *(ROOT / "admin").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"""icon\('([\w-]+)'""", text)) | set(re.findall(r'icon="([\w-]+)"', text))
        assert named <= drawn, (path, named - drawn)


def test_chips_have_a_colour_of_the_six():
    from admin import theme

    meanings = {"todo", "wait", "ok", "warn", "bad", "ended", None}
    assert {tone for known in theme.TONES.values() for tone in known.values()} <= meanings


def test_every_state_of_a_list_has_its_meaning():
    from admin import theme
    from engine import codes

    for name, known in theme.TONES.items():
        if name in codes.lists():
            assert {code for code, _words in codes.choices(name)} <= set(known), name
