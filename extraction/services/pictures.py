"""The pages of a document as pictures."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from django.core.cache import cache

from accounts import storage
from accounts.errors import NotFound
from extraction.intake.files import write
from extraction.intake.pictures import draw_page, picture_key
from extraction.models import Document
from invoicing.errors import NoPicture, PictureTooCostly

NOT_BEFORE: Final = 600  # seconds until a page that could not be drawn is tried again


def page_picture(document: Document, number: int) -> bytes:
    """Return a page, counted from 1, as PNG; it is drawn once.

    Raises ``NotFound`` where there is no such page or no file, ``NoPicture`` where it cannot be drawn.
    """
    if not 1 <= number <= document.pages:
        raise NotFound
    key = picture_key(document.file_key, number)
    with suppress(FileNotFoundError):
        return storage.read(key)
    mark = f"extraction.picture:{key}"
    if cache.get(mark):
        raise PictureTooCostly
    try:
        png = draw_page(storage.read(document.file_key), number)
    except FileNotFoundError:
        raise NotFound from None
    except NoPicture:
        # Each trial takes seconds, and a page asks for all its pictures.
        cache.set(mark, True, NOT_BEFORE)
        raise
    # Where there is no room the page is still shown.
    with suppress(OSError):
        write(key, png)
    return png
