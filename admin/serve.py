"""Serving: one web process (or several), and `qihang run`, which keeps web and worker beside each other."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from types import FrameType

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from admin import wiring, worker
from admin.app import create_app
from admin.demo import rows as demo
from admin.demo import signings
from admin.door import App
from engine import catalog, db, migrations
from engine.models.seed import check_hash_key, ensure_roles
from engine.settings import Settings

_PR_SET_PDEATHSIG = 1
_POLL = 0.05


def prepare(settings: Settings) -> list[str]:
    """Migrates, deploys what is shipped, and in demo mode writes the demo's rows. Idempotent.

    Says what it did. Raises DeploymentRefused, OperationsMissing, SettingInvalid.
    """
    wiring.bind(settings)
    with db.connection():
        said = [f"migrated: {name}" for name in migrations.upgrade()]
        ensure_roles()
        check_hash_key()
        shipped = catalog.deploy_shipped(settings.content_dir)
        said += [f"deployed: {process_id}" for process_id in shipped.published]
        said += [f"kept as a draft beside yours: {process_id}" for process_id in shipped.drafted]
        if settings.demo and demo.load():
            said.append(f"demo data loaded, {signings.begin()} signings under way")
    db.let_go()  # web and worker are forked from here
    return said


def application() -> App:
    """What a web process serves. What stands at the start is left out of later rounds of garbage collection,
    and rounds are rarer: a request makes few cycles."""
    made = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    return made


def web(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT."""
    Granian(
        "admin.serve:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        backlog=1024,
        backpressure=max(settings.web_threads * 16, 64),
        http1_settings=HTTP1Settings(keep_alive=True),
        websockets=False,
        log_enabled=settings.log_level == "DEBUG",
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        process_name=None,
    ).serve()


class Pair:
    """Web and worker as two children; they end with their parent, whatever ends it.

    They are forked, so that what is imported already need not be again: a start takes half the time.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.children: dict[str, BaseProcess] = {}
        self.stopping = False

    def start(self) -> None:
        db.database.initialize(None)  # no child may share a connection or the writers' lock
        fork = multiprocessing.get_context("fork")
        for name, work in (("web", web), ("worker", _work)):
            self.children[name] = fork.Process(target=_child, args=(work, self.settings), name=name)
            self.children[name].start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def answers(self) -> bool:
        """Waits until the web process answers; False where it ended before."""
        url = f"http://{self.settings.host}:{self.settings.port}/health"
        while not self.stopping and self.children["web"].is_alive():
            try:
                urllib.request.urlopen(url, timeout=5).close()
            except OSError:
                time.sleep(_POLL)
            else:
                return True
        return False

    def wait(self) -> int:
        """Until a signal comes or a child ends; then both end. Gives the exit code."""
        failed = 0
        while not self.stopping:
            for name, child in self.children.items():
                if not child.is_alive():
                    _say(f"qihang: {name} ended ({child.exitcode}); stopping")
                    failed, self.stopping = 1, True
            time.sleep(_POLL)
        for child in self.children.values():
            child.terminate()
        end = time.monotonic() + 8
        for child in self.children.values():
            child.join(max(0.1, end - time.monotonic()))
            if child.is_alive():
                child.kill()
        return failed


def _child(work: Callable[[Settings], None], settings: Settings) -> None:
    """In the child: a session of its own, so that Ctrl-C reaches it through the parent only."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    work(settings)


def _work(settings: Settings) -> None:
    wiring.bind(settings)
    worker.run(settings)


def run(settings: Settings) -> int:
    """`qihang run`: prepares, starts both, says where and with whom to sign in."""
    for line in prepare(settings):
        _say(f"qihang: {line}")
    pair = Pair(settings)
    pair.start()
    if pair.answers():
        _say(welcome(settings))
    return pair.wait()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def welcome(settings: Settings) -> str:
    """The address, and in demo mode whom to sign in as."""
    lines = ["", f"启航  http://{settings.host}:{settings.port}", ""]
    if settings.demo:
        lines.append(f"演示账号（密码都是 {demo.password()}）：")
        lines += [f"  {login:<12} {name}（{role}）" for login, name, role in demo.accounts()]
        lines.append("")
    lines.append("Ctrl-C 停止。")
    return "\n".join(lines)
