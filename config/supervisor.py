"""Keeps the web server and its workers running: restarts what dies, and leaves nothing behind when it ends."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

PAUSE = 0.1  # seconds between two looks at the children
FIRST_DELAY = 1.0  # seconds before a restart, doubled each time
LONGEST_DELAY = 30.0
STEADY = 60.0  # seconds alive after which the delay begins anew
PATIENCE = 15.0  # seconds to finish after being asked to
# A web server that cannot load the application, or ends by itself at once: trying again is no use.
BOOT_ERROR = 3
EARLY = 10.0  # seconds
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program to keep running, and what is known of it."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    delay: float = FIRST_DELAY


def bound_to_parent() -> Callable[[], None]:
    """Return what a new process runs first, so that the end of this one ends it too (Linux)."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def bind() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return bind


@dataclass
class Supervisor:
    """Runs children until it is asked to stop by SIGINT, SIGTERM or SIGHUP."""

    children: list[Child]
    stopping: bool = False
    code: int = 0
    impatient: bool = False
    bind: Callable[[], None] = field(default_factory=bound_to_parent)

    def run(self) -> int:
        """Keep the children running; return the exit code once all have ended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)
        try:
            while not self.stopping:
                for child in self.children:
                    self.tend(child)
                time.sleep(PAUSE)
        finally:
            self.end()
        return self.code

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Take note that it shall stop; when asked twice, at once."""
        self.impatient = self.stopping
        self.stopping = True

    def tend(self, child: Child) -> None:
        """Start a child that is due, and note the end of one that has ended."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self.start(child, now)
            return
        code = child.process.poll()
        if code is not None:
            self.bury(child, code, now)

    def start(self, child: Child, now: float) -> None:
        """Start a child in a group of its own, so that Ctrl-C reaches this process alone."""
        child.started = now
        child.process = subprocess.Popen(
            child.command,
            pass_fds=child.pass_fds,
            start_new_session=True,
            preexec_fn=self.bind,  # noqa: PLW1509 -- this process has one thread
        )

    def bury(self, child: Child, code: int, now: float) -> None:
        """Clear up after a child that ended by itself, and set when it comes again."""
        kill_group(child)
        child.process = None
        if child.name == "web" and (code == BOOT_ERROR or (code > 0 and now - child.started < EARLY)):
            self.stopping, self.code = True, 1
            return
        child.delay = FIRST_DELAY if now - child.started > STEADY else min(child.delay * 2, LONGEST_DELAY)
        child.due = now + child.delay / 2
        logger.warning("%s ended with %d, again in %.0f s", child.name, code, child.delay / 2)

    def end(self) -> None:
        """Ask all children to finish, and end those that do not in time."""
        running = [child for child in self.children if child.process is not None and child.process.poll() is None]
        for child in running:
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + PATIENCE
        while any(child.process is not None and child.process.poll() is None for child in running):
            if self.impatient or time.monotonic() > deadline:
                break
            time.sleep(PAUSE)
        for child in running:
            kill_group(child)


def kill_group(child: Child) -> None:
    """End whatever is left of a child's group."""
    if child.process is None:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
