"""The database of an address."""

from __future__ import annotations

from pathlib import Path

from engine import db


def test_what_an_address_has_to_escape_is_taken_plain(tmp_path: Path) -> None:
    made = db.make("postgresql://caf%C3%A9:p%40ss%2Fw@db.example/my%20base")
    assert made.database == "my base"
    assert (made.connect_params["user"], made.connect_params["password"]) == ("café", "p@ss/w")
    db.make(f"sqlite:///{tmp_path}/my%20base.db").connect()
    assert (tmp_path / "my base.db").exists()
