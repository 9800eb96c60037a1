"""What a process that was killed left behind is removed, and nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Business
from accounts.storage import path_of
from extraction.intake.files import keep
from extraction.jobs.files import forget_stray_files
from tests.factories.extraction import make_document

pytestmark = pytest.mark.django_db


def test_stray_files_go_once_they_are_old(business: Business, kept: Any) -> None:
    document, stray, fresh = make_document(business), keep(b"stray"), keep(b"fresh")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for key in (document.file_key, stray):
        os.utime(path_of(key), (old, old))
    forget_stray_files(timezone.now())
    assert kept() == sorted(key.rpartition("/")[2] for key in (document.file_key, fresh))


def test_it_is_done_once_a_day(kept: Any) -> None:
    cache.clear()
    forget_stray_files(timezone.now())
    os.utime(path_of(keep(b"stray")), (0, 0))
    forget_stray_files(timezone.now())
    assert len(kept()) == 1
