"""A form with every kind of field that the macro draws."""

from __future__ import annotations

from types import SimpleNamespace as Thing
from typing import Any

import wtforms
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice as Option
from wtforms.validators import InputRequired


def _dressed(**attributes: Any) -> Any:
    """A WTForms field of text with what a form's field says besides."""

    class Dressed(wtforms.StringField):
        pass

    for name, value in attributes.items():
        setattr(Dressed, name, value)
    return Dressed


class Inner(wtforms.Form):
    since = wtforms.DateField("从")
    until = wtforms.DateField("到")


class Sample(wtforms.Form):
    name = wtforms.StringField("单位名称", [InputRequired()], description="与公章一致的全称")
    pay = _dressed(kind="number", suffix="元 / 月")("试用起薪", [InputRequired()])
    note = _dressed(kind="textarea", reasons=["公章不符", "约定事项不明确"])("备注")
    day = wtforms.DateField("报到日期", [InputRequired()])
    moment = wtforms.DateTimeLocalField("面试时间")
    relation = wtforms.RadioField("组织关系", [InputRequired()], choices=[Option("1", "单位接收"), Option("0", "单位不接收")])
    level = wtforms.SelectField("学历", choices=[Option("b", "本科生毕业"), Option("g", "毕业研究生")])
    wishes = wtforms.SelectMultipleField("意向城市", choices=[Option("1", "松岚"), Option("2", "北屏")])
    answer = _dressed(
        kind="answer",
        outcomes=[
            {"value": "pass", "label": "通过", "consequence": "协议书生效", "negative": False},
            {"value": "fail", "label": "不通过", "consequence": "双方可以重新签约", "negative": True},
        ],
    )("结果", [InputRequired()])
    notice = _dressed(kind="text", blocks=[], text="解约可能要承担违约责任。\n\n解约机会仅有一次。")("说明")
    agree = wtforms.BooleanField("我同意并遵守解约须知，按流程办理解约")
    period = wtforms.FormField(Inner, "实习起止")
    origin = _dressed(kind="region", levels=[])("生源所在地")
    identity = _dressed(kind="id_number")("身份证号", [InputRequired()])
    paper = _dressed(kind="upload", accept=".jpg", limit="jpg，每张不超过 2 MB", multiple=True,
                     files=[Thing(name="第 1 页.jpg", size=1_300_000, url=None)])("协议照片")
    unit = _dressed(kind="entity", lookup="/lookup", text="晴川软件有限公司")("单位")
    line = _dressed(kind="separator")("")


def sample_form() -> Sample:
    """Bound to a submission with three mistakes."""
    form = Sample(MultiDict({"pay": "3500元", "answer": "fail", "relation": "1", "moment": "2026-11-24T09:00"}))
    form.validate()
    form.pay.errors = ["只写整数，例如 3500，不写“元”"]
    form.paper.errors = ["第 2 页.jpg 有 4.6 MB，请压缩后上传，或重拍一张"]
    return form
