"""What every answer gets on its way out: security headers, gzip, and how long it may be kept."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from functools import lru_cache, partial
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).resolve().parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_TEXT = ("text/", "application/json", "application/problem+json", "application/xml", "image/svg+xml")
_SMALL = 1400  # one packet: not worth packing

#: Scripts and styles are our own files. Style attributes may set custom properties (`--gap`); a test holds
#: templates to that. bpmn.io's editors bring their fonts as data: URLs.
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'self'"
)
#: For a document of ours that brings its own style with it: a paper's preview. No script, nothing from outside.
PAPER_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def register(app: Flask) -> None:
    """Adds the way out, and `asset()` and `bundle()` for templates."""
    headers = dict(_HEADERS)
    if app.settings.secure_cookies:  # type: ignore[attr-defined]
        headers["Strict-Transport-Security"] = "max-age=31536000"
    app.after_request(partial(_finish, headers))
    app.jinja_env.globals.update(asset=asset, bundle=bundle)


def asset(name: str) -> str:
    """The address of a static file, with its content's hash: it may be kept for ever."""
    return _asset(name, int(time.monotonic()))


@lru_cache(maxsize=1024)
def _asset(name: str, _second: int) -> str:
    """Looks at the file once a second at most: a page names dozens."""
    return url_for("static", filename=name, v=_digest(name, (STATIC / name).stat().st_mtime_ns))


def bundle(name: str) -> str:
    """The address of a built script or style: `viewer.js` → `viewer-NSSAXBWV.js`."""
    manifest = STATIC / "dist" / "manifest.json"
    return url_for("static", filename="dist/" + _manifest(manifest.stat().st_mtime_ns)[name])


@lru_cache(maxsize=256)
def _digest(name: str, _changed: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=4)
def _manifest(_changed: int) -> dict[str, str]:
    found: dict[str, str] = json.loads((STATIC / "dist" / "manifest.json").read_text())
    return found


def _finish(ours: dict[str, str], response: Response) -> Response:
    headers = response.headers
    present = {name for name, _value in headers}
    for name, value in ours.items():
        if name not in present:
            headers.add(name, value)
    static = request.endpoint == "static"
    if static:
        kept = "v" in request.args or request.path.startswith("/static/dist/")
        headers["Cache-Control"] = _FOREVER if kept else "public, max-age=300"
    elif "Cache-Control" not in present:
        headers.add("Cache-Control", "private, no-store")
    if _may_pack(response):
        _pack(response, static)
    return response


def _may_pack(response: Response) -> bool:
    if response.status_code != 200 or (response.content_length or 0) < _SMALL:
        return False
    kind = response.mimetype or ""
    return (
        (kind.startswith(_TEXT) or "javascript" in kind)
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in response.headers
    )


def _pack(response: Response, static: bool) -> None:
    if static:
        response.direct_passthrough = False
        packed = _packed_file(request.path, response.headers.get("ETag", ""), response.get_data())
    else:
        packed = gzip.compress(response.get_data(), 1)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")


class _Packed:
    """Static files packed once per process, by path and ETag."""

    kept: dict[tuple[str, str], bytes] = {}


def _packed_file(path: str, etag: str, content: bytes) -> bytes:
    key = (path, etag)
    if key not in _Packed.kept:
        _Packed.kept[key] = gzip.compress(content, 9)
    return _Packed.kept[key]
