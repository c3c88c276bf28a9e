"""A first scenario for a flow that has none: the plain way through it, tried once and written down."""

from __future__ import annotations

from collections.abc import Mapping

from engine import catalog, clock, db, models
from engine.catalog import Content, Files
from engine.catalog.references import words
from engine.catalog.scenarios import Start, Step
from engine.errors import QihangError
from engine.release.course import Course
from engine.release.examples import moment
from engine.release.rehearse import DEFAULT_NOW, add_roles

_MOST_STEPS = 12
_HEAD = """\
# 发布前试走的情景：谁发起、谁办哪一步、之后应当怎样。每次发布之前都会在临时的数据库里从头走一遍。
# complete 办一步，act 按一个按钮，after 过一段时间（P5D 五天），refuse 应被拒绝，expect 之后应当怎样。
"""


def scenarios(files: Files, process_id: str, roles: Mapping[str, str] | None = None) -> bytes:
    """The text of a scenarios file: the way as far as it could be walked with plausible answers."""
    try:
        closed = {path: files[path] for path in catalog.closure(files, process_id)}
        content = catalog.content(process_id, closed)
    except (KeyError, QihangError, StopIteration):
        return f"{_HEAD}scenarios: []\n".encode()
    by = next(iter(words(content.start_node.ext.get("by"))), "")
    lines = _walked(closed, content, roles or {})
    steps = "    steps:\n" + "".join(f"      - {line}\n" for line in lines) if lines else ""
    start = f"{{by: {by}}}" if by else "{}"
    return f"{_HEAD}scenarios:\n  - name: 照常办完\n    start: {start}\n{steps}".encode()


def _walked(files: Files, content: Content, roles: Mapping[str, str]) -> list[str]:
    """The steps, and what is the case after them; none where the flow cannot begin yet."""
    found: list[str] = []
    with clock.frozen(moment(DEFAULT_NOW)), db.scratch(models.all_models()):
        try:
            catalog.place(files)
            add_roles(roles)
            course = Course(content.process_id, {})
            course.begin(Start(None, None, {}, None, 1))
        except Exception:  # what does not begin yet is written without steps
            return []
        while len(found) < _MOST_STEPS:
            tasks = course.open_tasks("task")
            if not tasks:
                break
            try:
                course.complete(Step("complete", tasks[0].node_id))
            except Exception:
                break
            found.append(f"complete: {tasks[0].node_id}")
        case = course.current()
        if case is not None and case.state != "running" and case.end_node:
            return [*found, f"expect: {{ended: {case.end_node}}}"]
        open_ = sorted(task.node_id for task in course.open_tasks("task"))
        return [*found, f"expect: {{open: [{', '.join(open_)}]}}"]
