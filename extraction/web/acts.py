"""What is done with documents of the list: read again, deleted, downloaded; one or several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Permission
from accounts.errors import NotFound
from accounts.storage import download
from accounts.tables import TableFormat, table_response
from accounts.templatetags.ui import count
from accounts.tenancy import require
from extraction.errors import BeingRead, IsVerified
from extraction.models import Document
from extraction.models.document import ACTIVE
from extraction.services.exports import document_sheet
from extraction.services.runs import refetch
from extraction.services.uploads import delete_document
from extraction.web.base import DocumentPage
from extraction.web.documents import to_documents
from extraction.web.narrowing import asked_of, filter_query, in_order, narrowed, ordering_of

MOST: Final = 100  # at once
READ, DELETE = "read", "delete"


class DocumentFile(DocumentPage):
    """The PDF as it was uploaded."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Hand it over as a download."""
        document = self.document_or_404(pk)
        return download(document.file_key, document.file_name, content_type="application/pdf")


class DocumentSupporting(DocumentPage):
    """A paper that came with a document, counted from 1."""

    def get(self, request: HttpRequest, pk: str, n: int) -> HttpResponse:
        """Hand it over as a download."""
        found = self.document_or_404(pk).supporting.filter(position=n).first()
        if found is None:
            raise NotFound
        return download(found.file_key, found.file_name, content_type="application/octet-stream")


class ActPage(DocumentPage):
    """An act on one document."""

    permission = Permission.WRITE

    def after(self) -> HttpResponse:
        """Go back to where the act was ordered, if that is a page of ours, else to the list."""
        target = self.request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {self.request.get_host()}, self.request.is_secure())
        return redirect(target) if safe else to_documents()


class DocumentRead(ActPage):
    """Reading a document anew."""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Queue it."""
        document = self.document_or_404(pk)
        try:
            refetch(document=document, actor=self.actor, at=timezone.now(), data={})
        except BeingRead as refused:
            messages.info(request, str(refused.detail))
        else:
            messages.success(request, _("The document is being read."))
        return self.after()


class DocumentDelete(ActPage):
    """Deleting a document: the question, then the act."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Ask, or say why it cannot be."""
        return self.question(self.document_or_404(pk))

    def question(self, document: Document, status: int = 200) -> HttpResponse:
        """Show the question."""
        refusal = IsVerified().detail if document.verified_at else ""
        context = {"document": document, "refusal": refusal}
        return self.page("extraction/document_delete.html", context, status=status)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Delete it."""
        document = self.document_or_404(pk)
        try:
            delete_document(document=document, actor=self.actor)
        except IsVerified:
            return self.question(self.document_or_404(pk), status=409)
        messages.success(request, _("The document was deleted."))
        return to_documents()


# Several at once


@dataclass(frozen=True, slots=True)
class Outlook:
    """Which documents an act would touch, and which it leaves with the reason."""

    possible: list[Document]
    left_out: list[tuple[Document, str]]


def foresee(act: str, documents: Sequence[Document]) -> Outlook:
    """Return what an act would do; needs ``latest``."""
    possible, left_out = [], []
    for document in documents:
        if act == DELETE and document.verified_at:
            left_out.append((document, str(IsVerified().detail)))
        elif act == READ and document.latest and document.latest.state in ACTIVE:
            left_out.append((document, str(BeingRead().detail)))
        else:
            possible.append(document)
    return Outlook(possible, left_out)


class SelectedDocuments(DocumentPage):
    """One act on the ticked documents: ``GET`` shows what will happen or hands over a file, ``POST`` does it."""

    def rows(self, data: QueryDict) -> QuerySet[Document]:
        """Return the documents that are meant."""
        asked = asked_of(QueryDict(data.get("query", "")))
        if data.get("all"):
            return in_order(narrowed(self, asked).qs, ordering_of(asked))
        ids = [pk for pk in data.getlist("selected") if "\0" not in pk]
        return in_order(self.documents().filter(pk__in=ids[: MOST + 1]), ordering_of(asked))

    def chosen(self, data: QueryDict) -> list[Document]:
        """Return at most one more than can be dealt with at once."""
        return list(self.rows(data).select_related("latest")[: MOST + 1])

    def back_to(self, data: QueryDict) -> str:
        """Return what the list was narrowed by."""
        return filter_query(asked_of(QueryDict(data.get("query", ""))))

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it. Raises ``NotFound`` for an act that there is not."""
        act, data = request.GET.get("act", ""), request.GET
        if act in list(TableFormat):
            table = document_sheet(self.rows(data), business=self.business)
            return table_response(table, act, name=f"documents-{self.today()}")
        if act not in {READ, DELETE}:
            raise NotFound
        require(self.actor, self.business, Permission.WRITE)
        documents = self.chosen(data)
        if not documents:
            messages.info(request, _("Tick the documents first."))
            return to_documents(self.back_to(data))
        return self.question(data, act, documents)

    def question(self, data: QueryDict, act: str, documents: Sequence[Document]) -> HttpResponse:
        """Show what the act would do."""
        too_many = len(documents) > MOST
        outlook = foresee(act, [] if too_many else documents)
        query = self.back_to(data)
        context: dict[str, Any] = {
            "act": act,
            "outlook": outlook,
            "too_many": too_many,
            "most": MOST,
            "title": title_of(act, len(outlook.possible)),
            "query": query,
            "back_url": reverse("extraction:document_list") + (f"?{query}" if query else ""),
        }
        return self.page("extraction/selected.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, and go back to the list with what was done and what was left."""
        act, data = request.POST.get("act", ""), request.POST
        if act not in {READ, DELETE}:
            raise NotFound
        require(self.actor, self.business, Permission.WRITE)
        done = sum(self.carried_out(act, document) for document in self.chosen(data)[:MOST])
        if done:
            messages.success(request, told(act, done))
        return to_documents(self.back_to(data))

    def carried_out(self, act: str, document: Document) -> bool:
        """Do it to one document; return whether it could be done."""
        document.business = self.business
        try:
            if act == READ:
                refetch(document=document, actor=self.actor, at=timezone.now(), data={})
            else:
                delete_document(document=document, actor=self.actor)
        except (BeingRead, IsVerified):
            return False
        return True


def title_of(act: str, number: int) -> str:
    """Return the question."""
    if not number:
        return _("None of these can be read again") if act == READ else _("None of these can be deleted")
    if act == READ:
        return ngettext("Read %(n)s document again?", "Read %(n)s documents again?", number) % {"n": count(number)}
    return ngettext("Delete %(n)s document?", "Delete %(n)s documents?", number) % {"n": count(number)}


def told(act: str, number: int) -> str:
    """Return what was done."""
    if act == READ:
        sentence = ngettext("%(n)s document is being read.", "%(n)s documents are being read.", number)
    else:
        sentence = ngettext("%(n)s document was deleted.", "%(n)s documents were deleted.", number)
    return sentence % {"n": count(number)}
