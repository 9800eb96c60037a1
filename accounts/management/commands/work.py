"""Does the work that waits in queued rows, without Celery."""

from __future__ import annotations

import faulthandler
import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection

from accounts import queue
from accounts.jobs import chores

logger = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two looks at the queue
PAUSE_AFTER_TROUBLE = 5.0
BEAT_EVERY = 20.0


class Command(BaseCommand):
    """``manage.py work [--once]``."""

    help = "Does what waits: mails, files, and whatever else is queued. Stops cleanly on SIGTERM and SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--once``."""
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until asked to stop; the job in hand is finished first."""
        worker = Worker()
        if options["once"]:
            queue.beat(worker.name)
            worker.drain()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.ask)
        worker.run()


class Worker:
    """One process that does one job at a time."""

    name = "work"

    def __init__(self, limit: float = queue.HARD_LIMIT) -> None:
        self.limit = limit
        self.stopping = threading.Event()

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Take note that it shall stop; a second time it stops at once."""
        self.stopping.set()
        signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Look for work until asked to stop."""
        heart = threading.Thread(target=self.beat, name="heartbeat", daemon=True)
        heart.start()
        logger.info("work: ready")
        while not self.stopping.is_set():
            calm = self.guarded(self.turn)
            close_old_connections()
            self.stopping.wait(PAUSE if calm else PAUSE_AFTER_TROUBLE)
        heart.join(timeout=PAUSE_AFTER_TROUBLE)
        logger.info("work: stopped")

    def turn(self) -> None:
        """Do what is due, and the chores of the hour."""
        self.drain()
        if not self.stopping.is_set():
            chores.run_sweeps()
            chores.run_hourly()

    def drain(self) -> int:
        """Do what is due, one row of each kind in turn, so that many of one kind hold up no other."""
        done = 0
        while True:
            found = [self.one(kind) for kind in queue.kinds() if not self.stopping.is_set()]
            done += sum(found)
            if not any(found):
                return done

    def one(self, kind: str) -> bool:
        """Do one row of a kind. A job that outlasts the limit ends the process with a trace; its lease lapses."""
        faulthandler.dump_traceback_later(self.limit, exit=True)
        try:
            return queue.run_one(kind)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def guarded(self, work: Callable[[], None]) -> bool:
        """Return whether ``work`` went well. What went wrong, such as a database that is away, is logged."""
        try:
            work()
        except Exception:
            logger.exception("work: trouble")
            return False
        return True

    def beat(self) -> None:
        """Show every 20 seconds that this worker is alive, on a connection of this thread's own."""
        while True:
            self.guarded(lambda: queue.beat(self.name))
            connection.close()
            if self.stopping.wait(BEAT_EVERY):
                return
