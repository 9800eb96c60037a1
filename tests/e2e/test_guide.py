"""What the guide shows works as it stands there, in each language that this machine speaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from accounts.queue import run_due
from config.guide import samples
from invoicing.domain import lifecycle
from invoicing.models import Invoice

NAMES = {"sh": "guide.sh", "python": "guide.py", "js": "guide.mjs", "php": "guide.php"}
PROGRAMS = {"sh": "bash", "python": sys.executable, "js": "node", "php": "php"}


def written(folder: Path, language: str, server: str) -> Path:
    """Write all code of a language into one file, in its order."""
    path = folder / NAMES[language]
    path.write_text("\n".join(code for known, _operation, code in samples(server) if known == language), "utf-8")
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", NAMES)
def test_the_code_of_the_guide_brings_an_invoice_from_nothing_to_paid(
    language: str, live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = shutil.which(PROGRAMS[language])
    if program is None:
        pytest.skip(f"there is no {language} on this machine")
    monkeypatch.setattr(settings, "MAIL_DIR", tmp_path / "mail")
    monkeypatch.setattr(settings, "PUBLIC_URL", live_server.url)  # where links to next pages lead
    # The guide is read by a person: who runs all of it at once makes more calls than a second has room for.
    monkeypatch.setattr(settings, "RATE_LIMITS", settings.RATE_LIMITS | {"api_burst": "100/s"})
    path = written(tmp_path, language, live_server.url)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [program, str(path)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    invoice = Invoice.objects.select_related("client").get()
    assert (invoice.currency, invoice.total, invoice.amount_due) == ("EUR", 2520, 0)
    assert lifecycle.status(vars(invoice), at=invoice.created_at) == "paid"
    assert tuple(invoice.payments.values_list("reference", "method").get()) == ("TR 17", "bank_transfer")
    if language != "sh":
        assert "paid 0" in done.stdout
    run_due()
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2  # the address to verify, and the invoice
