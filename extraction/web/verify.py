"""The page on which a person verifies a document: its pages as pictures, what was read beside them, and what holds of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Permission
from accounts.errors import AppError
from accounts.tenancy import require
from extraction import schema
from extraction.choices import DocumentStatus
from extraction.errors import BeingRead, InvalidDocument, NothingRead, StaleVersion
from extraction.models import Document, Extraction, Page
from extraction.queries import runs_of
from extraction.services.verifying import EMPTY, correct, current, judged
from extraction.web.base import DocumentPage
from extraction.web.verify_marks import LABELS, MAIN, MORE, SUMS, Mark, doubtful, marks_of
from extraction.web.verify_next import next_url, place_of
from extraction.web.verify_rows import list_rows, rows_of, shown_checks
from extraction.web.verify_runs import Other, order_form, other_named, other_of, others_of, waits
from extraction.web.verify_texts import (
    ROW_FIELDS,
    Written,
    base_in,
    base_text,
    changed_since,
    digest,
    digests,
    shown_again,
    written_in,
    written_of,
)

UNPROCESSABLE: Final = 422
CONFLICT: Final = 409
NO_VERSION: Final = 10**9  # what nothing has: a page that says none is a stale one
LISTS: Final = tuple(ROW_FIELDS)


@dataclass(slots=True)
class Sheet:
    """What the fields show, and what is said about it."""

    written: Written
    base: str
    version: int
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)  # what somebody else wrote where this person did, too
    taken: list[str] = field(default_factory=list)  # what only somebody else changed
    is_dirty: bool = False


def sheet_of(run: Extraction) -> Sheet:
    """Return what is stored."""
    data = current(run)
    return Sheet(written_of(data), base_text(data), run.version)


def errors_of(refused: InvalidDocument) -> dict[str, list[str]]:
    """Return what is wrong by the names of the page's fields: ``data.items[0].amount`` is ``items-0-amount``."""
    return {
        name.removeprefix("data.").replace("].", "-").replace("[", "-"): [str(text) for text in texts]
        for name, texts in refused.errors.items()
    }


class VerifyPage(DocumentPage):
    """What the addresses of the page share."""

    def may_write(self) -> bool:
        """Return whether the person may change something here."""
        return self.actor.may(self.business.pk, Permission.WRITE)

    def verify_page(
        self, document: Document, sheet: Sheet | None = None, *, status: int = 200, refused: AppError | None = None
    ) -> HttpResponse:
        """Show the page with what is stored, or with what was typed."""
        runs = list(runs_of(document.pk).select_related("verified_by", "ordered_by"))
        run = next((each for each in runs if each.pk == document.latest_id), None)
        is_active = document.status in {DocumentStatus.QUEUED, DocumentStatus.PROCESSING}
        others = others_of(document, runs)
        context = {
            "document": document,
            "run": run,
            "others": others,
            "is_active": is_active,
            "may_write": self.may_write(),
            "can_edit": self.may_write() and not is_active,
            "pages": pages_of(document),
            "place": place_of(self.documents(), document),
            "order": order_form(run),
            "progress": waits(document, 1),
            "compare": self.request.GET.get("compare", ""),
            "refused": str(refused.detail) if refused else "",
        }
        if run is not None and (not is_active or sheet is not None):
            other = other_named(others, self.request.GET.get("compare", ""))
            context |= self.shown(document, run, sheet or sheet_of(run), other)
        return self.page("extraction/verify.html", context, status=status)

    def shown(self, document: Document, run: Extraction, sheet: Sheet, other: Other | None) -> dict[str, Any]:
        """Return the fields with what is said about each, and the checks."""
        values = sheet.written.values()
        judgement = run if run.checks else run.source  # a run that failed was judged only if a person corrected it
        checks, confidence = judgement.checks, judgement.confidence
        if sheet.is_dirty:
            found, confidence = judged(document, stored_of(run, values))
            checks = [each.stored() for each in found]
        marks = marks_now(document, run, values, confidence)
        rows = rows_of(sheet.written, marks, sheet.errors, sheet.theirs, other, self.business.currency)
        eye = list(doubtful(marks))
        return {
            "sheet": sheet,
            "groups": [[rows[name] for name in names] for names in (MAIN, SUMS)],
            "more": [rows[name] for name in MORE],
            "more_open": any(rows[name].is_loud for name in MORE),
            "lists": list_rows(
                sheet.written, marks, sheet.errors, sheet.theirs, other, {} if sheet.is_dirty else confidence
            ),
            "checks": shown_checks(checks),
            "other": other,
            "earlier": None if run.source is run else other_of(run.source),
            "differing": sum(row.differs for row in rows.values()),
            "doubtful": len(eye),
            "eye": eye_text(len(eye)),
            "taken": [str(LABELS[name]) for name in sheet.taken],
            "conflicts": [str(LABELS[name]) for name in sheet.theirs],
        }


