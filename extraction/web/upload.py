"""Files that come in by the pages: dropped or chosen, several at once, and how far their reading is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import Permission
from accounts.templatetags.ui import count
from accounts.web.forms import put_errors
from extraction.choices import DocumentStatus, Failure
from extraction.errors import BadFile, ExtractionError, FileTooLarge
from extraction.intake.checks import HEAD_WITHIN, MOST_BYTES, MOST_PAGES, check_size
from extraction.models import Document
from extraction.services.runs import Order
from extraction.services.uploads import MOST_SUPPORTING, Upload, upload_document
from extraction.web.base import DocumentPage

MEGABYTE: Final = 1024 * 1024
MOST_FOLLOWED: Final = 50  # documents whose reading one page follows
READING: Final = (DocumentStatus.QUEUED, DocumentStatus.PROCESSING)


def offered() -> dict[str, Any]:
    """Return what the place to drop files says and checks before anything is sent."""
    return {
        "limits": _("PDF, up to %(size)d MB and %(pages)d pages each")
        % {"size": MOST_BYTES // MEGABYTE, "pages": MOST_PAGES},
        "most_bytes": MOST_BYTES,
        "head_within": HEAD_WITHIN,
        "too_large": _("A file may have at most %(limit)d MB.") % {"limit": MOST_BYTES // MEGABYTE},
        "not_a_pdf": _("This file is not a PDF."),
    }


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file on its way, as its row says it; ``state`` as ``components/file_row.html`` knows them."""

    name: str
    size: int  # bytes
    state: str
    words: str
    document: Document | None = None

    @property
    def is_read(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in {"done", "failed"}


def row_of(document: Document) -> FileRow:
    """Return how far a document is; needs ``latest``."""
    state, words = "done", ""
    match document.status:
        case DocumentStatus.QUEUED:
            state, words = "reading", _("Waiting to be read")
        case DocumentStatus.PROCESSING:
            state, words = "reading", _("Being read…")
        case DocumentStatus.FAILED:
            state, words = "failed", str(Failure(document.latest.failure).label) if document.latest else ""
        case DocumentStatus.NEW:
            words = _("Kept")
        case _:
            words = _("Read. Verify what was found.")
    return FileRow(document.file_name, document.size, state, words, document)


class DocumentUpload(DocumentPage):
    """Dropped files. Each stands for itself: a bad one does not hold the others up."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the files and have them read; a script sends one at a time and gets its row."""
        rows = [self.taken(file) for file in request.FILES.getlist("file")]
        if request.headers.get("HX-Request") == "true" and rows:
            refused = rows[0].document is None
            return self.page("extraction/file_rows.html", {"rows": rows[:1]}, status=422 if refused else 201)
        self.tell(rows)
        return redirect("extraction:document_list")

    def taken(self, file: UploadedFile[Any]) -> FileRow:
        """Keep one file, and say how that went."""
        name, size = file.name or "", file.size or 0
        try:
            document = upload_document(
                actor=self.actor,
                business=self.business,
                file=read(file),
                data={},
                order=Order(),
                at=timezone.now(),
            )
        except ExtractionError as refused:
            return FileRow(name, size, "failed", str(refused.detail))
        return row_of(self.document_or_404(document.pk))

    def tell(self, rows: list[FileRow]) -> None:
        """Say on the next page what came in and what did not, each bad file with its own sentence."""
        taken = sum(row.document is not None for row in rows)
        if taken:
            sentence = ngettext("%(n)s file is being read.", "%(n)s files are being read.", taken)
            messages.success(self.request, sentence % {"n": count(taken)})
        refused = [row for row in rows if row.document is None]
        if refused:
            items = format_html_join("", "<li><bdi>{}</bdi>: {}</li>", ((row.name, row.words) for row in refused))
            head = ngettext("%(n)s file was not taken:", "%(n)s files were not taken:", len(refused))
            messages.warning(self.request, format_html("{}<ul>{}</ul>", head % {"n": count(len(refused))}, items))
        if not rows:
            messages.info(self.request, _("Choose the files first."))


class DocumentProgress(DocumentPage):
    """How far the reading of some documents is: rows of files, and whether the list is to be shown anew."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer with the rows that changed; without any that is still read, asking ends."""
        followed = self.followed("file")
        listed = self.followed("reading")
        rows = [row_of(each) for each in followed]
        active = any(each.status in READING for each in [*followed, *listed])
        ended = any(each.status not in READING for each in [*followed, *listed])
        response = self.page("extraction/progress.html", {"rows": rows, "active": active})
        if ended:
            response["HX-Trigger"] = "documents-read"
        return response

    def followed(self, name: str) -> list[Document]:
        """Return the documents that a page follows under a name."""
        ids = [pk for pk in self.request.GET.getlist(name) if "\0" not in pk][:MOST_FOLLOWED]
        return list(self.documents().filter(pk__in=ids).select_related("latest", "duplicate_of")) if ids else []


class SeveralFiles(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files; the service looks at them."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files."""
        return list(data or [])


class DocumentForm(forms.Form):
    """A document with what is known of it and the papers that came with it. The service decides what is right."""

    file = forms.FileField(label=gettext_lazy("PDF"), widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}))
    vendor_name = forms.CharField(label=gettext_lazy("Vendor"), required=False)
    vendor_tax_id = forms.CharField(label=gettext_lazy("Vendor’s tax number"), required=False)
    invoice_no = forms.CharField(label=gettext_lazy("Invoice number"), required=False)
    invoice_date = forms.CharField(
        label=gettext_lazy("Invoice date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    amount = forms.CharField(
        label=gettext_lazy("Amount"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    remarks = forms.CharField(label=gettext_lazy("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    supporting_documents = SeveralFilesField(label=gettext_lazy("Supporting files"), required=False)

    def said(self) -> Mapping[str, str]:
        """Return what is said of the document."""
        names = ("vendor_name", "vendor_tax_id", "invoice_no", "invoice_date", "amount", "remarks")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class DocumentNew(DocumentPage):
    """One document with what is said of it and its supporting files."""

    permission = Permission.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self.form_page(DocumentForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the document and have it read, or show the form again with what is wrong."""
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                self.save(form)
            except (BadFile, FileTooLarge) as refused:
                form.add_error("file", str(refused.detail))
            except ExtractionError as refused:
                put_errors(form, refused)
            else:
                return redirect("extraction:document_list")
        return self.form_page(form, status=422)

    def save(self, form: DocumentForm) -> Document:
        """Keep the document. Raises what ``upload_document`` raises."""
        document = upload_document(
            actor=self.actor,
            business=self.business,
            file=read(form.cleaned_data["file"]),
            data=form.said(),
            supporting=[read(each) for each in form.cleaned_data["supporting_documents"]],
            order=Order(),
            at=timezone.now(),
        )
        messages.success(self.request, _("The document is being read."))
        return document

    def form_page(self, form: DocumentForm, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {"form": form, "limits": offered()["limits"], "most_supporting": MOST_SUPPORTING}
        return self.page("extraction/document_new.html", context, status=status)


def read(file: UploadedFile[Any]) -> Upload:
    """Return a file's name and bytes. Raises ``FileTooLarge``."""
    check_size(file.size or 0)
    return Upload(file.name or "", file.read())


def detail_url(document: Document) -> str:
    """Return the page of a document."""
    return reverse("extraction:document_detail", args=[document.pk])
