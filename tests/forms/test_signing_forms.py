"""The forms of online signing as they are shipped: what D09 asks for, and what the screens say."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from werkzeug.datastructures import MultiDict

from engine import forms
from engine.models.signing import Invitation

FOLDER = Path(__file__).parents[2] / "forms"
KEYS = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.form"))
STATE_OWNED = {"employer": {"unit_nature": "31", "name": "晴川软件有限公司"}}
PRIVATE = {"employer": {"unit_nature": "35", "name": "晴川软件有限公司"}}


def content(key):
    return (FOLDER / f"{key}.form").read_bytes()


def english(key):
    return yaml.safe_load((FOLDER / f"{key}.en.yaml").read_text("utf-8"))


def spec(key):
    return forms.read(content(key), key, english(key))


@pytest.fixture
def letter():
    return spec("signing/invitation")


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_form_has_no_findings(key):
    assert forms.check(content(key), key, None, english(key)) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_form_is_complete_in_english(key):
    bound = spec(key).bind(locale="en", context=STATE_OWNED)
    for item in bound.spec.walk():
        field = bound.form.component(item)
        shown = [field.label.text, field.description, field.prefix, field.suffix, getattr(field, "text", "")]
        shown += [choice["label"] + choice["consequence"] for choice in getattr(field, "outcomes", [])]
        # Words that the paper wants in Chinese are named in the hints.
        words = "".join(shown)
        for quoted in ("不接受档案", "不接收户口", "无", "松岚市高新区"):
            words = words.replace(quoted, "")
        assert not [c for c in words if "一" <= c <= "鿿"], (item.id, words)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("context", [STATE_OWNED, PRIVATE, {}])
def test_examples_of_a_shipped_form_hold(key, context):
    answers = forms.example(spec(key), context)
    bound = spec(key).bind_json(answers, context=context)
    assert bound.validate(), bound.errors


@pytest.mark.parametrize("key", KEYS)
def test_words_are_the_offices(key):
    text = content(key).decode()
    for word in ("您", "用户", "温馨提示", "尊敬的", "是否确认", "！"):
        assert word not in text


def test_the_letter_asks_for_what_the_invitation_holds(letter):
    assert set(letter.by_key) == set(Invitation.letter)


def test_the_letter_keeps_within_the_columns(letter):
    for key, field in letter.by_key.items():
        width = (
            getattr(Invitation, key).max_length if hasattr(getattr(Invitation, key), "max_length") else None
        )
        if width and field.kind in ("textfield", "textarea"):
            assert field.limits.max_length <= width, key


@pytest.mark.parametrize("pay", ["probation_pay", "regular_pay"])
def test_p11_rule_3_pay_is_a_whole_number(letter, pay):
    def sent(typed):
        bound = letter.bind(MultiDict({pay: typed}), locale="zh")
        bound.validate()
        return bound.errors.get(pay, [""])[0]

    assert sent("3500") == ""
    assert sent("3500.5") == "只写整数，例如 3500，不写小数。"
    assert sent("3500元") == "只写整数，例如 3500，不写“元”。"
    assert sent("") == "请填写。"
    assert sent("0") == ""
    assert sent("-1") == "写 0 到 999999，现在是 -1。"


@pytest.mark.parametrize(
    ("typed", "holds"), [("1", True), ("30", True), ("0", False), ("31", False), ("5.5", False)]
)
def test_the_answer_period_is_1_to_30_days(letter, typed, holds):
    bound = letter.bind(MultiDict({"answer_days": typed}))
    bound.validate()
    assert ("answer_days" not in bound.errors) is holds


def test_the_answer_period_stands_in_the_form(letter):
    assert letter.bind().form["answer_days"]._value() == "5"
    assert letter.bind_json(forms.example(letter)).answers()["answer_days"] == Decimal(5)


def test_only_state_owned_enterprises_are_asked_for_a_branch_office(letter):
    assert "branch_office" not in letter.bind(context=STATE_OWNED).hidden
    assert "branch_office" in letter.bind(context=PRIVATE).hidden
    answers = forms.example(letter, PRIVATE)
    bound = letter.bind_json({**answers, "branch_office": True}, context=PRIVATE)
    assert bound.validate()
    assert bound.answers()["branch_office"] is None


def test_the_party_unit_is_required_where_relations_are_taken(letter):
    answers = forms.example(letter, PRIVATE)
    bound = letter.bind_json({**answers, "takes_party_relation": True}, context=PRIVATE)
    assert not bound.validate()
    assert list(bound.errors) == ["party_relation_unit"]
    assert letter.bind_json(
        {**answers, "takes_party_relation": True, "party_relation_unit": "人才党委"}, context=PRIVATE
    ).validate()


def test_no_agreed_matters_are_none(letter):
    answers = {**forms.example(letter, PRIVATE), "agreed_matters": "  "}
    assert letter.bind_json(answers, context=PRIVATE).answers()["agreed_matters"] == "无"


def test_a_change_begins_with_what_the_letter_says(letter):
    known = {
        "position": "测试工程师",
        "probation_pay": 4800,
        "takes_party_relation": False,
        "archive_route": "agency",
    }
    form = letter.bind(prefill=known, context=PRIVATE).form
    assert form["position"]._value() == "测试工程师"
    assert form["probation_pay"]._value() == "4800"
    assert [c[0] for c in form["takes_party_relation"].iter_choices() if c[2]] == ["no"]
    assert [c[0] for c in form["archive_route"].iter_choices() if c[2]] == ["agency"]


def test_p11_rule_8_agreeing_wants_the_second_page():
    answer = spec("signing/answer")
    bound = answer.bind(MultiDict({"answer": "agree"}), context=PRIVATE)
    assert bound.validate()
    page = bound.confirmation()
    assert page.title == "现在与晴川软件有限公司签约吗？"
    assert page.button == "现在签约"
    assert (
        answer.bind(MultiDict({"answer": "agree"}), context=PRIVATE, locale="en").confirmation().button
        == "Sign now"
    )


def test_refusing_needs_no_reason_and_no_second_page():
    bound = spec("signing/answer").bind(MultiDict({"answer": "refuse", "reason": ""}))
    assert bound.validate()
    assert bound.confirmation() is None
    assert bound.answers() == {"answer": "refuse", "reason": None}


def test_a_reason_belongs_to_refusing():
    bound = spec("signing/answer").bind(MultiDict({"answer": "agree", "_confirmed": "agree", "reason": "x"}))
    assert bound.answers() == {"answer": "agree", "reason": None}


def test_not_passing_without_a_reason_is_refused_by_the_form():
    audit = spec("signing/audit")
    assert audit.bind(MultiDict({"result": "pass"})).validate()
    bound = audit.bind(MultiDict({"result": "fail", "reason": " "}))
    assert not bound.validate()
    assert bound.errors == {"reason": ["请填写。"]}
    assert audit.bind(MultiDict({"result": "fail", "reason": "公章不符"})).answers()["reason"] == "公章不符"
    assert not audit.bind(MultiDict({"result": "fail", "reason": "字" * 201})).validate()


def test_an_agreement_is_declared_void_for_a_known_reason_or_another_in_words():
    void = spec("signing/void")
    assert void.bind(MultiDict({"reason_kind": "体检不合格"})).answers() == {
        "reason_kind": "体检不合格",
        "reason": None,
    }
    assert not void.bind(MultiDict({"reason_kind": "其他", "reason": ""})).validate()
    assert void.bind(MultiDict({"reason_kind": "其他", "reason": "休学"})).validate()
    assert not void.bind(MultiDict({"reason_kind": "不想签了"})).validate()
