"""`qihang rotate-keys`: every secret is written anew under the first key, a batch a step; reading goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine import db, files, models, secrets
from engine.models.remembered import Remembered
from engine.models.seed import HASH_KEY
from engine.secrets import SecretField

BATCH = 500


def rotate() -> Iterator[str]:
    """Says for each column and for the blobs how many were written anew. May be stopped and begun again."""
    for model in models.all_models():
        for field in model._meta.sorted_fields:
            if isinstance(field, SecretField):
                count = _column(model, field)
                yield f"{model.model_name()}.{field.name}: {count}"
    yield from _hashes()
    digests = files.all_digests()
    yield f"blobs: {sum(files.rewrap(digest) for digest in digests)} of {len(digests)}"


def _hashes() -> Iterator[str]:
    """The columns that numbers are searched by, where the oldest key has gone since they were written."""
    name = secrets.hash_key_name()
    if Remembered.first(HASH_KEY, name) or Remembered.get_by_id(HASH_KEY).value == name:
        return
    for model in models.all_models():
        for field in model._meta.sorted_fields:
            if isinstance(field, SecretField) and f"{field.name}_hash" in model._meta.fields:
                yield f"{model.model_name()}.{field.name}_hash: {_hashed_anew(model, field)}"
    Remembered.update(value=name).where(Remembered.name == HASH_KEY).execute()


def _hashed_anew(model: Any, field: Any) -> int:
    table, key, count = model._meta.table_name, model._meta.primary_key.column_name, 0
    after = None
    while rows := _batch(table, field.column_name, key, after):
        after = rows[-1][0]
        with db.step():
            for row_id, value in rows:
                text = secrets.decrypt(bytes(value)).decode()
                hashed = secrets.keyed_hash(text) if text else ""
                count += db.run_sql(
                    f'UPDATE "{table}" SET "{field.column_name}_hash" = ? WHERE "{key}" = ?', (hashed, row_id)
                ).rowcount
    return count


def _column(model: Any, field: Any) -> int:
    table, column = model._meta.table_name, field.column_name
    key, after, count = model._meta.primary_key.column_name, None, 0
    while True:
        rows = _batch(table, column, key, after)
        if not rows:
            return count
        after = rows[-1][0]
        stale = [(row_id, bytes(value)) for row_id, value in rows if _is_stale(bytes(value))]
        with db.step():
            for row_id, value in stale:
                # Where the row was written meanwhile it is under the first key already.
                count += db.run_sql(
                    f'UPDATE "{table}" SET "{column}" = ? WHERE "{key}" = ? AND "{column}" = ?',
                    (secrets.encrypt(secrets.decrypt(value)), row_id, value),
                ).rowcount


def _batch(table: str, column: str, key: str, after: Any) -> list[tuple[Any, Any]]:
    where = f'"{column}" IS NOT NULL' + ("" if after is None else f' AND "{key}" > ?')
    return list(
        db.run_sql(
            f'SELECT "{key}", "{column}" FROM "{table}" WHERE {where} ORDER BY "{key}" LIMIT {BATCH}',
            () if after is None else (after,),
        ).fetchall()
    )


def _is_stale(stored: bytes) -> bool:
    return secrets.key_id(stored) != secrets.writing_key()
