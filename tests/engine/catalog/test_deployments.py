"""Deployments are versions by content; what staff published stays as it was."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from engine import catalog, db
from engine.catalog import Definition, DeploymentRefused
from engine.catalog.deployments import OperationsMissing
from engine.errors import NotFound
from engine.models.drafts import ProcessDraft
from engine.models.people import AuditEntry
from engine.models.workflow import Content, Deployment, ProcessDefinition, ProcessInstance
from engine.operations import registry
from tests.engine.catalog.diagrams import Diagram, form

DEMO = "processes/demo/demo.bpmn"
OTHER = "processes/demo/other.bpmn"
ASK = "forms/demo/ask.form"


def process(process_id: str = "demo", name: str = "演示", use_form: bool = True) -> bytes:
    ext = {"form": "demo/ask"} if use_form else {}
    d = Diagram(process_id, name).start().user("ask", **ext).end()
    return d.path("begin", "ask", "done").xml()


def content(**changes: bytes) -> dict[str, bytes]:
    files = {DEMO: process(), OTHER: process("other", "另一个", use_form=False), ASK: form(a="textfield")}
    return {**files, **changes}


def versions(process_id: str = "demo") -> list[tuple[int, bool]]:
    query = ProcessDefinition.select().where(ProcessDefinition.process_id == process_id)
    return [(row.version, row.live) for row in query.order_by(ProcessDefinition.version)]


def test_it_makes_what_was_checked_live(database: str) -> None:
    deployment = catalog.deploy(content(), note="首次")
    assert deployment is not None
    assert versions("demo") == versions("other") == [(1, True)]
    demo = catalog.live("demo")
    assert (demo.version, demo.name, demo.suspended) == (1, "演示", False)
    assert demo.form("demo/ask").by_key["a"].kind == "textfield"
    assert [d.process_id for d in catalog.live_all()] == ["demo", "other"]


def test_the_same_content_again_is_no_new_version(sqlite: str) -> None:
    catalog.deploy(content())
    assert catalog.deploy(content()) is None
    assert versions() == [(1, True)]
    assert Deployment.select().count() == 1


def test_only_what_has_changed_gets_a_new_version(sqlite: str) -> None:
    catalog.deploy(content())
    catalog.deploy(content(**{OTHER: process("other", "改了名", use_form=False)}))
    assert versions("demo") == [(1, True)]
    assert versions("other") == [(1, False), (2, True)]


def test_a_changed_form_is_a_new_version_of_the_process_that_shows_it(sqlite: str) -> None:
    catalog.deploy(content())
    old = catalog.live("demo")
    catalog.deploy(content(**{ASK: form(a="textfield", b="number")}))
    assert versions("demo") == [(1, False), (2, True)]
    assert versions("other") == [(1, True)]
    assert "b" in catalog.live("demo").form("demo/ask").by_key
    assert "b" not in catalog.load(old.id).form("demo/ask").by_key


def test_content_with_an_error_changes_nothing(sqlite: str) -> None:
    catalog.deploy(content())
    broken = content(**{ASK: b"{", OTHER: process("other", "新", use_form=False)})
    with pytest.raises(DeploymentRefused) as refused:
        catalog.deploy(broken)
    assert {f.file for f in refused.value.findings if f.is_error} == {ASK}
    assert versions("other") == [(1, True)]


def test_a_warning_does_not_stop_it(sqlite: str) -> None:
    assert any(not f.is_error for f in catalog.check(content()))
    assert catalog.deploy(content()) is not None


def test_a_file_is_stored_once(sqlite: str) -> None:
    catalog.deploy(content())
    before = Content.select().count()
    catalog.deploy(content(**{OTHER: process("other", "新", use_form=False)}))
    assert Content.select().count() == before + 1


def test_it_is_written_down_who_published(sqlite: str) -> None:
    catalog.deploy(content(), note="首次")
    rows = list(AuditEntry.select().where(AuditEntry.action == "publish").order_by(AuditEntry.id))
    assert [row.detail["version"] for row in rows] == [1, 1]
    assert rows[0].detail["note"] == "首次"


def test_rolling_back_makes_an_old_version_live(sqlite: str) -> None:
    catalog.deploy(content())
    first = catalog.live("demo")
    catalog.deploy(content(**{ASK: form(b="number")}), source="studio")
    back = catalog.make_live(first.id, None, "发错了")
    assert back.version == 1
    assert versions() == [(1, True), (2, False)]


def test_what_was_rolled_back_can_be_published_again(sqlite: str) -> None:
    catalog.deploy(content())
    first = catalog.live("demo")
    second = content(**{ASK: form(b="number")})
    catalog.deploy(second, source="studio")
    catalog.make_live(first.id, None)
    catalog.deploy(second, source="studio")
    assert versions() == [(1, False), (2, False), (3, True)]


def test_an_unknown_version_is_not_found(sqlite: str) -> None:
    with pytest.raises(NotFound):
        catalog.load(4711)
    with pytest.raises(NotFound):
        catalog.live("nobody")


def test_a_version_is_read_once_and_shared(sqlite: str) -> None:
    catalog.deploy(content())
    definition = catalog.live("demo")
    found: list[Definition] = []

    def read() -> None:
        with db.connection():
            found.append(catalog.load(definition.id))

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(one.content is definition.content for one in found)


def test_an_expression_is_compiled_once(sqlite: str) -> None:
    catalog.deploy(content())
    definition = catalog.live("demo")
    assert definition.expression("=a > 1") is definition.expression("=a > 1")


def test_a_suspended_process_says_so_at_once(sqlite: str) -> None:
    catalog.deploy(content())
    catalog.live("demo")
    ProcessDefinition.update(suspended=True).where(ProcessDefinition.process_id == "demo").execute()
    assert catalog.live("demo").suspended
    assert [d.suspended for d in catalog.live_all()] == [True, False]


# ── what a release ships ───────────────────────────────────────────────────────────────────────


def ship(folder: Path, **changes: bytes) -> catalog.Shipped:
    catalog.write_folder(folder, content(**changes))
    return catalog.deploy_shipped(folder)


def test_a_new_database_gets_what_is_shipped(sqlite: str, tmp_path: Path) -> None:
    shipped = ship(tmp_path)
    assert shipped.published == ("demo", "other")
    assert versions() == [(1, True)]


def test_a_restart_deploys_nothing(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    again = catalog.deploy_shipped(tmp_path)
    assert (again.deployment, again.published, again.drafted) == (None, (), ())


def test_two_nodes_that_start_at_once_deploy_once(database: str, tmp_path: Path) -> None:
    catalog.write_folder(tmp_path, content())
    failures: list[BaseException] = []

    def start() -> None:
        try:
            with db.connection():
                catalog.deploy_shipped(tmp_path)
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert versions("demo") == versions("other") == [(1, True)]


def test_a_restart_leaves_what_staff_published(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    catalog.deploy(content(**{ASK: form(theirs="textfield")}), source="studio")
    catalog.deploy_shipped(tmp_path)
    assert "theirs" in catalog.live("demo").form("demo/ask").by_key
    assert ProcessDraft.select().count() == 0


def test_a_new_release_is_live_where_staff_changed_nothing(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    ship(tmp_path, **{ASK: form(ours="textfield")})
    assert versions() == [(1, False), (2, True)]


def test_a_new_release_is_a_draft_beside_what_staff_published(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    catalog.deploy(content(**{ASK: form(theirs="textfield")}), source="studio")
    shipped = ship(tmp_path, **{ASK: form(ours="textfield"), OTHER: process("other", "新", use_form=False)})
    assert shipped.published == ("other",)
    assert shipped.drafted == ("demo",)
    assert "theirs" in catalog.live("demo").form("demo/ask").by_key
    draft = ProcessDraft.get()
    assert (draft.process_id, draft.source, draft.state, draft.base_id) == (
        "demo",
        "shipped",
        "open",
        catalog.live("demo").id,
    )
    assert catalog.body_of(draft.manifest[ASK]) == form(ours="textfield")


def test_a_shipped_draft_that_was_set_aside_does_not_come_back(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    catalog.deploy(content(**{ASK: form(theirs="textfield")}), source="studio")
    ship(tmp_path, **{ASK: form(ours="textfield")})
    ProcessDraft.update(state="dropped").execute()
    assert catalog.deploy_shipped(tmp_path).drafted == ()


def test_the_next_release_takes_the_place_of_the_shipped_draft(sqlite: str, tmp_path: Path) -> None:
    ship(tmp_path)
    catalog.deploy(content(**{ASK: form(theirs="textfield")}), source="studio")
    ship(tmp_path, **{ASK: form(ours="textfield")})
    ship(tmp_path, **{ASK: form(newer="textfield")})
    states = [row.state for row in ProcessDraft.select().order_by(ProcessDraft.id)]
    assert states == ["dropped", "open"]


def test_the_start_refuses_without_an_operation_that_open_cases_need(
    sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        p: b for p, b in catalog.read_folder(Path(__file__).parents[3]).items() if "agreement_voiding" in p
    }
    files |= {
        p: b for p, b in catalog.read_folder(Path(__file__).parents[3]).items() if p.startswith("forms/")
    }
    with_operation = catalog.deploy(files)
    assert with_operation is not None
    voiding = catalog.live("agreement_voiding")
    ProcessInstance.create(definition=voiding.id, caption="x")
    without = {k: v for k, v in registry._operations.items() if k != "signing.void_agreement"}
    monkeypatch.setattr(registry, "_operations", without)
    (tmp_path / "processes").mkdir()
    with pytest.raises(OperationsMissing) as missing:
        catalog.deploy_shipped(tmp_path)
    assert list(missing.value.missing) == ["signing.void_agreement"]


def test_what_is_live_is_written_back_into_a_folder(sqlite: str, tmp_path: Path) -> None:
    catalog.deploy(content())
    catalog.deploy(content(**{ASK: form(theirs="textfield")}), source="studio")
    catalog.write_folder(tmp_path, catalog.live_files())
    assert catalog.read_folder(tmp_path) == content(**{ASK: form(theirs="textfield")})


def test_unchecked_content_goes_into_a_scratch_database_only(sqlite: str) -> None:
    with pytest.raises(RuntimeError):
        catalog.place(content())
