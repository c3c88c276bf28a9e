"""What the program was told."""

from __future__ import annotations

from engine import settings


def test_a_log_of_the_settings_tells_no_secret() -> None:
    found = settings.load(
        {
            "SECRET_KEY": "s" * 32,
            "DATA_KEYS": "1:" + "ab" * 32,
            "DATABASE_URL": "postgresql://qihang:swordfish@db/qihang",
            "SMTP_URL": "smtp://post:swordfish@mail.example",
        }
    )
    for secret in ("s" * 32, "ab" * 32, "swordfish"):
        assert secret not in repr(found)
