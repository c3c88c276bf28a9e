"""What a text that staff edit may do, and that it may do nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.notify import texts
from engine.notify.texts import Text, TextTooLong, TextWrong


class Row:
    secret = "hidden"

    def __str__(self) -> str:
        return "row"


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("{{ invitation.position }}", "工程师 <高级>"),
        ("{{ invitation['position'] }}", "工程师 <高级>"),
        ("{{ invitation.invited_on }}", "2020-09-18"),
        ("{{ invitation.invited_on|日期('YYYY.M.D') }}", "2020.9.18"),
        ("{{ invitation.invited_on|日期('M 月 D 日') }}", "9 月 18 日"),
        ("{{ '2020-09-18'|日期('YYYY 年 MM 月 DD 日') }}", "2020 年 09 月 18 日"),
        ("{{ invitation.expires_at }}", "2020-09-24 00:00"),
        ("{{ invitation.expires_at|date('YYYY-MM-DD HH:mm') }}", "2020-09-24 00:00"),
        ("{{ invitation.probation_pay|金额 }}", "3,500 元"),
        ("{{ invitation.missing }}|{{ nobody.at.all }}|{{ nothing }}", "||"),
        ("{{ nothing|默认('无') }}", "无"),
        ("{{ invitation.branch_office }}", "否"),
        ("{% if invitation.branch_office %}分公司{% else %}本部{% endif %}", "本部"),
        ("{% if invitation.position in ['工程师 <高级>'] %}是{% endif %}", "是"),
        ("{% for row in rows %}{{ row.name }};{% endfor %}", "甲;乙;"),
        ("{% for row in nothing %}x{% else %}无{% endfor %}", "无"),
        ("{% for row in invitation.probation_pay %}x{% endfor %}", ""),
        ("{{ names|连接 }}", "甲、乙"),
        ("{{ row.secret }}{{ row.__class__ }}{{ names.append }}", ""),
        ("{{ invitation.position ~ '！' }}", "工程师 <高级>！"),
    ],
)
def test_a_text_shows_facts(source: str, result: str) -> None:
    facts = {
        "invitation": {
            "position": "工程师 <高级>", "invited_on": date(2020, 9, 18), "probation_pay": 3500,
            "expires_at": datetime(2020, 9, 23, 16, tzinfo=UTC), "branch_office": False,
        },
        "rows": [{"name": "甲"}, {"name": "乙"}], "names": ["甲", "乙"], "nothing": None, "row": Row(),
    }  # fmt: skip
    assert Text(source).render(facts) == result


@pytest.mark.parametrize(
    "source",
    [
        "{{ invitation.position.upper() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ 'x' * 1000000000 }}",
        "{{ '%9999999d' % 1 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% for a in l %}{% for b in l %}{% for c in l %}x{% endfor %}{% endfor %}{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as x %}",
        "{% macro f() %}{% endmacro %}",
        "{% set x = 1 %}",
        "{{ a | attr('__class__') }}",
        "{{ a | safe }}",
        "{{ a is divisibleby 0 }}",
        "{{ a['b' ~ 'c'] }}",
        "{{ a < 3 }}",
        "{{ self.title }} {% block title %}{% endblock %}",
        "{{ unfinished",
        "{% if a %}",
        "x" * (texts.MAX_SOURCE + 1),
    ],
)
def test_a_text_that_reaches_further_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(TextWrong) as refused:
        Text(f"\n{source}")
    assert refused.value.line in (1, 2)
    assert refused.value.sentence.zh
    assert refused.value.sentence.en


def test_values_are_escaped_in_html_and_the_text_itself_is_not() -> None:
    text = Text("<b>{{ name }}</b>", html=True)
    assert text.render({"name": "<script>&"}) == "<b>&lt;script&gt;&amp;</b>"


def test_a_text_that_grows_too_long_stops() -> None:
    text = Text("{% for a in rows %}{% for b in rows %}{{ word }}{% endfor %}{% endfor %}")
    with pytest.raises(TextTooLong):
        text.render({"rows": ["x"] * 1000, "word": "y" * 1000})


def test_english_shows_values_in_english() -> None:
    text = Text("{{ a }} {{ pay|money }} {{ names }}")
    assert text.render({"a": True, "pay": 3500, "names": ["A", "B"]}, "en") == "yes 3,500 yuan A, B"


def test_a_text_says_which_facts_it_reads() -> None:
    text = Text("{{ a.b.c }}{% if d %}{{ e['f'] }}{% endif %}{% for g in h %}{{ g.i }}{% endfor %}")
    assert text.paths == {("a", "b", "c"), ("d",), ("e", "f"), ("h",)}


def test_facts_that_the_text_does_not_name_are_not_fetched() -> None:
    class Facts(dict[str, object]):
        def __getitem__(self, name: str) -> object:
            assert name == "wanted"
            return "here"

    assert Text("{{ wanted }}").render(Facts(wanted=1, costly=2)) == "here"


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x>",
        "<iframe src='file:///etc/passwd'></iframe>",
        "<link rel=stylesheet href=x>",
        "<style>@import 'x'</style>",
        "<a href='x'>y</a>",
        "<p onclick='x'>y</p>",
        "<p style='background:url(x)'>y</p>",
        "<p class='{{ name }}'>y</p>",
        "<{{ name }}>",
        "<p {{ name }}>y</p>",
        "<!-- comment -->",
        "<!doctype html>",
        "<svg/onload=x>",
        "<p>a < b</p>",
        "<p>{% if a %}<img{% endif %} src=x>",
        "<p><img",
    ],
)
def test_markup_that_loads_links_or_runs_is_refused_in_documents(source: str) -> None:
    with pytest.raises(TextWrong):
        Text(f"<h1>协议书</h1>{source}", html=True)
    Text(source.replace("{{ name }}", "x"))  # a mail's text is no markup: there it stands as typed


def test_tables_and_paragraphs_are_fine_in_documents() -> None:
    source = "<table class='codes'><tr><th colspan='2'>{{ a }}</th><td>{% for b in c %}<b>{{ b.d }}</b>{% endfor %}"
    assert Text(source, html=True).paths == {("a",), ("c",)}
