"""Clients that go on through crashes: whatever was not answered is sent again, with the same key or task id."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.bench.workload import payload, review

PASSWORD = "bench-password-1"
PATIENCE = 180
LETTER = {
    "position": "测试工程师",
    "position_category": "13",
    "work_place": "松岚市高新区",
    "probation_pay": "4800",
    "regular_pay": "6000",
    "archive_route": "employer",
    "archive_address": "松岚市高新区云帆路 18 号",
    "household_address": "不接收户口",
    "takes_party_relation": "no",
    "agreed_matters": "服务期 2 年。",
    "answer_days": "5",
    "_confirmed": "send",
}
AGREE = {"answer": "agree", "_confirmed": "agree"}


class Stopped(Exception):
    """The program has not answered for PATIENCE seconds."""


@dataclass
class Kept:
    """What clients were told has happened: it must be stored, once. `problems`: answers nobody expected."""

    started: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    done: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    agreed: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, text: str) -> None:
        with self.lock:
            self.problems.append(text)


class Client:
    """Someone signed in, who tries again until an answer comes."""

    def __init__(self, port: int, login: str, kept: Kept, stop: threading.Event) -> None:
        self.port, self.login, self.kept, self.stop = port, login, kept, stop
        self.cookie = self.token = ""
        self.connection: http.client.HTTPConnection | None = None

    def twin(self) -> Client:
        """Another tab of the same browser."""
        other = Client(self.port, self.login, self.kept, self.stop)
        other.cookie, other.token = self.cookie, self.token
        return other

    def call(self, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, Any, int]:
        """Status, JSON answer, and how often it was sent. Raises Stopped after PATIENCE."""
        if not self.token:
            self.sign_in()
        return self._try(method, path, data, headers)

    def sign_in(self) -> None:
        self.token = self._try("GET", "/sign-in", None, {})[1]["csrf_token"]
        body = {"login": self.login, "password": PASSWORD}
        self.token = self._try("POST", "/sign-in", body, {})[1]["csrf_token"]

    def _try(self, method: str, path: str, data: Any, headers: dict[str, str]) -> tuple[int, Any, int]:
        end = time.monotonic() + PATIENCE
        sent = 0
        while True:
            sent += 1
            try:
                status, answer = self._once(method, path, data, headers)
                if status < 500:
                    return status, answer, sent
                self.kept.note(f"{status} {method} {path}: {answer}")
            except (OSError, http.client.HTTPException, ValueError):
                self.connection = None
            if time.monotonic() > end:
                raise Stopped(f"no answer for {PATIENCE} s: {method} {path}")
            time.sleep(random.uniform(0.02, 0.2))

    def _once(self, method: str, path: str, data: Any, headers: dict[str, str]) -> tuple[int, Any]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Accept": "application/json", "Cookie": self.cookie, "X-CSRFToken": self.token, **headers}
        body = data if data is None or isinstance(data, str) else json.dumps(data)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        content = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("qihang="):
                self.cookie = cookie.split(";")[0]
        if "json" in (response.headers.get("Content-Type") or ""):
            return response.status, json.loads(content)
        return response.status, content.decode()

    # ── acts ───────────────────────────────────────────────────────────────────────────────────

    def start(self, path: str, data: dict[str, Any]) -> int | None:
        """Starts a case under a key of its own; the same key is sent again until an answer comes."""
        key = uuid.uuid4().hex
        status, answer, _sent = self.call("POST", path, data, **{"Idempotency-Key": key})
        if status != 201:
            self.kept.note(f"{status} at start {path}: {answer}")
            return None
        self.kept.started[key] = answer["instance"]
        return int(answer["instance"])

    def invite(self, student: int) -> None:
        """Sends the letter to a graduate on the list, as the page's form does."""
        key = uuid.uuid4().hex
        body = urlencode({**LETTER, "student": student, "_start_key": key})
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        status, text, sent = self.call("POST", "/signing/send/invite", body, **form)
        found = re.search(r"/invitations/(\d+)", str(text))
        if status != 200 or found is None:
            self.kept.note(f"{status} at the letter to {student} (sent {sent} times)")
        else:
            self.kept.sent[f"{key}:{student}"] = int(found[1])

    def waiting(self) -> list[tuple[int, int]]:
        """Case and id of this person's open tasks, the first page."""
        _status, answer, _sent = self.call("GET", "/tasks")
        return [(row["instance"], row["id"]) for row in answer["tasks"]]

    def tasks(self, instance: int) -> list[int]:
        """Ids of the open tasks of a case that are this person's."""
        _status, answer, _sent = self.call("GET", f"/tasks?instance={instance}")
        return [row["id"] for row in answer["tasks"]]

    def submit(self, task: int, data: dict[str, Any], *, rivals: bool = False) -> bool:
        """Completes a task. Where it had to be sent again, or has rivals, "already done" is an answer too."""
        status, answer, sent = self.call("POST", f"/tasks/{task}", data)
        if status == 200:
            self.kept.done[task] = data
            return True
        if status == 409 and (sent > 1 or rivals):
            self.kept.done.setdefault(task, None)
            return False
        if not rivals:
            self.kept.note(f"{status} at task {task} (sent {sent} times): {answer}")
        return False


def requests(student: Client, school: Client) -> None:
    """The workload "request", over and over."""
    while not student.stop.is_set():
        case = student.start("/start/request", {})
        if case is None:
            return
        for person, data in ((student, payload()), (school, review())):
            for task in person.tasks(case):
                person.submit(task, data)


def signings(employers: list[Client], graduates: list[tuple[int, Client]], clerks: list[Client]) -> None:
    """Each graduate gets a letter of each employer and agrees to all at once; two clerks audit at once."""
    for student, graduate in graduates:
        if graduate.stop.is_set():
            return
        for employer in employers:
            employer.invite(student)
        tasks = graduate.waiting()
        twins = [graduate.twin() for _ in tasks]
        won = _together(
            [
                lambda twin=twin, task=task: twin.submit(task, AGREE, rivals=True)
                for twin, (_case, task) in zip(twins, tasks, strict=True)
            ]
        )
        if any(won):
            graduate.kept.agreed.add(student)
        for case, _task in tasks:
            audits = [(clerk, task) for clerk in clerks for task in clerk.tasks(case)]
            _together(
                [
                    lambda clerk=clerk, task=task: clerk.submit(task, {"result": "pass"}, rivals=True)
                    for clerk, task in audits
                ]
            )


def _together(acts: list[Any]) -> list[Any]:
    results: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        results[number] = acts[number]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
