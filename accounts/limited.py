"""The program that takes away from itself what reading a PDF does not need, then runs another; ``child`` starts it.

Its arguments are the memory in bytes, the seconds of CPU, the path of the program to run, and that program's own.
Like the programs it runs, it imports nothing of the application.
"""

from __future__ import annotations

import resource
import runpy
import sys

OPEN_FILES = 32


def limit(memory: int, cpu_seconds: int) -> None:
    """Set the limits, for good."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.argv = sys.argv[3:]
    runpy.run_path(sys.argv[0], run_name="__main__")
