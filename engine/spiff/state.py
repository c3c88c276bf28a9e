"""The stored form of a run: its tokens as positional rows (H2, H3, H6, H11). A BLOB, never JSONB.

    [format, last id, completed, end nodes, rows]
    row = [id, name of the element, state, data, children, rows of the level inside]    trailing nothings dropped

Elements are named, not numbered, so that a later release (or a new version of the diagram) finds them again.
Nothing finished is in it, and no value that somebody typed.
"""

from __future__ import annotations

from typing import Any

import orjson

from engine.errors import Sentence
from engine.spiff.errors import NotRunnable
from engine.spiff.mends import Inner, Instance, MultiInstance, Token

FORMAT = 1


def dump(instance: Instance, end_nodes: list[str]) -> bytes:
    """The bytes of a run that waits."""
    rows = [_row(token) for token in instance.task_tree.children]
    return orjson.dumps([FORMAT, instance.last_id, int(instance.completed), end_nodes, rows])


def _row(token: Token) -> list[Any]:
    inner = token.workflow.top_workflow.subprocesses.get(token.id)
    row = [
        token.id,
        token.task_spec.name,
        token.state,
        token.internal_data or 0,
        [_row(child) for child in token.children] if token._children else 0,
        [_row(child) for child in inner.task_tree.children] if inner is not None else 0,
    ]
    while row[-1] == 0:
        row.pop()
    return row


def load(instance: Instance, stored: bytes) -> list[str]:
    """Puts the stored tokens into a fresh instance; gives the ends that were reached. Raises NotRunnable where
    the bytes are of another format, or name an element that is not there."""
    found = orjson.loads(stored)
    if found[0] != FORMAT:
        raise NotRunnable(
            Sentence(f"办理位置的格式 {found[0]} 不能读。", f"Position of unknown format {found[0]}.")
        )
    _format, instance.last_id, completed, ends, rows = found
    instance.completed = bool(completed)
    for row in rows:
        _restore(instance.task_tree, row)
    return list(ends)


def _restore(parent: Token, row: list[Any]) -> None:
    level = parent.workflow
    spec = level.spec.task_specs.get(row[1])
    if spec is None:
        raise NotRunnable(Sentence(f"流程图里没有 {row[1]}。", f"The diagram has no element {row[1]}."))
    token = Token(level, spec, parent, id=row[0])
    if len(row) > 3 and row[3]:
        token.internal_data = row[3]
    if isinstance(parent.task_spec, MultiInstance) or isinstance(spec, MultiInstance):
        token.own_scope = parent.scope.inner(str(token.id))
    token._set_state(row[2])
    if len(row) > 4 and row[4]:
        for child in row[4]:
            _restore(token, child)
    if len(row) > 5:
        inner: Inner = level.top_workflow.create_subprocess(token, spec.spec)
        inner.scope = spec.found_scope(token)
        for child in row[5]:
            _restore(inner.task_tree, child)
