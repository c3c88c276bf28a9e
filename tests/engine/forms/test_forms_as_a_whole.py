import pytest
from werkzeug.datastructures import MultiDict

KIND = {
    "type": "radio",
    "key": "kind",
    "label": "种类",
    "values": [{"value": "other", "label": "其他"}, {"value": "none", "label": "没有"}],
    "validate": {"required": True},
}
TEXT = {
    "type": "textfield",
    "key": "detail",
    "label": "写明",
    "validate": {"required": True},
    "conditional": {"hide": '=not(kind = "other")'},
}
ANSWER = {
    "type": "answer",
    "key": "answer",
    "label": "答复",
    "values": [
        {
            "value": "agree",
            "label": "同意",
            "consequence": "生成协议书。",
            "confirm": {
                "title": '="与" + employer.name + "签约吗？"',
                "button": "现在签约",
                "text": "只有一次。",
            },
        },
        {"value": "refuse", "label": "拒绝", "tone": "neg"},
    ],
}


@pytest.fixture
def conditional(form):
    return form(KIND, TEXT)


def test_a_hidden_field_is_dropped_whatever_was_sent(conditional):
    bound = conditional.bind(MultiDict({"kind": "none", "detail": "偷偷写的"}))
    assert bound.validate()
    assert bound.hidden == {"detail"}
    assert bound.answers() == {"kind": "none", "detail": None}


def test_a_wrong_value_in_a_hidden_field_is_nobodys_trouble(conditional):
    assert conditional.bind(MultiDict({"kind": "none", "detail": "\x00"})).validate()


def test_a_field_that_is_shown_is_required(conditional):
    bound = conditional.bind(MultiDict({"kind": "other", "detail": ""}))
    assert not bound.validate()
    assert bound.errors == {"detail": ["请填写。"]}


def test_without_script_newly_shown_fields_are_asked_for_and_not_scolded_for(conditional):
    first = conditional.bind()
    assert first.shown == "kind"
    again = conditional.bind(MultiDict({"kind": "other", "_shown": first.shown}))
    assert not again.validate()
    assert again.errors == {"": ["按你的选择，下面多出了几项，请接着填写。"]}
    assert [field.name for field in again] == ["kind", "detail"]
    assert conditional.bind(MultiDict({"kind": "other", "detail": "有", "_shown": again.shown})).validate()


def test_what_hides_may_itself_be_hidden(form):
    spec = form(
        KIND,
        {**TEXT, "validate": {}},
        {"type": "textfield", "key": "more", "label": "再写", "conditional": {"hide": "=detail = null"}},
    )
    bound = spec.bind(MultiDict({"kind": "none", "detail": "有", "more": "有"}))
    assert bound.hidden == {"detail", "more"}


def test_conditions_read_the_context(form):
    field = {
        "type": "textfield",
        "key": "x",
        "label": "x",
        "conditional": {"hide": '=not(employer.unit_nature = "31")'},
    }
    spec = form(field)
    assert spec.bind(context={"employer": {"unit_nature": "31"}}).hidden == set()
    assert spec.bind(context={"employer": {"unit_nature": "10"}}).hidden == {"x"}
    assert spec.bind(context={"employer": None}).hidden == {"x"}
    assert spec.bind().hidden == {"x"}


def test_a_hidden_group_hides_what_is_in_it(form):
    group = {"type": "group", "label": "组", "components": [KIND], "conditional": {"hide": "=closed = true"}}
    spec = form(group)
    assert spec.bind(context={"closed": True}).hidden == {"kind"}
    assert list(spec.bind(context={"closed": True})) == []
    shown = list(spec.bind())
    assert [field.kind for field in shown] == ["group"]
    assert [field.name for field in shown[0].form] == ["kind"]


def test_unknown_names_are_refused_by_name(conditional):
    bound = conditional.bind(MultiDict({"kind": "none", "state": "effective"}))
    assert not bound.validate()
    assert bound.errors == {"": ["表单里没有“state”这一项。请刷新页面后重填。"]}


def test_the_pages_own_names_pass(conditional):
    page = {"csrf_token": "t", "revision": "3", "confirm": "1", "next": "/", "_shown": "kind", "_x": "y"}
    assert conditional.bind(MultiDict({"kind": "none", **page})).validate()


def test_hostile_names_end_in_a_sentence(conditional):
    for name in ("a\x00\ud800b", "x" * 100_000, "", "__class__.x", "kind[]"):
        bound = conditional.bind(MultiDict([("kind", "none"), (name, "1")]))
        bound.validate()
        str(bound.errors).encode()


def test_nothing_submitted_is_no_submission(conditional):
    assert not conditional.bind().validate()
    assert not conditional.bind(MultiDict()).validate()


