"""Which HTML a text that staff edit may hold: words and tables, nothing that loads, links or runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from engine.errors import Sentence

TAGS = frozenset(
    ("h1", "h2", "h3", "h4", "p", "div", "span", "br", "hr", "b", "strong", "i", "em", "u", "small", "sub", "sup",
     "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td")
)  # fmt: skip
ATTRIBUTES = frozenset({"class", "colspan", "rowspan"})

#: Jinja's own marks; a tag may stand inside them in a string, a value never makes a tag of its own.
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []

    def _wrong(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self._wrong(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES or "\x00" in (value or ""):
                self._wrong(f"<{tag} {name}>")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._wrong("<")

    def handle_comment(self, data: str) -> None:
        self._wrong("<!-- -->")

    def handle_decl(self, decl: str) -> None:
        self._wrong(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._wrong("<?")

    def unknown_decl(self, data: str) -> None:
        self._wrong("<![")


def problems(source: str) -> Iterator[tuple[int, Sentence]]:
    """Line and sentence of each piece of markup that may not be there."""
    reader = _Reader()
    # A value stands for a character that is no letter, so that a tag around it is seen as what it is.
    reader.feed(_JINJA.sub(lambda mark: "\x00" + "\n" * mark[0].count("\n"), source))
    reader.close()
    if reader.rawdata.strip():
        reader.found.append((source.count("\n") + 1, "<"))
    for line, what in reader.found:
        yield (
            line,
            Sentence(
                f"文书里不能用 {what}：只能用文字、标题、段落和表格。",
                f"{what} is not available: a document has words, headings, paragraphs and tables.",
            ),
        )
