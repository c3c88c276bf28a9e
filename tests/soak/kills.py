"""Web and worker killed (SIGKILL) at random moments under load; afterwards everything must be there, once.

python -m tests.soak.kills [--kills 100] [--database sqlite|postgres] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from admin.hashing import hashed
from engine import catalog, clock, db, migrations, notify, secrets, settings
from engine.db import InstantField
from engine.models.organisations import Employer, School, Student
from engine.models.people import Account, Membership, Queue, Role
from engine.models.seed import ensure_roles
from engine.models.signing import SendListEntry
from engine.models.workflow import Outbox, ProcessInstance, UserTask
from tests import builders
from tests.fixtures.mail import MailServer
from tests.fixtures.postgres_server import Server, binaries
from tests.fixtures.server import ROOT, LiveServer, _environment, free_port
from tests.soak import clients
from tests.soak.clients import Client, Kept
from tests.soak.invariants import check

BENCH = ROOT / "tests" / "bench" / "content"
EMPLOYERS = 2
REQUESTERS = 2
SIGNERS = 3


@dataclass
class Town:
    """The program in processes of its own, its mail server, and whom it knows."""

    live: LiveServer
    mail: MailServer
    students: list[int]

    def client(self, login: str, kept: Kept, stop: threading.Event) -> Client:
        return Client(self.live.port, login, kept, stop)


def settle(env: dict[str, str], students: int) -> list[int]:
    """An empty database with two processes, two employers, a school, and so many graduates. Gives their ids."""
    made = settings.load(env)
    secrets.configure(made.data_keys)
    db.connect(made.database_url)
    with db.connection():
        migrations.upgrade()
        ensure_roles()
        secret = hashed(clients.PASSWORD)
        with db.step():
            school = builders.make_school(contact="沈老师", phone="0451-0000 0000")
            for role in ("申请人", "审批人"):
                Role.create(name=role, name_en=role, party_kind="school")
            for n in range(REQUESTERS):
                _seat(f"applicant{n}", "申请人", school, secret)
            _seat("reviewer", "审批人", school, secret)
            for n in range(2):
                _seat(f"clerk{n}", "学校", school, secret)
            firms = [
                builders.make_employer(contact="罗经理", phone="0451-0000 0001") for _ in range(EMPLOYERS)
            ]
            for n, firm in enumerate(firms):
                _seat(f"employer{n}", "用人单位", firm, secret)
            school_class = builders.make_class(builders.make_college(school))
            rows = [builders.make_student(school_class, mobile="13800000046") for _ in range(students)]
            for n, row in enumerate(rows):
                _seat(f"graduate{n}", "毕业生", row, secret)
                for firm in firms:
                    SendListEntry.create(employer=firm, student=row)
        shipped = catalog.read_folder(ROOT)
        files = {path: shipped[path] for path in catalog.closure(shipped, "online_signing")}
        for content in (files, catalog.read_folder(BENCH)):
            catalog.deploy(content, author=None, note="soak", source="shipped")
    ids = [int(row.get_id()) for row in rows]
    _unbind()
    return ids


def _seat(login: str, role: str, party: School | Employer | Student, secret: str) -> None:
    account = Account.create(login=login, name=login, email=f"{login}@town.example", password_hash=secret)
    kind = Role.get(Role.name == role).party_kind
    Membership.create(account=account, queue=Queue.of(role, kind, party.get_id()))


def _unbind() -> None:
    bound = db.database.obj
    bound.close()
    if hasattr(bound, "close_all"):
        bound.close_all()
    db.database.initialize(None)


@contextmanager
def town(kind: str, students: int, folder: Path | None = None) -> Iterator[Town]:
    """A town under way: web and worker run."""
    folder = folder or Path(tempfile.mkdtemp(prefix="qihang-soak-"))
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'qihang.db'}"
        if kind == "postgres":
            bin_dir = binaries()
            if bin_dir is None:
                raise SystemExit("no PostgreSQL server here")
            server = Server(bin_dir, durable=True)
            stack.callback(server.stop)
            url = server.url(server.create())
        mail = MailServer()
        mail.controller.start()
        stack.callback(mail.controller.stop)
        env = _environment(folder, url, SMTP_URL=mail.url, LOG_LEVEL="WARNING")
        known = settle(env, students)
        live = LiveServer(folder, env, free_port())
        stack.callback(live.stop_all)
        live.start("web")
        live.start("worker")
        yield Town(live, mail, known)


def run(kind: str, kills: int, *, students: int, seed: int, folder: Path | None = None) -> list[str]:
    """Kills so often under load, lets everything end, and gives the sentences of what does not hold."""
    chance = random.Random(seed)
    kept, stop = Kept(), threading.Event()
    with town(kind, students, folder) as here:
        threads = _load(here, kept, stop)
        killed = {"web": 0, "worker": 0}
        for _ in range(kills):
            time.sleep(chance.uniform(0.2, 2.0))
            name = chance.choice(("web", "web", "worker"))
            here.live.stop(name, signal.SIGKILL)
            killed[name] += 1
            here.live.start(name)
        stop.set()
        for thread in threads:
            thread.join(120)
        kept.problems += [f"{thread.name} hangs" for thread in threads if thread.is_alive()]
        made = settings.load(here.live.env)
        secrets.configure(made.data_keys)
        clock.set_office_zone(made.office_tz)
        notify.configure(made)
        db.connect(made.database_url)
        try:
            with db.connection():
                _drain()
                here.live.stop_all()
                found = check(kept, here.mail.messages, may_repeat=killed["worker"] * made.worker_threads)
                _say(kind, kept, killed, len(here.mail.messages))
        finally:
            _unbind()
    return found


def _load(here: Town, kept: Kept, stop: threading.Event) -> list[threading.Thread]:
    def someone(login: str) -> Client:
        made = here.client(login, kept, stop)
        if not login.startswith("graduate"):  # they sign in when it is their turn
            made.sign_in()
        return made

    jobs = [(clients.requests, (someone(f"applicant{n}"), someone("reviewer"))) for n in range(REQUESTERS)]
    for part in range(SIGNERS):
        graduates = [
            (student, someone(f"graduate{n}"))
            for n, student in enumerate(here.students)
            if n % SIGNERS == part
        ]
        employers = [someone(f"employer{n}") for n in range(EMPLOYERS)]
        clerks = [someone("clerk0"), someone("clerk1")]
        jobs.append((clients.signings, (employers, graduates, clerks)))  # type: ignore[arg-type]
    threads = [threading.Thread(target=_guarded, args=(kept, *job), name=job[0].__name__) for job in jobs]
    for thread in threads:
        thread.start()
    return threads


def _guarded(kept: Kept, work: object, words: tuple[object, ...]) -> None:
    try:
        work(*words)  # type: ignore[operator]
    except Exception as error:
        kept.note(f"a client gave up: {error!r}")


def _drain(seconds: float = 90) -> None:
    """The leases of killed workers are taken away, so that the one that runs needs not wait for them."""
    end = time.monotonic() + seconds
    waiting = Outbox.state == "waiting"
    Outbox.update(next_at=InstantField().db_value(clock.now())).where(waiting).execute()
    while Outbox.select().where(waiting).exists() and time.monotonic() < end:
        time.sleep(0.1)


def _say(kind: str, kept: Kept, killed: dict[str, int], mails: int) -> None:
    ended = ProcessInstance.select().where(ProcessInstance.state == "completed").count()
    print(
        f"{kind}: web killed {killed['web']} times, worker {killed['worker']}; {len(kept.started)} cases started,"
        f" {ended} ended, {UserTask.select().where(UserTask.state == 'done').count()} tasks done,"
        f" {len(kept.agreed)} graduates agreed, {mails} mails"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    found = run(words.database, words.kills, students=words.kills * 4, seed=words.seed)
    for sentence in found:
        print("  " + sentence)
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
