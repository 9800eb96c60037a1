"""A short-lived process for whatever parses a PDF: a hostile file can end that process and nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extraction.intake import limited

LAUNCHER: Final = Path(limited.__file__)
MEMORY: Final = 1024 * 1024 * 1024  # bytes
CPU_SECONDS: Final = 10
SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a child wrote before it ended, and whether it ended by itself."""

    output: bytes
    is_whole: bool


def run(
    program: Path,
    content: bytes,
    *arguments: str,
    memory: int = MEMORY,
    cpu_seconds: int = CPU_SECONDS,
    seconds: float = SECONDS,
) -> Told:
    """Run one of our programs over a file's bytes, within limits, without environment and files to write."""
    command = [sys.executable, "-I", str(LAUNCHER), str(memory), str(cpu_seconds), str(program), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own programs
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Told(late.stdout or b"", is_whole=False)
    return Told(done.stdout, is_whole=done.returncode == 0)
