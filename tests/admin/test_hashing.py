"""Passwords at rest."""

from __future__ import annotations

import argon2

from admin import hashing


def test_a_password_at_rest_is_argon2id_at_the_librarys_present_cost():
    stored = argon2.PasswordHasher().hash("a password")
    assert stored.startswith("$argon2id$")
    assert hashing.holds(stored, "a password")
    assert not hashing.holds(stored, "another password")


def test_a_weaker_hash_is_stale_and_nonsense_holds_nothing():
    default = argon2.PasswordHasher()
    weaker = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert default.check_needs_rehash(weaker)
    assert not hashing.is_stale(hashing.hashed("x"))
    assert not hashing.holds("no hash at all", "x")


def test_the_same_password_is_never_stored_alike():
    assert hashing.hashed("x") != hashing.hashed("x")
