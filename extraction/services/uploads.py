"""Taking in a supplier's document with the papers that came with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import storage
from accounts.choices import Permission
from accounts.models import Business
from accounts.schema import Cleaner, clean_decimal, clean_text
from accounts.tenancy import Actor, require
from extraction.errors import InvalidDocument, IsVerified
from extraction.intake.checks import Checked, check_pdf, check_size
from extraction.intake.files import clean_name, keep
from extraction.intake.pictures import picture_key
from extraction.models import Document, SupportingFile
from extraction.queries import first_of_content
from extraction.schema import LARGEST, LONGEST, PLACES, clean_said_day
from extraction.services.runs import Order, add_run
from extraction.services.standing import set_known_by

MOST_SUPPORTING: Final = 10


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it."""

    name: str
    content: bytes


def upload_document(
    *,
    actor: Actor,
    business: Business,
    file: Upload,
    data: Mapping[str, Any],
    supporting: Sequence[Upload] = (),
    order: Order | None = None,
    at: datetime,
    order_key: str = "",
) -> Document:
    """Keep a document, and with an ``order`` have it read. The same ``order_key`` again gives the same document.

    Raises ``InvalidDocument``, a ``BadFile`` or ``FileTooLarge``; nothing is kept then.
    """
    require(actor, business, Permission.WRITE)
    if order_key and (before := Document.objects.filter(business=business, order_key=order_key).first()):
        return before
    said = clean_said(data)
    if len(supporting) > MOST_SUPPORTING:
        sentence = _("At most %(limit)d supporting files fit.") % {"limit": MOST_SUPPORTING}
        raise InvalidDocument(errors={"supporting_documents": [sentence]})
    for each in supporting:
        check_size(len(each.content))
    checked = check_pdf(file.content)
    with kept(checked.content, *(each.content for each in supporting)) as keys, transaction.atomic():
        # One after the other, so that of two of the same bytes the second one sees the first.
        Business.objects.select_for_update(no_key=True).get(pk=business.pk)
        document = new_document(actor, business, checked, said, at)
        document.file_key, document.file_name, document.order_key = (
            keys[0],
            clean_name(file.name, "document.pdf"),
            order_key,
        )
        set_known_by(document)
        document.save(force_insert=True)
        add_supporting(document, supporting, keys[1:])
        if order is not None:
            add_run(document=document, actor=actor, at=at, order=order)
    return document


def clean_said(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the caller says of a document. Raises ``InvalidDocument``."""
    cleaner = Cleaner(data)
    for name in ("vendor_name", "vendor_tax_id", "invoice_no"):
        cleaner.take(name, clean_text, LONGEST)
    cleaner.take("invoice_date", clean_said_day)
    cleaner.take("amount", clean_decimal, places=PLACES, low=-LARGEST, high=LARGEST)
    cleaner.take("remarks", clean_text, 2000, multiline=True)
    return cleaner.done(InvalidDocument)


def new_document(actor: Actor, business: Business, checked: Checked, said: dict[str, Any], at: datetime) -> Document:
    """Return a document that is not saved yet; one of the same bytes is named, and neither is dropped."""
    return Document(
        business=business,
        uploaded_by_id=actor.user_id,
        sha256=checked.sha256,
        size=len(checked.content),
        pages=checked.pages,
        findings=checked.findings,
        duplicate_of=first_of_content(business_id=business.pk, sha256=checked.sha256),
        created_at=at,
        updated_at=at,
        **said,
    )


def add_supporting(document: Document, supporting: Sequence[Upload], keys: Sequence[str]) -> None:
    """Add the rows of the supporting files, counted from 1."""
    SupportingFile.objects.bulk_create(
        SupportingFile(
            document=document,
            position=place,
            file_key=key,
            file_name=clean_name(each.name, f"supporting-{place}"),
            size=len(each.content),
        )
        for place, (each, key) in enumerate(zip(supporting, keys, strict=True), start=1)
    )


@contextmanager
def kept(*contents: bytes) -> Iterator[list[str]]:
    """Write files and give their keys; they go again where what follows fails."""
    keys: list[str] = []
    try:
        for content in contents:
            keys.append(keep(content))  # noqa: PERF401 -- those written before a failure must be known
        yield keys
    except BaseException:
        for key in keys:
            storage.forget(key)
        raise


def delete_document(*, document: Document, actor: Actor) -> None:
    """Delete a document with its runs and files. Raises ``IsVerified``."""
    require(actor, document.business_id, Permission.WRITE)
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if locked.verified_at is not None:
            raise IsVerified
        pictures = (picture_key(locked.file_key, number) for number in range(1, locked.pages + 1))
        keys = [locked.file_key, *pictures, *locked.supporting.values_list("file_key", flat=True)]
        locked.delete()
        for key in keys:
            transaction.on_commit(partial(storage.forget, key), robust=True)
