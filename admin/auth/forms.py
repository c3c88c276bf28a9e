"""The forms of this room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired, Length


class SignInForm(FlaskForm):
    login = StringField(
        _l("账号"),
        [InputRequired(_l("填上账号。")), Length(max=50)],
        filters=[lambda text: (text or "").strip()],
    )
    password = PasswordField(_l("密码"), [InputRequired(_l("填上密码。")), Length(max=128)])


class PasswordForm(FlaskForm):
    old = PasswordField(_l("现在的密码"), [InputRequired(_l("填上现在的密码。")), Length(max=128)])
    new = PasswordField(
        _l("新密码"),
        [InputRequired(_l("填上新密码。")), Length(6, 64, _l("密码要 6 到 64 个字符。"))],
        description=_l("6 到 64 个字符。越长越安全：三四个不相干的词连起来就很好。"),
    )
    again = PasswordField(
        _l("再输一次新密码"),
        [InputRequired(_l("再输一次新密码。")), EqualTo("new", _l("两次输入的新密码不一样。"))],
    )

    def validate_new(self, field: PasswordField) -> None:
        if field.data and (
            len(set(field.data)) < 4 or field.data in "01234567890 abcdefghijklmnopqrstuvwxyz"
        ):
            raise ValidationError(_l("这个密码太容易猜到，请换一个。"))
        if field.data and field.data == self.old.data:
            raise ValidationError(_l("新密码和现在的一样。"))
