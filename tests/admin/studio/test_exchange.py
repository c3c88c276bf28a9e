"""Zips out and in, diagrams of other tools: what is taken, what is refused, never half."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine import catalog
from engine.models.drafts import ProcessDraft
from engine.models.people import AuditEntry
from engine.release import drafts, exporting
from tests.admin.studio.conftest import SIGNING, shipped
from tests.people import text_of

MIWG = Path(__file__).resolve().parents[4] / "shared" / "bpmn-miwg"


def bring(who, body: bytes, name: str = "x.zip", **fields: str):
    return who.client.post(
        "/studio/import",
        data={"file": (io.BytesIO(body), name), "area": "signing", **fields},
        headers={"X-CSRFToken": who.token()},
        content_type="multipart/form-data",
    )


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_a_version_goes_out_and_comes_in_as_a_draft(studio):
    live = catalog.live("online_signing")
    answer = studio.shen.get(f"/studio/versions/{live.id}/export.zip")
    assert answer.mimetype == "application/zip"
    assert bring(studio.shen, answer.data).status_code == 303
    draft = ProcessDraft.get(ProcessDraft.process_id == "online_signing")
    assert set(draft.manifest) == set(live.content.files)
    actions = {row.action for row in AuditEntry.select()}
    assert {"import", "export"} <= actions


def test_the_same_version_gives_the_same_archive(studio):
    live = catalog.live("online_signing")
    url = f"/studio/versions/{live.id}/export.zip"
    assert studio.shen.get(url).data == studio.shen.get(url).data


def test_a_zip_that_is_none_is_called_so(studio):
    answer = bring(studio.shen, b"nothing")
    assert answer.status_code == 422
    assert "不是 zip" in text_of(answer)


def test_an_import_does_not_push_a_draft_aside(studio):
    studio.begin()
    answer = bring(
        studio.shen, exporting.to_zip("online_signing", dict(catalog.live("online_signing").content.files))
    )
    assert answer.status_code == 422
    assert "已有一份草稿" in text_of(answer)


def test_another_areas_flow_is_not_brought_in(studio):
    files = {"processes/fairs/booth.bpmn": shipped()[SIGNING].replace(b"online_signing", b"booth")}
    answer = bring(studio.shen, zipped(files))
    assert answer.status_code == 422
    assert ProcessDraft.select().count() == 0


BOMB = b"0" * 1_100_000


@pytest.mark.parametrize(
    "files",
    [
        {"../../etc/passwd": b"x"},
        {"/etc/passwd": b"x"},
        {"processes\\signing\\x.bpmn": b"x"},
        {"processes/signing/x.py": b"x"},
        {"processes/signing/online_signing.bpmn": BOMB},
        {f"forms/a/f{n}.form": b"{}" for n in range(201)},
        {},
        {"forms/a/b.form": b"{}"},
        {"processes/signing/a.bpmn": b"<a/>", "processes/signing/b.bpmn": b"<a/>"},
        {"processes/signing/online_signing.bpmn": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"},
        {"processes/signing/online_signing.bpmn": b"not xml"},
        {"qihang.json": b"[1]", "processes/signing/online_signing.bpmn": b"\xff\xfe"},
    ],
    ids=["path", "absolute", "backslash", "python", "bomb", "many", "empty", "no diagram", "two", "entity", "no xml", "bytes"],
)  # fmt: skip
def test_an_archive_that_is_not_a_flow_is_refused_whole(studio, files):
    answer = bring(studio.shen, zipped(files))
    assert answer.status_code == 422
    assert ProcessDraft.select().count() == 0


def test_an_entry_that_lies_about_its_size_is_not_unpacked(studio):
    body = zipped({SIGNING: b"0" * 50_000_000})
    assert len(body) < 100_000
    assert bring(studio.shen, body).status_code == 422


@pytest.mark.parametrize("body", [b"PK\x03\x04 broken", b"PK", b"\0\0\0", b"GIF89a"])
def test_what_is_no_archive_is_refused(studio, body):
    assert bring(studio.shen, body).status_code == 422
    assert bring(studio.shen, body, "x.bpmn").status_code == 422


def test_no_file_at_all_is_said(studio):
    answer = studio.shen.post("/studio/import", {"area": "signing"})
    assert answer.status_code == 422
    assert "请选一个文件" in text_of(answer)


def reference_models() -> list[Path]:
    return sorted(MIWG.glob("*.bpmn")) or [Path("none.bpmn")]


@pytest.mark.parametrize("path", reference_models(), ids=lambda p: p.stem)
def test_diagrams_of_other_tools_open_or_are_refused_with_a_reason(studio, path):
    if not path.exists():
        pytest.skip("the reference models lie beside the checkout")
    answer = bring(studio.shen, path.read_bytes(), path.name)
    if answer.status_code == 422:
        assert "流程" in text_of(answer)
        assert ProcessDraft.select().count() == 0
        return
    assert answer.status_code == 303
    draft = ProcessDraft.get()
    page = studio.shen.get(answer.location)
    assert page.status_code == 200
    assert 'data-studio="bpmn"' in page.get_data(as_text=True)
    for step in ("changes", "check", "scenarios", "running", "publish"):
        shown = studio.shen.get(f"/studio/drafts/{draft.id}/publish?step={step}")
        assert shown.status_code == 200, step
    answer = studio.shen.post(
        f"/studio/drafts/{draft.id}/publish", {"note": "说明", "revision": draft.revision}
    )
    assert answer.status_code == 422
    assert "处错误" in text_of(answer)


def test_a_new_flow_is_drawn_from_nothing(studio):
    typed = {"name": "就业证明<b>", "process_id": "employment_letter", "area": "signing"}
    answer = studio.shen.post("/studio/new", typed)
    assert answer.status_code == 303
    page = studio.shen.get(answer.location).get_data(as_text=True)
    assert "就业证明&lt;b&gt;" in page
    assert "就业证明<b>" not in page
    drawn = drafts.files_of(ProcessDraft.get())["processes/signing/employment_letter.bpmn"].decode()
    assert '<bpmn:lane id="lane_system" name="系统">' in drawn  # so that a step's role is one choice away
    assert "还没有发布过" in text_of(studio.shen.get("/studio/"))


def test_who_may_not_use_an_area_is_told_which(studio):
    answer = studio.shen.post("/studio/new", {"name": "x", "process_id": "x", "area": "fairs"})
    assert "可以填的所属业务：signing" in text_of(answer)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "x", "process_id": "online_signing", "area": "signing"},
        {"name": "x", "process_id": "Online", "area": "signing"},
        {"name": "x", "process_id": "", "area": "signing"},
        {"name": "x", "process_id": "../x", "area": "signing"},
        {"name": "x", "process_id": "x", "area": "fairs"},
        {"name": "x", "process_id": "x", "area": "../.."},
        {"name": " ", "process_id": "x", "area": "signing"},
    ],
)
def test_a_new_flow_keeps_to_the_names_of_the_house(studio, typed):
    assert studio.shen.post("/studio/new", typed).status_code == 422
    assert ProcessDraft.select().count() == 0


def test_what_is_live_is_written_back_as_content(studio, tmp_path):
    from engine.release.commands import export_path

    draft = studio.begin()
    notices = "processes/signing/online_signing.notices.yaml"
    draft.change(notices, ("还有两天到期", "后天到期"))
    draft.publish("说明")
    said: list[str] = []
    assert export_path(tmp_path, said.append) == 0
    assert "后天到期" in (tmp_path / notices).read_text(encoding="utf-8")
    assert catalog.check(catalog.read_folder(tmp_path), walk=False) == catalog.check(
        {**shipped(), notices: (tmp_path / notices).read_bytes()}, walk=False
    )
