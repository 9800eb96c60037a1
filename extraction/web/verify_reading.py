"""Having a document read from its page, and what of the page changes by itself while that goes on."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Permission, QueueState
from extraction.errors import BeingRead, InvalidDocument, UnknownModel
from extraction.models import Document
from extraction.models.document import ACTIVE
from extraction.services.runs import refetch
from extraction.web.verify import VerifyPage
from extraction.web.verify_runs import MOST_LOOKS, waits


class VerifyRead(VerifyPage):
    """Orders that a document be read, as the form says."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Order it, and show the page with what was read before beside it."""
        document = self.document_or_404(pk)
        before = document.latest
        order = {name: request.POST[name] for name in ("engine", "model", "mode") if request.POST.get(name)}
        try:
            refetch(document=document, actor=self.actor, at=timezone.now(), data=order)
        except BeingRead:
            messages.info(request, _("It is being read already."))
        except (InvalidDocument, UnknownModel) as refused:
            sentences = [str(text) for texts in refused.errors.values() for text in texts]
            messages.warning(request, " ".join(sentences) or str(refused.detail))
        is_comparable = before is not None and before.state == QueueState.DONE and before.data
        return redirect(page_url(document, before.pk if before is not None and is_comparable else ""))


class VerifyProgress(VerifyPage):
    """How far reading has come, asked for again and again; once it has ended the page comes anew."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return the part of the page, or send the browser to the page."""
        document, asked = self.document_or_404(pk), request.GET.get("look", "")
        look = min(int(asked), MOST_LOOKS) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1
        compare = request.GET.get("compare", "")
        if document.latest is None or document.latest.state not in ACTIVE:
            return HttpResponse(status=204, headers={"HX-Redirect": page_url(document, compare)})
        context = {"document": document, "compare": compare, "progress": waits(document, look)}
        return render(request, "extraction/verify_progress.html", context)


def page_url(document: Document, compare: str) -> str:
    """Return the document's page, with a result to compare with."""
    url = reverse("extraction:document_verify", args=[document.pk])
    return f"{url}?{urlencode({'compare': compare})}" if compare else url
