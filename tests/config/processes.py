"""Starts the application's commands as processes of their own, with a folder and settings of their own."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

T = TypeVar("T")
ROOT = Path(settings.BASE_DIR)
NAMES = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def environment(folder: Path, **given: str) -> dict[str, str]:
    """Return an environment with the given settings alone."""
    # What tests/conftest.py sets for Playwright is nothing that a deployment may have.
    kept = {name: value for name, value in os.environ.items() if name not in {*NAMES, "DJANGO_ALLOW_ASYNC_UNSAFE"}}
    # A .env of whoever works here is overruled: an empty value is the default.
    blank = dict.fromkeys(NAMES, "")
    # Gunicorn reads this one by itself, and stops at an empty value.
    blank["WEB_CONCURRENCY"] = "2" if given.get("REDIS_URL") else "1"
    fixed = {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return kept | blank | fixed | {"VAR_DIR": str(folder)} | given


def manage(*arguments: str, folder: Path, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ``manage.py`` to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(folder, **settings),
        input=given,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(look: Callable[[], T], seconds: float = 60) -> T:
    """Return the first true answer, or the last one when the time is up."""
    deadline = time.monotonic() + seconds
    while not (answer := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def alive(pid: int) -> bool:
    """Return whether a process runs (and is not merely waiting to be buried)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def below(pid: int) -> dict[int, str]:
    """Return all processes that a process has started, and those have, with their command lines."""
    parents = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            if status[0] != "Z":
                parents[int(entry.name)] = int(status[1])
    found: dict[int, str] = {}
    wanted = [pid]
    while wanted:
        parent = wanted.pop()
        for child in [child for child, its_parent in parents.items() if its_parent == parent]:
            with suppress(OSError):
                found[child] = (Path("/proc") / str(child) / "cmdline").read_text().replace("\0", " ").strip()
            wanted.append(child)
    return found


@dataclass
class Served:
    """The application, running."""

    process: subprocess.Popen[str]
    port: int
    output: Path

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of an answer, or 0 where there is none."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def comes_to(self, look: Callable[[], T], seconds: float = 90) -> T:
        """Return the first true answer; end early, with the output, where the application ended."""
        answer = until(lambda: look() or self.process.poll() is not None, seconds) and look()
        assert answer, self.output.read_text()
        return answer

    def healthy(self) -> bool:
        """Return whether ``/health`` says so."""
        return self.get("/health")[0] == 200

    def children(self) -> dict[int, str]:
        """Return all that the supervisor has started."""
        return below(self.process.pid)

    def one(self, words: str) -> int:
        """Return the supervisor's child with these words in its command line, or 0."""
        for pid, command in self.children().items():
            if words in command:
                return pid
        return 0

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=40)


@contextmanager
def served(folder: Path, **given: str) -> Iterator[Served]:
    """Serve the application from a folder, and end it and all it started at the end."""
    port = free_port()
    output = folder / "output.log"
    with output.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment(folder, PORT=str(port), **given),
            stdout=sink,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started: set[int] = set()
        try:
            yield Served(process, port, output)
        finally:
            started |= set(below(process.pid))
            if process.poll() is None:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=30)
            for pid in [process.pid, *started]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """Give settings for a database that is empty: a new one beside the tests' own, or SQLite in the folder."""
    if connection.vendor == "sqlite":
        yield {}
        return
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"invoicing_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {"DATABASE_URL": address._replace(path=f"/{name}").geturl()}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
