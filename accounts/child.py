"""A short-lived process for whatever parses a file of a stranger: it can end that process and nothing else."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from accounts import limited

LAUNCHER: Final = Path(limited.__file__)


@dataclass(frozen=True, slots=True)
class Told:
    """What a child wrote before it ended, whether it came to its own end, and by which code it ended itself."""

    output: bytes
    is_whole: bool
    code: int | None = None


def run(program: Path, content: bytes, *arguments: str, memory: int, cpu_seconds: int, seconds: float) -> Told:
    """Run one of our programs over a file's bytes, without environment and files to write.

    It may take ``memory`` bytes, ``cpu_seconds`` of the processor and ``seconds`` in all.
    """
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
    return Told(done.stdout, is_whole=done.returncode == 0, code=done.returncode)
