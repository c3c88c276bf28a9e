"""The room's blueprint, which each of its pages hangs itself on."""

from __future__ import annotations

from flask import Blueprint

#: The process that a letter begins.
PROCESS = "online_signing"

signing = Blueprint("signing", __name__)
