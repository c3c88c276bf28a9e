"""The ways by which a notice reaches people. One that is not set up is refused before publishing."""

from __future__ import annotations

from engine.errors import Sentence

#: name → words; in the order in which they are offered.
CHANNELS: dict[str, Sentence] = {
    "inbox": Sentence("站内消息", "Message in the house"),
    "mail": Sentence("电子邮件", "E-mail"),
    "sms": Sentence("短信", "SMS"),
    "wechat": Sentence("微信", "WeChat"),
}
_ready = {"inbox", "mail"}


def refusal(name: str) -> Sentence | None:
    """Why a notice may not use the channel; None where it may."""
    words = CHANNELS.get(name)
    if words is None:
        return Sentence(
            f"没有渠道 {name}；可用的有 {'、'.join(sorted(_ready))}。",
            f"There is no channel {name}; there are {', '.join(sorted(_ready))}.",
        )
    if name not in _ready:
        text = Sentence(
            "渠道“{name}”还没有配置，不能使用。", "The channel “{name}” is not set up and cannot be used."
        )
        return text.format(name=words)
    return None
