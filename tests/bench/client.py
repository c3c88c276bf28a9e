"""A plain load client: one thread, one keep-alive connection per signed-in person."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """Someone signed in over HTTP. Every call is timed into `times[label]`, in milliseconds."""

    port: int
    login: str
    password: str
    times: dict[str, list[float]] = field(default_factory=dict)
    errors: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.cookie = ""
        self.token = self.call("GET", "/sign-in", label="sign in")["csrf_token"]
        answer = self.call(
            "POST", "/sign-in", {"login": self.login, "password": self.password}, label="sign in"
        )
        self.token = answer["csrf_token"]

    def call(self, method: str, path: str, data: Any = None, label: str = "") -> Any:
        """One request; the JSON answer, or None for an error (counted)."""
        headers = {"Accept": "application/json", "Connection": "keep-alive"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        body = None
        if data is not None:
            body = json.dumps(data)
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self.token}
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        content = response.read()
        self.times.setdefault(label, []).append((time.perf_counter() - began) * 1000)
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("qihang="):
                self.cookie = cookie.split(";")[0]
        if response.status >= 400:
            self.errors += 1
            return None
        return json.loads(content) if content else None


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
