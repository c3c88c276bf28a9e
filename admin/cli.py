"""The command `qihang`. Each command says what it did; a wrong setting or content stops it with a sentence."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets as random
import sys
from dataclasses import replace
from pathlib import Path

from admin import doctor, hashing, keys, serve, wiring, worker
from engine import db, migrations
from engine import settings as settings_
from engine.catalog import DeploymentRefused
from engine.errors import QihangError
from engine.models.organisations import PARTY_MODELS
from engine.models.people import Account, AuditEntry, Membership, Queue, Role
from engine.models.seed import check_hash_key, ensure_roles
from engine.release import commands
from engine.settings import Settings


def main(words: list[str] | None = None) -> None:
    """Entry point of `qihang`."""
    arguments = _parser().parse_args(words)
    try:
        settings = settings_.load()
        wiring.wire(settings)
        code = arguments.do(arguments, settings)
    except DeploymentRefused as refused:
        for finding in refused.findings:
            print(finding.text("zh"), file=sys.stderr)
        code = 1
    except FileNotFoundError as error:
        print(f"qihang: {error}", file=sys.stderr)
        code = 1
    except QihangError as error:
        print(f"qihang: {error.sentence.zh}\nqihang: {error.sentence.en}", file=sys.stderr)
        code = 1
    sys.exit(code or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qihang", description="启航：就业一体化办公平台")
    parsers = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, do: object, text: str) -> argparse.ArgumentParser:
        command = parsers.add_parser(name, help=text, description=text)
        command.set_defaults(do=do)
        return command

    for name, do, text in (
        ("run", _run, "prepare, then web and worker beside each other"),
        ("web", _web, "the web process alone"),
    ):
        command = add(name, do, text)
        command.add_argument("--host")
        command.add_argument("--port", type=int)
    add("worker", _worker, "timers, mails, documents")
    add("init", _init, "migrate, deploy what is shipped, demo data where DEMO=1; what run does first")
    add("migrate", _migrate, "apply what the schema lacks")
    command = add("deploy", _deploy, "check a content folder and make what changed live")
    command.add_argument("path", type=Path)
    command.add_argument("--note", default="")
    command = add("check", _check, "check content without deploying it; needs no database")
    command.add_argument("path", type=Path, nargs="+")
    command = add("test", _test, "run the scenarios of a content folder; says which flows none has taken")
    command.add_argument("path", type=Path, nargs="+")
    add("export", _export, "write what is live as processes/ and forms/").add_argument("folder", type=Path)
    _account_parser(add("account", None, "accounts"))
    add("rotate-keys", _rotate, "write every secret anew under the first key of DATA_KEYS")
    add("doctor", _doctor, "look at what the program needs and say what is missing")
    return parser


def _account_parser(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="act")
    create = acts.add_parser("create", help="an account with a seat")
    create.add_argument("login")
    create.add_argument("name")
    create.add_argument("--role", required=True)
    create.add_argument("--party", type=int, default=0, help="id of the role's party; none for 系统管理员")
    create.add_argument("--email", default="")
    create.set_defaults(do=_create_account)
    change = acts.add_parser("password", help="sets a new password and ends the account's sessions")
    change.add_argument("login")
    change.set_defaults(do=_set_password)


# ── processes ──────────────────────────────────────────────────────────────────────────────────────


def _listening(arguments: argparse.Namespace, settings: Settings) -> Settings:
    return replace(settings, host=arguments.host or settings.host, port=arguments.port or settings.port)


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    return serve.run(_listening(arguments, settings))


def _web(arguments: argparse.Namespace, settings: Settings) -> None:
    _check_keys(settings)
    serve.web(_listening(arguments, settings))


def _worker(_arguments: argparse.Namespace, settings: Settings) -> None:
    _check_keys(settings)
    worker.run(settings)


def _check_keys(settings: Settings) -> None:
    wiring.bind(settings)
    with db.connection():
        check_hash_key()
    db.let_go()  # the web process forks its workers


def _init(_arguments: argparse.Namespace, settings: Settings) -> None:
    for line in serve.prepare(settings) or ["nothing to do"]:
        print(line)


def _migrate(_arguments: argparse.Namespace, settings: Settings) -> None:
    wiring.bind(settings)
    with db.connection():
        for name in migrations.upgrade() or ["nothing to do"]:
            print(name)
        ensure_roles()
        check_hash_key()


# ── content ────────────────────────────────────────────────────────────────────────────────────────


def _check(arguments: argparse.Namespace, _settings: Settings) -> int:
    return commands.check_paths(arguments.path, print)


def _test(arguments: argparse.Namespace, _settings: Settings) -> int:
    return commands.run_paths(arguments.path, print)


def _deploy(arguments: argparse.Namespace, settings: Settings) -> int:
    wiring.bind(settings)
    with db.connection():
        return commands.deploy_path(arguments.path, print, note=arguments.note)


def _export(arguments: argparse.Namespace, settings: Settings) -> int:
    wiring.bind(settings)
    with db.connection():
        return commands.export_path(arguments.folder, print)


# ── accounts, keys, the machine ────────────────────────────────────────────────────────────────────


def _new_password() -> str:
    """Typed twice at a terminal; read from the first line else; made up where that is empty."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip() or _made_up()
    first = getpass.getpass("新密码（空：自动生成）：")
    if not first:
        return _made_up()
    if getpass.getpass("再输一次：") != first:
        raise SystemExit("qihang: 两次输入的不一样。")
    return first


