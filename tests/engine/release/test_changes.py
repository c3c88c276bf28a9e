"""What differs between two versions, in the words of the office."""

from __future__ import annotations

from engine.release import changes
from tests.engine.catalog.shipped import SIGNING, Edit, files

FORM = "forms/signing/audit.form"
NOTICES = "processes/signing/online_signing.notices.yaml"
SCENARIOS = "processes/signing/online_signing.scenarios.yaml"
AGREEMENT = "processes/signing/agreement.html"
TABLE = "processes/signing/seals.dmn"


def told(path: str, *pairs: tuple[str, str]) -> list[tuple[str, str, str]]:
    """(sentence, before, after) of each difference after some texts of a file were replaced."""
    body = files()[path].decode()
    for old, new in pairs:
        assert old in body, old
        body = body.replace(old, new)
    (change,) = changes.changes({path: files()[path]}, {path: body.encode()})
    return [(d.sentence.zh, d.before, d.after) for d in change.differences]


def test_nothing_is_told_of_what_is_the_same():
    assert changes.changes(files(), dict(files())) == []


def test_a_step_that_was_deleted_with_what_hung_on_it():
    after = Edit().delete("school_audits").files()
    found = {d.sentence.zh for c in changes.changes(files(), after) for d in c.differences}
    assert "删去步骤“签约审核”" in found
    assert "删去消息“修改邀约”" in found
    marks = changes.marks(files()[SIGNING], after[SIGNING])
    assert "school_audits" in marks.removed
    assert "school_audits" not in marks.changed


def test_deadlines_roles_conditions_and_notices_of_a_diagram():
    assert told(SIGNING, ('qh:due="=working days(today(), 3)"', 'qh:due="P5D"')) == [
        ("步骤“签约审核”的办理期限", "=working days(today(), 3)", "P5D")
    ]
    assert told(SIGNING, ('result = "pass"', 'result != "fail"')) == [
        ("连线“通过”的条件", 'result = "pass"', 'result != "fail"')
    ]
    assert ("系统操作“登记邀约”的通知", "invitation_arrived", "") in told(
        SIGNING, (' qh:notify="invitation_arrived"', "")
    )


def test_a_diagram_that_was_only_moved_about():
    assert told(SIGNING, ('<dc:Bounds x="510" y="260"', '<dc:Bounds x="515" y="260"')) == [
        ("只是图的摆放变了", "", "")
    ]


def test_fields_of_a_form():
    found = told(
        FORM, ('"label": "原因"', '"label": "不通过的原因"'), ('"maxLength": 200', '"maxLength": 300')
    )
    assert ("“不通过的原因”的名称", "原因", "不通过的原因") in found
    assert ("“不通过的原因”的最多字数", "200", "300") in found
    (gone,) = told(FORM, ('"key": "result"', '"key": "outcome"'))[:1]
    assert gone[0].startswith("增加")


def test_notices_one_by_one():
    (one,) = told(NOTICES, ("的邀约还有两天到期", "的邀约后天到期"))
    assert one[0].endswith("的标题")
    assert one[2] == "{{ employer.name }}的邀约后天到期"


def test_scenarios_by_name():
    assert told(SCENARIOS, ("name: 学生拒绝", "name: 学生不同意")) == [
        ("增加情景“学生不同意”", "", ""),
        ("删去情景“学生拒绝”", "", ""),
    ]


def test_documents_by_lines():
    body = files()[AGREEMENT].replace("一式四份".encode(), "一式五份".encode())
    (change,) = changes.changes({AGREEMENT: files()[AGREEMENT]}, {AGREEMENT: body})
    assert change.differences[0].sentence.zh == "文字改动：增 1 行，删 1 行"
    assert {"+", "-"} <= {sign for sign, _text in change.lines}


def table(*rules: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>{when}</text></inputEntry>'
        f'<outputEntry id="o{n}"><text>{then}</text></outputEntry></rule>'
        for n, (when, then) in enumerate(rules, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        '<decision id="seals" name="盖章"><decisionTable id="t"><input id="i"><inputExpression id="e">'
        f'<text>pay</text></inputExpression></input><output id="o" name="seals"/>{rows}</decisionTable></decision>'
        "</definitions>"
    ).encode()


def test_rules_of_a_table():
    before = table(("&lt; 3000", "2"), ("-", "1"))
    after = table(("&lt; 3500", "2"), ("-", "1"), ("&gt; 9000", "3"))
    (change,) = changes.changes({TABLE: before}, {TABLE: after})
    assert [(d.sentence.zh, d.before, d.after) for d in change.differences] == [
        ("第 1 行", "< 3000 → 2", "< 3500 → 2"),
        ("增加第 3 行", "", "> 9000 → 3"),
    ]


def test_files_that_come_and_go():
    (gone,) = changes.changes({FORM: b"{}"}, {})
    (come,) = changes.changes({}, {FORM: b"{}"})
    assert (gone.what, come.what) == ("removed", "added")


def test_a_file_that_cannot_be_read_is_told_as_that():
    for path in (SIGNING, FORM, NOTICES, SCENARIOS, TABLE):
        (change,) = changes.changes({path: files().get(path, b"<a/>")}, {path: b"<<: [{"})
        assert change.differences
    assert changes.marks(b"<a/>", files()[SIGNING]) == changes.Marks()
