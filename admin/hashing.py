"""Passwords at rest: argon2, and the same time for a login that nobody has."""

from __future__ import annotations

from functools import cache

import argon2

hasher = argon2.PasswordHasher()
ONCE = "once:"


@cache
def nobodys() -> str:
    """Compared with where there is no account, so that the answer takes as long."""
    return hashed("nobody's password")


def hashed(password: str) -> str:
    """The stored form of a password."""
    return hasher.hash(password)


def hashed_once(password: str) -> str:
    """The stored form of a password that only serves to choose one's own."""
    return ONCE + hashed(password)


def is_once(password_hash: str) -> bool:
    """Whether the password must be replaced before anything else is done."""
    return password_hash.startswith(ONCE)


def holds(password_hash: str, password: str) -> bool:
    """Whether the password is right; takes its time either way."""
    try:
        return hasher.verify(password_hash.removeprefix(ONCE), password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def is_stale(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return not is_once(password_hash) and hasher.check_needs_rehash(password_hash)
