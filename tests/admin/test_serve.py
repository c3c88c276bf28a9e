"""The whole program in processes of its own: `qihang run` and what ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.fixtures.mail import free_port
from tests.fixtures.server import QIHANG, ROOT, _environment


@pytest.fixture
def program(demo_template: Path, tmp_path: Path):
    """`qihang run` on a copy of the demo; it has printed its address when this returns."""
    (tmp_path / "qihang.db").write_bytes((demo_template / "qihang.db").read_bytes())
    port = free_port()
    env = _environment(tmp_path, f"sqlite:///{tmp_path / 'qihang.db'}")
    process = subprocess.Popen(
        [QIHANG, "run", "--port", str(port)],
        env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    process.said, process.port = said, port  # type: ignore[attr-defined]
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
    except OSError:
        return False
    return True


def gone(port: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while answers(port):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_it_says_where_it_is_and_whom_to_sign_in_as(program):
    assert answers(program.port)
    assert f"http://127.0.0.1:{program.port}" in program.said
    assert re.search(r"shen\s+沈老师（学校）", program.said)
    assert "Songlan-2027" in program.said


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both_processes(program, how):
    program.send_signal(how)
    assert program.wait(10) == 0
    assert gone(program.port)


def test_both_end_when_their_parent_is_killed(program):
    program.kill()
    program.wait(10)
    assert gone(program.port)
    assert program.stdout.read() is not None  # nobody holds its output open any more
