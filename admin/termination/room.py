"""The room's blueprint and the process it is about."""

from __future__ import annotations

from flask import Blueprint

PROCESS = "termination"

termination = Blueprint("termination", __name__)
