"""What the README shows works as it stands there."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from accounts.queue import run_due
from invoicing.models import Invoice

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.django_db(transaction=True)
def test_commands_of_the_readme_bring_an_invoice_to_the_client(
    live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_DIR", tmp_path / "mail")
    shown = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert len(re.findall(r"\bcurl\b", shown)) == 8
    script = "set -eu\n" + shown.replace("http://localhost:8000", live_server.url)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    listed = json.loads(done.stdout.splitlines()[-1][done.stdout.splitlines()[-1].index('{"count"') :])
    assert listed["results"] == [
        {"invoice_number": Invoice.objects.get().number, "status": "issued", "total": 22680, "amount_due": 22680}
    ]
    assert (tmp_path / "invoice.pdf").read_bytes().startswith(b"%PDF-")
    run_due()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2  # the address to verify, and the invoice


def test_pictures_of_the_documentation_are_there_and_small() -> None:
    shown = []
    for page in (README, *sorted((README.parent / "docs").glob("*.md"))):
        paths = re.findall(r"(?:\]\(|src=\")([\w./-]+\.png)", page.read_text(encoding="utf-8"))
        shown += [page.parent / path for path in paths]
    assert len(shown) >= 9
    kept = subprocess.run(["git", "ls-files", "docs"], cwd=README.parent, capture_output=True, text=True, check=False)
    listed = {README.parent / path for path in kept.stdout.split()}
    assert [path for path in shown if not path.exists() or (listed and path not in listed)] == []
    assert [path for path in shown if path.name.startswith("paper-") and path.stat().st_size > 120_000] == []


def test_readme_is_short_and_shows_the_two_commands() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120
    for command in ("make run", "make test"):
        assert command in text
