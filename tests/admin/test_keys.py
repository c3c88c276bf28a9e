"""rotate-keys: old secrets are written anew, and the old key may go."""

from __future__ import annotations

import pytest

from admin import keys
from engine import db, files, secrets
from engine.errors import SettingInvalid
from engine.models.organisations import Student
from engine.models.seed import check_hash_key
from tests.builders import make_student

OLD, NEW = "1:" + "11" * 32, "2:" + "22" * 32


@pytest.fixture(autouse=True)
def _keys():
    yield
    secrets.configure("1:" + "5c" * 32)


def test_everything_is_readable_by_the_new_key_alone(database, tmp_path):
    files.configure((tmp_path / "files").as_uri())
    secrets.configure(OLD)
    student = make_student()
    blob = files.put(b"a paper")
    secrets.configure(f"{NEW},{OLD}")
    assert Student.get_by_id(student.id).id_number == student.id_number
    said = list(keys.rotate())
    assert "student.id_number: 1" in said
    assert "blobs: 1 of 1" in said
    assert [line for line in keys.rotate() if not line.endswith(" 0") and "blobs" not in line] == []
    secrets.configure(NEW)
    assert Student.get_by_id(student.id).id_number == student.id_number
    assert files.get(blob) == b"a paper"
    stored = db.run_sql("SELECT id_number FROM student").fetchone()[0]
    assert secrets.key_id(bytes(stored)) == 2


def test_without_the_oldest_key_nothing_starts_until_people_are_found_by_number_again(database, tmp_path):
    files.configure((tmp_path / "files").as_uri())
    secrets.configure(OLD)
    check_hash_key()
    student, without = make_student(), make_student(mobile="")
    secrets.configure(f"{NEW},{OLD}")
    list(keys.rotate())
    check_hash_key()
    secrets.configure(NEW)
    with pytest.raises(SettingInvalid, match="rotate-keys"):
        check_hash_key()
    assert "student.id_number_hash: 2" in list(keys.rotate())
    check_hash_key()
    assert Student.get(Student.id_number_hash == secrets.keyed_hash(student.id_number)).id == student.id
    assert Student.get_by_id(without.id).mobile_hash == ""
    assert not [line for line in keys.rotate() if "_hash" in line]
