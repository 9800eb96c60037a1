"""Pages as pictures: drawn once, kept beside the file, and gone with the document."""

from __future__ import annotations

import os
import struct
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts import storage
from accounts.errors import NotFound
from accounts.models import Business
from accounts.tenancy import Actor
from extraction.intake import pictures
from extraction.intake.pictures import WIDTH, picture_key
from extraction.jobs.files import forget_stray_files
from extraction.services import pictures as service
from extraction.services.pictures import page_picture
from extraction.services.uploads import delete_document
from invoicing.errors import NoPicture, PictureTooCostly
from tests.extraction import papers
from tests.factories.extraction import make_document

pytestmark = pytest.mark.django_db


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_page_is_drawn_once(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(business, papers.plain(pages=2))
    first = page_picture(document, 2)
    assert size_of(first) == (WIDTH, 1981)
    monkeypatch.setattr(service, "draw_page", None)
    assert page_picture(document, 2) == first
    assert storage.read(picture_key(document.file_key, 2)) == first


@pytest.mark.parametrize("size", [(3, 14_400), (14_400, 14_400), (14_400, 3)])
def test_a_page_of_any_shape_stays_within_25_million_pixels(business: Business, size: tuple[float, float]) -> None:
    width, height = size_of(page_picture(make_document(business, papers.plain(size=size)), 1))
    assert 0 < width * height <= 25_000_000


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_is_not_drawn(business: Business, number: int) -> None:
    with pytest.raises(NotFound):
        page_picture(make_document(business), number)


def test_a_page_without_its_file_is_not_there(business: Business) -> None:
    document = make_document(business)
    storage.forget(document.file_key)
    with pytest.raises(NotFound):
        page_picture(document, 1)


def test_a_page_that_cannot_be_drawn_is_not_tried_again_at_once(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials: list[int] = []

    def costly(*_args: Any, page: int, **_options: Any) -> bytes:
        trials.append(page)
        raise PictureTooCostly

    document = make_document(business)
    monkeypatch.setattr(pictures, "page_png", costly)
    for _ in range(2):
        with pytest.raises(NoPicture):
            page_picture(document, 1)
    assert trials == [0]
    cache.clear()
    monkeypatch.undo()
    assert page_picture(document, 1)


def test_pictures_go_with_their_document(
    business: Business, kept: Any, django_capture_on_commit_callbacks: Any
) -> None:
    document, other = (
        make_document(business, papers.plain(pages=2)),
        make_document(business, papers.plain(mark="other")),
    )
    for number in (1, 2):
        page_picture(document, number)
    page_picture(other, 1)
    with django_capture_on_commit_callbacks(execute=True):
        delete_document(document=document, actor=Actor.system(business.pk))
    assert kept() == sorted(key.rpartition("/")[2] for key in (other.file_key, picture_key(other.file_key, 1)))


def test_pictures_stay_as_long_as_their_document_and_strays_go(business: Business, kept: Any) -> None:
    document = make_document(business)
    page_picture(document, 1)
    stray = storage.path_of(f"{document.file_key[:-4]}gone.1.png")
    stray.write_bytes(b"stray")
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for path in stray.parent.iterdir():
        os.utime(path, (old, old))
    forget_stray_files(timezone.now())
    assert len(kept()) == 2
    assert not stray.exists()