def _made_up() -> str:
    made = random.token_urlsafe(12)
    print(f"密码：{made}")
    return made


def _create_account(arguments: argparse.Namespace, settings: Settings) -> None:
    wiring.bind(settings)
    with db.connection():
        ensure_roles()
        role = Role.get_or_none(Role.name == arguments.role)
        if role is None:
            known = "、".join(row.name for row in Role.select().order_by(Role.id))
            raise SystemExit(f"qihang: 没有角色“{arguments.role}”。有：{known}")
        model = PARTY_MODELS.get(role.party_kind)
        if model is not None and model.get_or_none(model._meta.primary_key == arguments.party) is None:
            raise SystemExit(f"qihang: {role.party_kind} 没有编号 {arguments.party}，请用 --party 指明。")
        if Account.get_or_none(Account.login == arguments.login) is not None:
            raise SystemExit(f"qihang: 账号 {arguments.login} 已经有了。")
        password_hash = hashing.hashed(_new_password())
        with db.step():
            account = Account.create(
                login=arguments.login,
                name=arguments.name,
                email=arguments.email,
                password_hash=password_hash,
            )
            queue = Queue.of(role.name, role.party_kind, arguments.party if model is not None else 0)
            Membership.create(account=account, queue=queue)
            AuditEntry.write(None, "account_created", account, role=role.name)
    print(f"账号 {arguments.login} 已建好。")


def _set_password(arguments: argparse.Namespace, settings: Settings) -> None:
    wiring.bind(settings)
    with db.connection():
        account = Account.get_or_none(Account.login == arguments.login)
        if account is None:
            raise SystemExit(f"qihang: 没有账号 {arguments.login}。")
        password_hash = hashing.hashed(_new_password())
        with db.step():
            Account.update(
                password_hash=password_hash, epoch=Account.epoch + 1, failures=0, locked_until=None
            ).where(Account.id == account.id).execute()
            AuditEntry.write(None, "password_set", account)
    print("密码已改，这个账号的登录都已退出。")


def _rotate(_arguments: argparse.Namespace, settings: Settings) -> None:
    wiring.bind(settings)
    with db.connection():
        for line in keys.rotate():
            print(line)


def _doctor(_arguments: argparse.Namespace, settings: Settings) -> int:
    findings = doctor.examine(settings)
    for holds, text in findings:
        print(("ok   " if holds else "!!   ") + text)
    return 0 if all(holds for holds, _text in findings) else 1


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
