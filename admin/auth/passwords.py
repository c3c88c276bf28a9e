"""Who may enter: the password, the lock after repeated failures, an employer's registration."""

from __future__ import annotations

from typing import Any

from admin.hashing import hashed, holds, is_stale, nobodys
from engine import clock, db
from engine.actors import Actor
from engine.errors import Refused
from engine.errors import Sentence as S
from engine.models.organisations import Employer
from engine.models.people import Account, AuditEntry, Membership, Queue
from engine.models.throttle import WINDOW, Throttle

#: Failures in a row that lock an account (or a login nobody has: the two look alike) for WINDOW.
FAILURES = 5
#: Failures from one address in a WINDOW. A campus shares an address, so it is far above one person's.
FAILURES_PER_ADDRESS = 60

WRONG = S("账号或密码不对。请核对后再试。", "The account or the password is wrong. Check both and try again.")
LOCKED = S(
    "连续输错 {failures} 次，暂停 {minutes} 分钟。到时再试，或请管理员重设密码。",
    "Wrong {failures} times in a row: paused for {minutes} minutes. Try again then, or have it reset.",
).format(failures=FAILURES, minutes=int(WINDOW.total_seconds() // 60))
TOO_MANY = S(
    "这个网络里输错的次数太多，请 15 分钟后再试。",
    "Too many wrong tries from this network. Try again in 15 minutes.",
)
WAITING = S(
    "等待中心审核。审核通过后，用同一个账号和密码登录。",
    "Waiting for the centre's review. Sign in with the same account and password once it has passed.",
)
REFUSED = S(
    "单位注册没有通过审核，或已停用。请联系省中心。",
    "The employer's registration did not pass, or is disabled. Please contact the provincial centre.",
)
NO_SEAT = S(
    "这个账号目前没有岗位。请联系管理员。",
    "This account has no seat at present. Please contact the administrator.",
)


def check_in(login: str, password: str, address: str) -> Account:
    """The account of a login and password. Raises Refused with the sentence for the page.

    Counts failures per account and per address in the database, so that all processes share them.
    """
    if Throttle.count("address", address) >= FAILURES_PER_ADDRESS:
        raise Refused(TOO_MANY)
    account = _find(login)
    right = holds(account.password_hash if account else nobodys(), password)
    if _locked(account, login):
        raise Refused(LOCKED)
    if account is None or not right or not account.active:
        raise Refused(_failed(account, login, address))
    _may_enter(account)
    _succeeded(account, password, address)
    return account


def _find(login: str) -> Account | None:
    """The account of a login, or of an employer by its credit code."""
    found: Account | None = Account.get_or_none(Account.login == login)
    if found is None and len(login) == 18:
        found = (
            Account.select()
            .join(Membership)
            .join(Queue)
            .join(Employer, on=((Queue.party_kind == "employer") & (Queue.party_id == Employer.id)))
            .where((Employer.credit_code == login.upper()) & Membership.until.is_null())
            .order_by(Account.id)
            .first()
        )
    return found


def _locked(account: Account | None, login: str) -> bool:
    if account is not None:
        return account.locked_until is not None and account.locked_until > clock.now()
    return Throttle.count("login", login) >= FAILURES


def _failed(account: Account | None, login: str, address: str) -> S:
    Throttle.add("address", address)
    if account is None:
        return LOCKED if Throttle.add("login", login) >= FAILURES else WRONG
    with db.step():
        Account.update(failures=Account.failures + 1).where(Account.id == account.id).execute()
        failures = Account.select(Account.failures).where(Account.id == account.id).scalar()
        if failures >= FAILURES:
            Account.update(failures=0, locked_until=clock.now() + WINDOW).where(
                Account.id == account.id
            ).execute()
        AuditEntry.write(None, "sign_in_failed", account)
    return LOCKED if failures >= FAILURES else WRONG


def _may_enter(account: Account) -> None:
    """An employer enters once its registration has passed (P01 rule 1, P11 precondition)."""
    queues = list(
        Queue.select(Queue.party_kind, Queue.party_id)
        .join(Membership)
        .where(
            (Membership.account == account) & (Membership.until.is_null() | (Membership.until > clock.now()))
        )
    )
    if not queues:
        raise Refused(NO_SEAT)
    employers = [queue.party_id for queue in queues if queue.party_kind == "employer"]
    if not employers or len(employers) < len(queues):
        return
    states = {row.state for row in Employer.select(Employer.state).where(Employer.id.in_(employers))}
    if "passed" not in states:
        raise Refused(WAITING if "pending" in states else REFUSED)


def _succeeded(account: Account, password: str, address: str) -> None:
    values: dict[str, Any] = {"failures": 0, "locked_until": None, "last_sign_in": clock.now()}
    if is_stale(account.password_hash):
        values["password_hash"] = hashed(password)
    with db.step():
        Account.update(**values).where(Account.id == account.id).execute()
        AuditEntry.write(None, "sign_in", account)


def change(actor: Actor, old: str, new: str) -> Account:
    """Sets a new password and ends every other session. Raises Refused where the old one is wrong."""
    account = Account.get_by_id(actor.account_id)
    if _locked(account, account.login):
        raise Refused(LOCKED)
    if not holds(account.password_hash, old):
        raise Refused(_failed(account, account.login, f"account:{account.id}"))
    with db.step():
        Account.update(password_hash=hashed(new), epoch=Account.epoch + 1, failures=0).where(
            Account.id == account.id
        ).execute()
        AuditEntry.write(actor, "password_changed", account)
    return Account.get_by_id(account.id)


def end_sessions(actor: Actor) -> None:
    """Ends every session of the account, this one included."""
    with db.step():
        Account.update(epoch=Account.epoch + 1).where(Account.id == actor.account_id).execute()
        AuditEntry.write(actor, "signed_out_everywhere")
