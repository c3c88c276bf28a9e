"""YAML that remembers on which line each mapping stands, so that a finding can say where."""

from __future__ import annotations

from typing import Any

import yaml

from engine.errors import QihangError, Sentence

_MAX_NODES = 20_000  # an anchor that is repeated a million times is no content file


class YamlUnreadable(QihangError):
    """A YAML file of the content does not parse, or is not what it should be. `line` is 1-based."""

    def __init__(self, sentence: Sentence, line: int | None = None, key: str = "") -> None:
        super().__init__(sentence)
        self.line = line
        self.key = key


class Mapped(dict[str, Any]):
    """A mapping of a YAML file; `line` is 1-based, `lines` those of its keys."""

    line: int = 1
    lines: dict[str, int]


class _Loader(yaml.SafeLoader):
    """Safe, without aliases, moments as they are written."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.count += 1
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not used here", event.start_mark
            )
        if self.count > _MAX_NODES:
            raise yaml.composer.ComposerError(None, None, "the file is too long", None)
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapped:
    made = Mapped()
    made.line = node.start_mark.line + 1
    made.lines = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"  # `on` is a key, not true
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", key_node.start_mark)
        made.lines[key] = key_node.start_mark.line + 1
        made[key] = loader.construct_object(value_node, deep=True)
    return made


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text)


def read_yaml(body: bytes) -> Any:
    """The content of a YAML file: mappings know their lines, dates stay text. Raises YamlUnreadable."""
    try:
        return yaml.load(body.decode("utf-8"), _Loader)
    except UnicodeDecodeError:
        raise YamlUnreadable(Sentence("文件不是 UTF-8 编码。", "The file is not UTF-8.")) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        raise YamlUnreadable(
            Sentence(f"YAML 写得不对：{problem}。", f"The YAML does not parse: {problem}."),
            None if mark is None else mark.line + 1,
        ) from None
