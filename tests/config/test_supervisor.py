from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.config.processes import ROOT, alive, below, until

pytestmark = pytest.mark.kill

PROGRAM = """
import sys
from config import supervisor
from config.supervisor import Child, Supervisor
supervisor.PATIENCE = 2.0
steady = [sys.executable, "-c", "import time; time.sleep(600)  # steady"]
stubborn = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"]
family = [sys.executable, "-c", "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"]
broken = [sys.executable, "-c", "raise SystemExit(3)"]
children = {"steady": steady, "stubborn": stubborn, "family": family, "web": broken}
sys.exit(Supervisor([Child(name, children[name]) for name in sys.argv[1:]]).run())
"""


@pytest.fixture
def supervise():
    started: list[subprocess.Popen[str]] = []

    def start(*names: str) -> subprocess.Popen[str]:
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, *names], cwd=ROOT, text=True, stdout=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        for pid in [*below(process.pid), process.pid]:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        process.communicate()


def children(process: subprocess.Popen[str], count: int) -> list[int]:
    return until(lambda: len(found := list(below(process.pid))) == count and found, 10) or []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all(supervise, number):
    process = supervise("steady", "family")
    pids = children(process, 3)
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_a_child_that_does_not_listen_is_ended_after_a_while(supervise):
    process = supervise("stubborn")
    assert process.stdout.readline() == "deaf\n"
    pids = children(process, 1)
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert [pid for pid in pids if alive(pid)] == []


def test_a_killed_child_comes_back_and_its_own_children_go(supervise):
    process = supervise("family")
    first = children(process, 2)
    os.kill(first[0], signal.SIGKILL)
    until(lambda: not any(alive(pid) for pid in first), 10)
    second = children(process, 2)
    assert set(first) & set(second) == set()
    assert len(second) == 2


def test_a_killed_supervisor_takes_its_children_along(supervise):
    process = supervise("steady")
    pids = children(process, 1)
    process.kill()
    process.wait()
    until(lambda: not any(alive(pid) for pid in pids), 10)
    assert [pid for pid in pids if alive(pid)] == []


def test_a_web_server_that_cannot_load_the_application_ends_all(supervise):
    process = supervise("steady", "web")
    assert process.wait(timeout=10) == 1
