"""What every test may ask for; each kind of fixture in its own module under tests/fixtures/."""

from __future__ import annotations

import os

os.environ.setdefault("DEMO", "1")  # demo secrets; a test that wants to see them refused gives its own

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.mail",
    "tests.fixtures.chromium",
    "tests.fixtures.server",
]
