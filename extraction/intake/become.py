"""The program that becomes another one of the system, within the limits that ``limited`` has set; ``child`` starts it.

Its arguments are the path of that program and that program's own. It imports nothing of the application.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # More threads than one cost tesseract more time than they save.
    os.execve(sys.argv[1], sys.argv[1:], {"OMP_THREAD_LIMIT": "1"})  # noqa: S606 - a path that the application found