class Verify(VerifyPage):
    """The page itself."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it."""
        return self.verify_page(self.document_or_404(pk))

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Save, verify, or rearrange what was typed, as the button says."""
        document = self.document_or_404(pk)
        require(self.actor, self.business, Permission.WRITE)
        act, written = request.POST.get("act", "save"), written_in(request.POST)
        version = request.POST.get("version", "")
        sheet = Sheet(
            written,
            request.POST.get("base", ""),
            int(version) if version.isascii() and version.isdigit() and len(version) < 9 else NO_VERSION,
            is_dirty=True,
        )
        if document.latest is None:
            return self.verify_page(document, status=CONFLICT, refused=NothingRead())
        if self.rearrange(document, document.latest, written, act):
            return self.verify_page(document, sheet)
        return self.save(document, sheet, is_verified=act == "verify")

    def rearrange(self, document: Document, run: Extraction, written: Written, act: str) -> bool:
        """Add or remove a row, or take another value, as buttons do without scripts. Return whether it was that."""
        verb, _dash, name = act.partition("-")
        if verb == "add" and name in LISTS:
            written.rows.setdefault(name, []).append(dict.fromkeys(ROW_FIELDS[name], ""))
            return True
        if verb == "remove":
            name, _dash, place = name.partition("-")
            rows = written.rows.get(name, [])
            if place.isdecimal() and len(place) < 6 and int(place) < len(rows):
                del rows[int(place)]
            return True
        if verb not in {"back", "take", "theirs"} or name not in schema.FIELDS:
            return False
        source: Written | None = (
            written_of({**EMPTY, **(run.source.data or {})}) if verb == "back" else written_of(current(run))
        )
        if verb == "take":
            runs = list(runs_of(document.pk).select_related("verified_by"))
            other = other_named(others_of(document, runs), self.request.GET.get("compare", ""))
            source = other.written if other else None
        if source is not None:
            written.take(name, source)
        return True

    def save(self, document: Document, sheet: Sheet, *, is_verified: bool) -> HttpResponse:
        """Let the service keep what this person changed, and verify where that was asked for."""
        values = sheet.written.values()
        changed = changed_since(values, base_in(self.request.POST))
        order: dict[str, Any] = {"data": {name: values[name] for name in changed}, "version": sheet.version}
        if is_verified:
            order["manual_verified"] = True
        try:
            correct(document=document, actor=self.actor, at=timezone.now(), data=order)
        except InvalidDocument as refused:
            sheet.errors = errors_of(refused)
            return self.verify_page(document, sheet, status=UNPROCESSABLE, refused=refused)
        except StaleVersion as refused:
            return self.merged(self.document_or_404(document.pk), sheet, changed, refused, is_verified=is_verified)
        except (BeingRead, NothingRead) as refused:
            return self.verify_page(document, sheet, status=CONFLICT, refused=refused)
        return self.after(document, is_verified=is_verified)

    def after(self, document: Document, *, is_verified: bool) -> HttpResponse:
        """Say what was done, and go on."""
        if not is_verified:
            messages.success(self.request, _("Saved. It is not verified yet."))
            return redirect(self.request.get_full_path())
        undo = reverse("extraction:verify_undo", args=[document.pk])
        messages.success(self.request, _("Verified: %(name)s.") % {"name": document.file_name}, extra_tags=undo)
        return redirect(next_url(self.request, self.documents()))

    def merged(
        self, document: Document, sheet: Sheet, changed: list[str], refused: AppError, *, is_verified: bool
    ) -> HttpResponse:
        """Bring together what two people wrote; what both changed is this person's to decide."""
        run = document.latest
        if run is None:
            return self.verify_page(document, status=CONFLICT, refused=NothingRead())
        now, mine = current(run), sheet.written.values()
        differing = [name for name in changed if digest(name, mine[name]) != digest(name, now.get(name))]
        done = document.verified_at is not None and document.verified_by_id == self.actor.user_id
        if not differing and run.version > sheet.version and (done or not is_verified):
            # The same form a second time: what it says stands there already.
            return self.after(document, is_verified=is_verified)
        base, marks, texts = base_in(self.request.POST), digests(now), written_of(now)
        moved = [name for name in mine if marks[name] != base.get(name)]
        sheet.theirs = {name: theirs_text(name, texts) for name in moved if name in differing}
        sheet.taken = [name for name in moved if name not in changed]
        for name in sheet.taken:
            sheet.written.take(name, texts)
        sheet.base, sheet.version = base_text(now), run.version
        return self.verify_page(document, sheet, status=CONFLICT)