def test_answers_are_given_only_of_a_form_that_holds(conditional):
    with pytest.raises(RuntimeError):
        conditional.bind(MultiDict({"kind": "other"})).answers()


def test_what_is_known_stands_before_the_default(form):
    spec = form({"type": "number", "key": "days", "label": "天数", "defaultValue": 5})
    assert spec.bind().form["days"]._value() == "5"
    assert spec.bind(prefill={"days": 7}).form["days"]._value() == "7"
    assert spec.bind(MultiDict({"days": "9"}), prefill={"days": 7}).form["days"]._value() == "9"


def test_a_read_only_field_keeps_what_is_known(form):
    spec = form({"type": "textfield", "key": "x", "label": "姓名", "readonly": True})
    bound = spec.bind(MultiDict({"x": "别人"}), prefill={"x": "林一诺"})
    assert bound.validate()
    assert bound.answers() == {"x": "林一诺"}


def test_input_is_never_lost(form):
    spec = form({"type": "number", "key": "x", "label": "薪资"})
    bound = spec.bind(MultiDict({"x": "3500元"}))
    assert not bound.validate()
    assert bound.form["x"]._value() == "3500元"


def test_labels_are_in_the_users_language(form):
    spec = form({**KIND}, english={"kind": "Kind", "kind.other": "Other"})
    field = spec.bind(locale="en").form["kind"]
    assert field.label.text == "Kind"
    assert [choice[1] for choice in field.iter_choices()] == ["Other", "没有"]
    assert spec.bind(locale="zh_Hans_CN").form["kind"].label.text == "种类"


def test_a_confirmed_answer_is_a_step_and_no_other(form):
    spec, context = form(ANSWER), {"employer": {"name": "晴川软件"}}
    bound = spec.bind(MultiDict({"answer": "agree"}), context=context)
    assert bound.validate()
    page = bound.confirmation()
    assert (page.value, page.title, page.button, page.text) == (
        "agree",
        "与晴川软件签约吗？",
        "现在签约",
        "只有一次。",
    )
    assert bound.carried() == [("answer", "agree")]
    with pytest.raises(RuntimeError):
        bound.answers()
    pressed = spec.bind(MultiDict([*bound.carried(), ("_confirmed", page.value)]), context=context)
    assert pressed.validate()
    assert pressed.confirmation() is None
    assert pressed.answers() == {"answer": "agree"}


def test_another_answers_confirmation_does_not_count(form):
    assert (
        form(ANSWER).bind(MultiDict({"answer": "agree", "_confirmed": "refuse"})).confirmation() is not None
    )


def test_an_answer_without_a_second_page_is_a_step(form):
    bound = form(ANSWER).bind(MultiDict({"answer": "refuse"}))
    assert bound.validate()
    assert bound.confirmation() is None
    assert bound.answers() == {"answer": "refuse"}


def test_an_answer_is_required_and_never_suggested(form):
    spec = form(ANSWER)
    assert spec.bind(prefill={"answer": "agree"}).form["answer"].data is None
    bound = spec.bind(MultiDict({"csrf_token": "t"}), prefill={"answer": "agree"})
    assert not bound.validate()
    assert bound.errors == {"answer": ["请先选一项。"]}


def test_a_title_that_names_what_is_not_known_falls_back(form):
    assert form(ANSWER).bind(MultiDict({"answer": "agree"})).confirmation().title == "现在签约"


def test_each_outcome_says_what_follows(form):
    outcomes = form(ANSWER).bind().form["answer"].outcomes
    assert outcomes[0] | {"confirm": None} == {
        "value": "agree", "label": "同意", "consequence": "生成协议书。", "negative": False, "confirm": None,
    }  # fmt: skip
    assert outcomes[1]["negative"] is True


def test_a_text_is_text_whatever_it_looks_like(form):
    spec = form(
        {"type": "text", "text": "# 说明\n\n请读 **三遍** 再填 <script>alert(1)</script>\n- 一\n- 二"}
    )
    field = next(iter(spec.bind()))
    assert field.text == "说明\n\n请读 三遍 再填 <script>alert(1)</script>\n\n一\n\n二"
    assert [block.kind for block in field.blocks] == ["heading", "paragraph", "item", "item"]
    assert ("三遍", True) in field.blocks[1].parts
    assert spec.fields == ()


def test_the_class_is_built_once(conditional):
    assert conditional.form_class() is conditional.form_class()
    assert conditional.bind().form.__class__ is conditional.form_class()


def test_wtforms_own_widgets_draw_it_escaped(form):
    spec = form({"type": "textfield", "key": "x", "label": "<b>x</b>"})
    drawn = str(spec.bind(MultiDict({"x": '"><script>'})).form["x"]()) + str(spec.bind().form["x"].label)
    assert "<script>" not in drawn
    assert "<b>" not in drawn
