"""Files that come in by the API: as parts of a form, or in base64."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from rest_framework.request import Request

from extraction.errors import InvalidDocument
from extraction.intake.checks import MOST_BYTES, check_size
from extraction.services.uploads import Upload

MOST_BODY: Final = 40_000_000  # bytes of a form with all its files
MOST_JSON: Final = MOST_BYTES // 3 * 4 + 100_000
SUPPORTING: Final = "supporting_documents"
TRUTHS: Final[Mapping[str, bool]] = {"true": True, "1": True, "false": False, "0": False, "": False}
NUMBERED: Final = ("supporting_doc_1", "supporting_doc_2")


def check_body(request: Request) -> None:
    """Refuse a form that is larger than all that could be kept of it (413), before it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BODY:
        raise RequestDataTooBig


def wants_reading(text: str) -> bool:
    """Return whether ``process`` of a form, which knows nothing but texts, says yes. Raises ``InvalidDocument``."""
    found = TRUTHS.get(text.strip().lower())
    if found is None:
        raise InvalidDocument(errors={"process": [_("This is either true or false.")]})
    return found


def main_file(request: Request) -> Upload:
    """Return the file of a form. Raises ``InvalidDocument``, ``FileTooLarge``."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidDocument(errors={"file": [_("A file is needed here.")]})
    return read(file)


def supporting_files(request: Request) -> list[Upload]:
    """Return the supporting files of a form, in their order. Raises ``FileTooLarge``."""
    listed = [file for name in (f"{SUPPORTING}[]", SUPPORTING) for file in request.FILES.getlist(name)]
    numbered = [file for name in NUMBERED for file in request.FILES.getlist(name)]
    return [read(file) for file in [*listed, *numbered]]


def read(file: UploadedFile[Any]) -> Upload:
    """Return a file's name and bytes. Raises ``FileTooLarge``."""
    check_size(file.size or 0)
    return Upload(file.name or "", file.read())


def from_base64(data: Mapping[str, Any]) -> Upload:
    """Return the file of a JSON body; its size is checked before it is decoded. Raises as ``main_file`` does."""
    text, name = data.get("pdf_base64"), data.get("pdf_name", "")
    if not isinstance(text, str) or not text:
        raise InvalidDocument(errors={"pdf_base64": [_("A file is needed here.")]})
    if not isinstance(name, str):
        raise InvalidDocument(errors={"pdf_name": [_("A text is needed here.")]})
    check_size(len(text) // 4 * 3 - 2)
    try:
        return Upload(name, base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise InvalidDocument(errors={"pdf_base64": [_("This is not base64.")]}) from None
