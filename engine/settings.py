"""Every environment variable, in one frozen dataclass. A wrong value stops the start with a sentence.

README.md lists each of them; `tests/test_house.py` holds the two lists equal.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import Sentence, SettingInvalid

ROOT = Path(__file__).resolve().parent.parent
_DEMO_SECRET = "demo-only-never-in-production-0123456789"
_DEMO_KEY = "1:" + "5c" * 32


@dataclass(frozen=True)
class Settings:
    """What the program was told. Field names are the variables' names in lower case."""

    demo: bool = field(default=False, metadata={"doc": "demo data, demo accounts and demo secrets"})
    database_url: str = field(default="", repr=False, metadata={"doc": "sqlite:///… or postgresql://…"})
    files_url: str = field(default="", metadata={"doc": "folder of the blobs, as file:///…"})
    secret_key: str = field(
        default="", repr=False, metadata={"doc": "signs sessions; at least 32 characters"}
    )
    data_keys: str = field(
        default="",
        repr=False,
        metadata={"doc": "encryption at rest: `id:64 hex digits`, comma separated; the first one writes"},
    )
    office_tz: str = field(default="Asia/Shanghai", metadata={"doc": "zone of every date and deadline"})
    content_dir: Path = field(default=ROOT, metadata={"doc": "folder that holds processes/ and forms/"})
    host: str = field(default="127.0.0.1", metadata={"doc": "address to listen on"})
    port: int = field(default=8000, metadata={"doc": "port to listen on"})
    public_url: str = field(default="", metadata={"doc": "address that links in mails and on papers bear"})
    smtp_url: str = field(
        default="",
        repr=False,
        metadata={"doc": "smtp://user:password@host:port, smtps://…, empty: mails wait"},
    )
    mail_from: str = field(default="启航 <no-reply@localhost>", metadata={"doc": "sender of mails"})
    wkhtmltopdf: str = field(default="", metadata={"doc": "path of the PDF renderer; empty: found by itself"})
    web_threads: int = field(default=4, metadata={"doc": "threads of a web process"})
    web_processes: int = field(default=2, metadata={"doc": "web processes"})
    worker_threads: int = field(default=2, metadata={"doc": "threads of the worker"})
    outbox_days: int = field(
        default=90, metadata={"doc": "days after which finished rows of the outbox are removed"}
    )
    log_level: str = field(default="INFO", metadata={"doc": "DEBUG, INFO, WARNING or ERROR"})
    secure_cookies: bool = field(default=False, metadata={"doc": "send cookies over HTTPS only"})
    trusted_proxies: tuple[str, ...] = field(
        default=(), metadata={"doc": "addresses whose X-Forwarded-For and -Proto count; empty: nobody's"}
    )


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment. Raises SettingInvalid with the variable and the reason."""
    env = os.environ if environ is None else environ
    demo = _flag(env, "DEMO", False)
    var = ROOT / "var"
    found = Settings(
        demo=demo,
        database_url=env.get("DATABASE_URL", "") or f"sqlite:///{quote(str(var / 'qihang.db'))}",
        files_url=env.get("FILES_URL", "") or (var / "files").as_uri(),
        secret_key=env.get("SECRET_KEY", "") or (_DEMO_SECRET if demo else ""),
        data_keys=env.get("DATA_KEYS", "") or (_DEMO_KEY if demo else ""),
        office_tz=env.get("OFFICE_TZ", "") or "Asia/Shanghai",
        content_dir=Path(env.get("CONTENT_DIR", "") or ROOT),
        host=env.get("HOST", "") or "127.0.0.1",
        port=_number(env, "PORT", 8000, 1, 65535),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", "") or "启航 <no-reply@localhost>",
        wkhtmltopdf=env.get("WKHTMLTOPDF", ""),
        web_threads=_number(env, "WEB_THREADS", 4, 1, 64),
        web_processes=_number(env, "WEB_PROCESSES", 2, 1, 64),
        worker_threads=_number(env, "WORKER_THREADS", 2, 1, 64),
        outbox_days=_number(env, "OUTBOX_DAYS", 90, 1, 36_500),
        log_level=env.get("LOG_LEVEL", "") or "INFO",
        secure_cookies=_flag(env, "SECURE_COOKIES", False),
        trusted_proxies=_networks(env, "TRUSTED_PROXIES"),
    )
    _check(found)
    return found


def _wrong(name: str, zh: str, en: str) -> SettingInvalid:
    return SettingInvalid(Sentence(f"设置 {name} 不对：{zh}", f"Setting {name} is wrong: {en}"))


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if text in ("", "0", "1", "true", "false", "yes", "no"):
        return default if text == "" else text in ("1", "true", "yes")
    raise _wrong(name, "只能是 1 或 0。", "it must be 1 or 0.")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
        raise _wrong(
            name, f"应为 {low} 到 {high} 的整数。", f"it must be a whole number from {low} to {high}."
        )
    return int(text)


def _networks(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses or networks, comma separated."""
    try:
        return tuple(
            str(ipaddress.ip_network(one.strip())) for one in env.get(name, "").split(",") if one.strip()
        )
    except ValueError as error:
        raise _wrong(
            name,
            f"应为地址或网段，多个用逗号分开（{error}）。",
            f"addresses or networks, comma separated ({error}).",
        ) from error


def _check(s: Settings) -> None:
    if len(s.secret_key) < 32:
        raise _wrong(
            "SECRET_KEY", "没有设置，或不足 32 个字符。", "it is missing or shorter than 32 characters."
        )
    if not s.demo and s.secret_key == _DEMO_SECRET:
        raise _wrong("SECRET_KEY", "不能用演示密钥。", "the demo secret is not for production.")
    keys = s.data_keys.split(",")
    if not all(re.fullmatch(r"[1-9]\d{0,2}:[0-9a-fA-F]{64}", key.strip()) for key in keys):
        raise _wrong(
            "DATA_KEYS",
            "应为“编号:64 位十六进制”，多个用逗号分开。",
            "it must be `id:64 hex digits`, comma separated.",
        )
    if not s.demo and s.data_keys == _DEMO_KEY:
        raise _wrong("DATA_KEYS", "不能用演示密钥。", "the demo key is not for production.")
    if urlsplit(s.database_url).scheme.split("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise _wrong("DATABASE_URL", "只支持 sqlite 和 postgresql。", "only sqlite and postgresql are known.")
    if urlsplit(s.files_url).scheme != "file":
        raise _wrong("FILES_URL", "目前只支持 file:///…。", "only file:///… is known so far.")
    if s.smtp_url and urlsplit(s.smtp_url).scheme not in ("smtp", "smtps"):
        raise _wrong("SMTP_URL", "应以 smtp:// 或 smtps:// 开头。", "it must begin with smtp:// or smtps://.")
    if not (s.content_dir / "processes").is_dir():
        raise _wrong(
            "CONTENT_DIR", f"{s.content_dir} 里没有 processes/。", f"{s.content_dir} holds no processes/."
        )
    if s.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise _wrong("LOG_LEVEL", "应为 DEBUG、INFO、WARNING 或 ERROR。", "unknown level.")
    try:
        ZoneInfo(s.office_tz)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _wrong("OFFICE_TZ", f"没有时区 {s.office_tz}。", f"there is no zone {s.office_tz}.") from error