class Unverify(VerifyPage):
    """Takes a verification back."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Take it back, and show the document."""
        document = self.document_or_404(pk)
        try:
            correct(document=document, actor=self.actor, at=timezone.now(), data={"manual_verified": False})
        except (BeingRead, NothingRead) as refused:
            messages.warning(request, str(refused.detail))
        else:
            messages.success(request, _("It is to be verified again."))
        return redirect("extraction:document_verify", pk=pk)


class VerifyCheck(VerifyPage):
    """What holds of what was typed so far: parts of the page, to be put in their places. Nothing is kept."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Check it."""
        document = self.document_or_404(pk)
        if document.latest is None:
            raise NothingRead
        written, run = written_in(request.POST), document.latest
        values = written.values()
        data = stored_of(run, values)
        checks, confidence = judged(document, data)
        marks = marks_now(document, run, values, confidence)
        eye = list(doubtful(marks))
        context = {
            "document": document,
            "checks": shown_checks([each.stored() for each in checks]),
            "marks": list(marks.values()),
            "understood": list(understood(request.POST, written, data["currency"] or "")),
            "doubtful": len(eye),
            "eye": eye_text(len(eye)),
        }
        return render(request, "extraction/verify_live.html", context)


def stored_of(run: Extraction, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's data with what was typed, as stored; what cannot be read of it is unknown."""
    return schema.stored(schema.read({**current(run), **values}).values)


def marks_now(
    document: Document, run: Extraction, values: Mapping[str, Any], confidence: Mapping[str, Any]
) -> dict[str, Mark]:
    """Return what is said of each field that holds these values."""
    read = {**EMPTY, **(run.source.data or {})}
    whole = {**current(run), **values}
    return marks_of(read, whole, confidence, document.verified_data, written_of(read))


def understood(posted: QueryDict, written: Written, currency: str) -> Iterator[tuple[str, str, str]]:
    """Yield the fields of which the page writes something else than was sent: name, what was sent, what is meant."""
    for field_name, name, text in written.cells():
        sent, shown = str(posted.get(field_name, "")), shown_again(name, text, currency)
        if shown != sent:
            yield field_name, sent, shown


def eye_text(count: int) -> str:
    """Say how many fields a person should look at."""
    if not count:
        return ""
    return ngettext("%(count)d field needs your eye.", "%(count)d fields need your eye.", count) % {"count": count}


def theirs_text(name: str, texts: Written) -> str:
    """Return what somebody else wrote in a field, in short."""
    if name not in schema.LISTS:
        return texts.texts[name] or "–"
    count = len(texts.rows[name])
    return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}


def pages_of(document: Document) -> list[tuple[int, int, int]]:
    """Return the pages with their width and height for the picture's room: as read, else like the first, else A4."""
    rows = Page.objects.filter(document=document).values_list("number", "width", "height")
    sizes = {number: (round(width), round(height)) for number, width, height in rows if width > 0 and height > 0}
    usual = sizes.get(1, (595, 842))
    return [(number, *sizes.get(number, usual)) for number in range(1, document.pages + 1)]
