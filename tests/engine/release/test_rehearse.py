"""Scenarios are run as written, tell what went otherwise, and say what they have not covered."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import catalog, clock, db
from engine.models.workflow import ProcessInstance
from engine.release import ScenarioResult, coverage, rehearse
from engine.release.commands import check_paths, deploy_path, export_path, run_paths
from tests.engine.catalog.diagrams import Diagram, form

PATH = "processes/demo/demo.bpmn"
SCENARIOS = "processes/demo/demo.scenarios.yaml"


def demo() -> Diagram:
    """A form, a choice, a reminder that does not interrupt, an end after three days, and an act."""
    d = Diagram().start(start="办理", by="学校").user("ask", form="demo/ask").xor("gate", default="no")
    d.end("yes_end").end("no_end").end("late_end").end("told").end("gone")
    d.path("begin", "ask", "gate").flow("gate", "yes_end", "yes", 'answer = "yes"').flow(
        "gate", "no_end", "no"
    )
    d.timer("late", "ask", "P3D").flow("late", "late_end")
    d.timer("remind", "ask", "P1D", cancel=False, notify="remind").flow("remind", "told")
    return d.act("withdraw", "ask", action="撤回", by="学校").flow("withdraw", "gone")


def content(text: str, diagram: Diagram | None = None, **files: bytes) -> dict[str, bytes]:
    notices = "remind: {to: [学校], subject: 提醒, body: 请办理}"
    return {
        PATH: (diagram or demo()).xml(),
        "forms/demo/ask.form": form(answer=["yes", "no"], amount="number"),
        "processes/demo/demo.notices.yaml": notices.encode(),
        SCENARIOS: text.encode(),
        **files,
    }


def run(text: str, diagram: Diagram | None = None) -> list[ScenarioResult]:
    return rehearse(content(text, diagram), "demo")


def one(steps: str, start: str = "{}") -> ScenarioResult:
    return run(f"scenarios:\n  - name: 一\n    start: {start}\n    steps:\n{steps}")[0]


def said(result: ScenarioResult) -> str:
    failed = [step for step in result.steps if not step.passed]
    assert len(failed) == 1
    assert failed[0].problem is not None
    return failed[0].problem.zh


def test_a_case_goes_as_written() -> None:
    result = one(
        "      - expect: {open: [ask], actions: [withdraw], state: running}\n"
        "      - complete: ask\n        with: {answer: 'yes', amount: 5}\n"
        "      - expect: {ended: yes_end, state: completed, answer: 'yes', amount: 5}\n"
    )
    assert [step.problem for step in result.steps if not step.passed] == []
    assert result.ended == "yes_end"
    assert result.trail == ("begin", "ask", "gate", "yes_end")


def test_what_is_otherwise_is_told_with_its_line() -> None:
    result = one("      - complete: ask\n        with: {answer: 'no'}\n      - expect: {ended: yes_end}\n")
    assert not result.passed
    assert said(result) == "结束在应是yes_end，实际是no_end"
    assert result.steps[-1].line == 7
    assert result.file == SCENARIOS


def test_steps_after_a_failed_one_are_not_run() -> None:
    result = one("      - complete: nobody\n      - complete: ask\n")
    assert len(result.steps) == 2
    assert "现在能办的" in said(result)


def test_missing_answers_are_made_up() -> None:
    assert one("      - complete: ask\n      - expect: {state: completed}\n").passed


def test_an_act_is_pressed() -> None:
    assert one("      - act: withdraw\n      - expect: {ended: gone}\n").passed


def test_timers_fire_each_at_its_moment() -> None:
    result = one(
        "      - after: PT23H\n      - expect: {notified: [], open: [ask]}\n"
        "      - after: P1D\n      - expect: {notified: [remind], open: [ask]}\n"
        "      - after: P5D\n      - expect: {notified: [], ended: late_end}\n"
    )
    assert [step.problem for step in result.steps if not step.passed] == []


def test_the_clock_moves_to_a_moment_of_the_office() -> None:
    result = run(
        "now: 2026-05-04T09:00\nscenarios:\n  - name: 一\n    steps:\n"
        "      - at: 2026-05-07T08:59\n      - expect: {state: running}\n"
        "      - at: 2026-05-07T09:01\n      - expect: {state: completed}\n"
    )[0]
    assert [step.problem for step in result.steps if not step.passed] == []


@pytest.mark.parametrize("step", ["after: 3天", "after: -P1D", "at: gestern", "at: 2020-01-01T09:00"])
def test_time_is_written_so_that_it_can_be_read(step: str) -> None:
    assert said(one(f"      - {step}\n"))


def test_a_step_that_must_be_refused_is() -> None:
    result = one("      - refuse: ask\n        with: {amount: 很多}\n        says: amount\n")
    assert [step.problem for step in result.steps if not step.passed] == []


def test_a_step_that_was_not_refused_is_told_and_undone() -> None:
    result = one("      - refuse: ask\n")
    assert said(result) == "应被拒绝，却办成了。"


def test_a_refusal_with_other_words_is_told() -> None:
    result = one("      - refuse: ask\n        with: {amount: 很多}\n        says: 没有钱\n")
    assert "提示是" in said(result)


def test_a_missing_answer_can_be_what_is_refused() -> None:
    result = one("      - refuse: ask\n        with: {answer: 'yes'}\n        says: amount\n")
    assert [step.problem for step in result.steps if not step.passed] == []


def test_someone_else_may_not() -> None:
    result = one("      - refuse: ask\n        by: 毕业生\n      - complete: ask\n")
    assert [step.problem for step in result.steps if not step.passed] == []


def test_two_reviewers_are_two_people() -> None:
    d = Diagram().start(start="办理", by="学校").user("first").user("second", distinct="first").end()
    d.path("begin", "first", "second", "done")
    text = (
        "scenarios:\n  - name: 一\n    steps:\n      - complete: first\n"
        "      - refuse: second\n        says: 另一位同事\n"
        "      - complete: second\n        as: 同事\n      - expect: {ended: done}\n"
    )
    result = rehearse({PATH: d.xml(), SCENARIOS: text.encode()}, "demo")[0]
    assert [step.problem for step in result.steps if not step.passed] == []


def test_chinese_keys_are_read() -> None:
    text = "场景:\n  - 名称: 一\n    步骤:\n      - 办理: ask\n        填写: {answer: 'yes'}\n      - 应当: {ended: yes_end}\n"
    assert run(text)[0].passed


def test_a_start_may_have_to_be_refused() -> None:
    result = one("      []\n", start="{by: 毕业生, says: 没有找到}")
    assert result.passed


def test_a_draft_that_breaks_the_engine_is_a_result() -> None:
    d = (
        Diagram()
        .start(start="办理", by="学校")
        .service("do", "nobody.knows")
        .end()
        .path("begin", "do", "done")
    )
    result = run("scenarios:\n  - name: 一\n", d)[0]
    assert not result.passed
    assert said(result)


def test_scenarios_that_cannot_be_read_are_a_result() -> None:
    result = run("scenarios: 5")[0]
    assert not result.passed


def test_scenarios_touch_no_other_database(sqlite: str) -> None:
    one("      - complete: ask\n")
    assert ProcessInstance.select().count() == 0
    assert not db.is_scratch()
    assert catalog.live_all() == []
    with pytest.raises(RuntimeError):
        clock.move(clock.now())


def test_only_those_asked_for_are_run() -> None:
    text = "scenarios:\n  - name: 一\n  - name: 二\n"
    assert [r.name for r in rehearse(content(text), "demo", names=["二"])] == ["二"]


def test_what_no_scenario_takes_is_said() -> None:
    text = "scenarios:\n  - name: 一\n    steps:\n      - complete: ask\n        with: {answer: 'yes'}\n"
    files = content(text)
    covered = coverage(files, "demo", rehearse(files, "demo"))
    assert covered.flows == {"begin_to_ask", "ask_to_gate", "yes"}
    assert {"no", "late_to_late_end"} <= covered.flows_not_taken
    assert "no_end" in covered.nodes_not_taken


# ── commands ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = "scenarios:\n  - name: 一\n    steps:\n      - complete: ask\n        with: {answer: 'yes'}\n"
    catalog.write_folder(tmp_path, content(text))
    return tmp_path


def test_check_tells_findings_below_a_path_and_fails_on_errors(folder: Path) -> None:
    lines: list[str] = []
    assert check_paths([folder / "processes"], lines.append) == 0
    assert lines[-1].startswith("0 处错误")
    (folder / "forms/demo/ask.form").write_text("{")
    lines.clear()
    assert check_paths([folder / "processes"], lines.append) == 0
    assert check_paths([folder], lines.append) == 1
    assert any("forms/demo/ask.form" in line for line in lines)


def test_test_tells_what_failed_and_what_was_not_covered(folder: Path) -> None:
    lines: list[str] = []
    assert run_paths([folder], lines.append) == 0
    assert lines[0] == "demo · 一: 通过"
    assert "late_to_late_end" in lines[-1]
    text = "scenarios:\n  - name: 一\n    steps:\n      - expect: {open: []}\n"
    (folder / SCENARIOS).write_text(text)
    lines.clear()
    assert run_paths([folder], lines.append) == 1
    assert any("等着办的环节应是没有，实际是" in line for line in lines)


def test_deploy_and_export_go_round(folder: Path, sqlite: str, tmp_path: Path) -> None:
    lines: list[str] = []
    assert deploy_path(folder, lines.append) == 0
    assert lines == ["演示 第1版"]
    assert deploy_path(folder, lines.append) == 0
    assert lines[-1] == "没有变化，未部署"
    target = tmp_path / "out"
    target.mkdir()
    export_path(target, lines.append)
    assert catalog.read_folder(target) == catalog.read_folder(folder)


def test_deploy_refuses_what_has_errors(folder: Path, sqlite: str) -> None:
    (folder / "forms/demo/ask.form").write_text("{")
    lines: list[str] = []
    assert deploy_path(folder, lines.append) == 1
    assert "[form.wrong]" in lines[0]


def test_notices_and_people_may_be_listed_with_commas() -> None:
    """As the checker reads them, so the case does."""
    d = (
        Diagram()
        .start(start="办理", by="学校，学院")
        .user("ask", notify="remind, again")
        .user("look", distinct="ask， begin")
    )
    d.end().path("begin", "ask", "look", "done")
    text = """scenarios:
  - name: 两个人
    start: {by: 学校}
    steps:
      - complete: ask
      - refuse: look
      - complete: look
        as: 同事
      - expect: {ended: done}
"""
    notices = "remind: {to: [学校], subject: 提醒, body: 请办理}\nagain: {to: [学校], subject: 再提醒, body: 请办理}"
    files = {**content(text, d), "processes/demo/demo.notices.yaml": notices.encode()}
    results = rehearse(files, "demo")
    assert [str(step.problem) for result in results for step in result.steps if not step.passed] == []
