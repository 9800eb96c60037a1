"""Run the measurements of this folder, each in a process of its own; end with 1 where a bound is missed.

``python -m bench`` runs all of them, ``python -m bench pdf --documents 1000`` one, with what it takes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    here = Path(__file__).parent
    names = sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    chosen, options = (sys.argv[1:2], sys.argv[2:]) if sys.argv[1:2] and sys.argv[1] in names else (names, sys.argv[1:])
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}", *options], cwd=here.parent, check=False).returncode
        for name in chosen
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
