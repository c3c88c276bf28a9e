"""Signed cookies and CSRF tokens, each checked in full once and then known by its text.

A signature over the same text stays what it is; only its age changes, and that is looked at every time.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

_MOST = 4096
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions. A cookie seen before costs a look into a dict instead of an HMAC and a parser."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        text = request.cookies.get(self.get_cookie_name(app))
        if not text:
            return self.session_class()
        max_age = int(app.permanent_session_lifetime.total_seconds())
        known = self._known.get(text)
        if known is not None and time.time() - known[0] <= max_age:
            return self.session_class(known[1])
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            data, signed = serializer.loads(text, max_age=max_age, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        self._keep(text, signed.timestamp(), data)
        return self.session_class(data)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """A session that was only read leaves nothing but the word that the answer depends on it."""
        if session and "Vary" not in response.headers and not self.should_set_cookie(app, session):
            response.headers["Vary"] = "Cookie"
        else:
            super().save_session(app, session, response)

    def _keep(self, text: str, signed: float, data: dict[str, Any]) -> None:
        """Values that a view could alter in place (messages to be shown) are read anew each time."""
        if all(isinstance(value, str | int | None) for value in data.values()):
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[text] = (signed, data)


class Csrf(CSRFProtect):
    """Flask-WTF's check. A header's token that has passed for a session's secret passes again by comparison."""

    def __init__(self, app: Flask) -> None:
        self._known: set[tuple[str, str]] = set()
        super().__init__(app)

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method in _SAFE_METHODS:
            return
        pair = (session.get("csrf_token"), request.headers.get("X-CSRFToken"))
        if pair in self._known and not request.is_secure:
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        by_header = g.get("csrf_valid") and not request.form
        if by_header and pair[1] and current_app.config["WTF_CSRF_TIME_LIMIT"] is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known.add(pair)
