"""The limits of whatever parses an uploaded PDF: a hostile file can end its child and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from accounts import child
from accounts.child import Told

MEMORY: Final = 1024 * 1024 * 1024  # bytes
CPU_SECONDS: Final = 10
SECONDS: Final = 60.0


def run(
    program: Path,
    content: bytes,
    *arguments: str,
    memory: int = MEMORY,
    cpu_seconds: int = CPU_SECONDS,
    seconds: float = SECONDS,
) -> Told:
    """Run one of our programs over a file's bytes, within limits."""
    return child.run(program, content, *arguments, memory=memory, cpu_seconds=cpu_seconds, seconds=seconds)
