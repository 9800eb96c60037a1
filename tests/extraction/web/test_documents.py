"""The pages of documents: upload, list, sums, files, acts, billing on, usage."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from accounts import queue
from accounts.choices import Role
from accounts.models import Business
from extraction.models import Document, EngineCall
from extraction.services.runs import Order
from invoicing.models import Invoice
from tests.extraction import papers
from tests.factories.accounts import make_business, make_member, owner_of
from tests.factories.clients import make_client
from tests.factories.extraction import make_document, make_read

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def signed_in(user: Any) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def owner(business: Business) -> Browser:
    return signed_in(owner_of(business))


@pytest.fixture
def viewer(business: Business) -> Browser:
    return signed_in(make_member(business, Role.VIEWER))


@pytest.fixture
def stranger() -> Browser:
    return signed_in(owner_of(make_business()))


def pdf(name: str = "invoice.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, papers.carrying(papers.cii()) if content is None else content)


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def verify(document: Document) -> Document:
    document.verified_at = timezone.now()
    document.verified_data = document.latest.data if document.latest else None
    document.save()
    return document


# Upload


def test_several_files_come_in_and_each_bad_one_has_its_sentence(owner: Browser) -> None:
    files = [pdf("good.pdf"), pdf("text.pdf", b"hello"), pdf("empty.pdf", b""), pdf("locked.pdf", papers.locked())]
    answer = owner.post("/documents/upload", {"file": files}, follow=True)
    text = shown(answer)
    assert Document.objects.get().file_name == "good.pdf"
    assert "1 file is being read." in text
    assert "<li><bdi>text.pdf</bdi>: This file is not a PDF.</li>" in text
    assert "<li><bdi>empty.pdf</bdi>: This file is empty.</li>" in text
    assert "locked by a password" in text


def test_a_script_sends_one_file_and_gets_its_row_until_it_is_read(owner: Browser) -> None:
    answer = owner.post("/documents/upload", {"file": pdf()}, headers=FRAGMENT)
    assert answer.status_code == 201
    document = Document.objects.select_related("latest").get()
    assert document.latest is not None
    assert document.latest.engine == "auto"
    row = f'<input type="hidden" name="file" value="{document.pk}">'
    assert row in answer.content.decode()
    before = owner.get(f"/documents/progress?file={document.pk}")
    assert row in shown(before)
    assert "load delay" in shown(before)
    assert "HX-Trigger" not in before
    queue.run_one("extraction", pk=document.latest_id)
    after = owner.get(f"/documents/progress?file={document.pk}")
    assert row not in shown(after)
    assert "load delay" not in shown(after)
    assert after["HX-Trigger"] == "documents-read"
    assert f"/documents/{document.pk}/verify" in shown(after)


def test_a_bad_file_of_a_script_is_its_row(owner: Browser) -> None:
    answer = owner.post("/documents/upload", {"file": pdf("x.pdf", b"no")}, headers=FRAGMENT)
    assert answer.status_code == 422
    assert "This file is not a PDF." in answer.content.decode()


def test_the_same_file_again_names_the_first(owner: Browser, business: Business) -> None:
    first = make_document(business)
    answer = owner.post("/documents/upload", {"file": pdf()}, headers=FRAGMENT)
    assert f"/documents/{first.pk}" in answer.content.decode()
    text = shown(owner.get(f"/documents/{Document.objects.exclude(pk=first.pk).get().pk}"))
    assert "The same file came in before" in text
    assert "The same file again" in shown(owner.get(f"/documents/{first.pk}"))
    assert shown(owner.get("/documents")).count("Duplicate</span>") == 1


def test_a_document_comes_with_remarks_and_supporting_files(owner: Browser) -> None:
    data = {
        "file": pdf(),
        "remarks": "For March",
        "invoice_date": "2026-03-01",
        "amount": "12.5",
        "supporting_documents": [SimpleUploadedFile("order.txt", b"<script>"), SimpleUploadedFile("b.bin", b"2")],
    }
    assert owner.post("/documents/new", data).status_code == 302
    document = Document.objects.get()
    assert (document.remarks, str(document.invoice_date), str(document.amount)) == (
        "For March",
        "2026-03-01",
        "12.5000",
    )
    text = shown(owner.get(f"/documents/{document.pk}"))
    assert "order.txt" in text
    assert "For March" in text
    paper = owner.get(f"/documents/{document.pk}/supporting/1")
    assert (paper["Content-Disposition"], paper["X-Content-Type-Options"]) == (
        'attachment; filename="order.txt"',
        "nosniff",
    )
    assert paper["Content-Security-Policy"].startswith("sandbox")
    assert owner.get(f"/documents/{document.pk}/supporting/3").status_code == 404
    file = owner.get(f"/documents/{document.pk}/file")
    assert (file.content, file["Content-Type"]) == (papers.carrying(papers.cii()), "application/pdf")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "This field is required."),
        ({"file": True, "amount": "much"}, "A number is needed here."),
        ({"file": True, "invoice_date": "soon"}, "This is no date."),
        ({"file": b"no"}, "This file is not a PDF."),
    ],
)
def test_what_is_wrong_stands_at_its_field(owner: Browser, data: dict[str, Any], sentence: str) -> None:
    if "file" in data:
        data = {**data, "file": pdf(content=None if data["file"] is True else data["file"])}
    answer = owner.post("/documents/new", data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Document.objects.exists()


# The list


def filled(business: Business) -> None:
    make_read(business)
    make_document(business, papers.plain(), name="bare.pdf")
    make_document(
        business, papers.plain(mark="b"), vendor_name="Café", invoice_no="B-2", invoice_date="2026-12-04", amount="20"
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("status=done", 1),
        ("status=new&status=done", 3),
        ("vendor=cafe", 1),
        ("number=B-2", 1),
        ("date_after=2026-12-01&date_before=2026-12-31", 1),
        ("date=2026-11-02", 1),
        ("min_amount=10&max_amount=50", 1),
        ("currency=eur", 1),
        ("search=bare", 1),
        ("verified=true", 0),
        ("ordering=-amount", 3),
        ("search=nothing-like-it", 0),
    ],
)
def test_the_list_is_narrowed(owner: Browser, business: Business, query: str, count: int) -> None:
    filled(business)
    text = shown(owner.get(f"/documents?{query}"))
    assert len(re.findall(r'<input type="checkbox" name="selected"', text)) == count
    assert 'class="note bad" role="alert"' not in text
    assert ("Nothing matches" in text or "Nothing here now" in text) is (count == 0)
    exported = b"".join(owner.get(f"/documents/export?format=csv&{query}").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it is streamed
    assert len(list(csv.reader(io.StringIO(exported)))) == count + 1


def test_a_wrong_filter_is_said_and_left_out(owner: Browser, business: Business) -> None:
    filled(business)
    text = shown(owner.get("/documents?min_amount=much&date=never"))
    assert "Amount from: A number is needed here." in text
    assert owner.get("/documents/export?format=csv&min_amount=much").status_code == 302
    assert owner.get("/documents/export?format=doc").status_code == 404


def test_sums_never_add_unlike_currencies(owner: Browser, business: Business) -> None:
    for number, (currency, day) in enumerate((("EUR", "2026-10-01"), ("EUR", "2026-11-02"), ("MAD", "2026-11-30"))):
        document = make_document(
            business, papers.plain(mark=str(number)), vendor_name="Paper", invoice_date=day, amount="10"
        )
        Document.objects.filter(pk=document.pk).update(currency=currency)
    make_document(business, papers.plain(mark="none"), amount="99")
    text = shown(owner.get("/documents/sums"))
    cells = re.sub(r"<[^>]+>", " ", text[text.index('id="found"') :])
    months = re.findall(r"(October 2026|November 2026)\s+(\d)\s+([\d.]+)\s+(\w+|€)", cells)
    assert [(month, count, total) for month, count, total, _unit in months] == [
        ("November 2026", "1", "10.00"),
        ("November 2026", "1", "10.00"),
        ("October 2026", "1", "10.00"),
    ]
    assert re.findall(r"Paper\s+(\d)\s+([\d.]+)", cells) == [("2", "20.00"), ("1", "10.00")]
    assert "99.00" not in cells


def test_the_list_takes_the_same_number_of_queries_however_long(
    owner: Browser, business: Business, django_assert_max_num_queries: Any
) -> None:
    make_document(business, papers.plain())
    owner.get("/documents")
    with django_assert_max_num_queries(16) as few:
        owner.get("/documents")
    for number in range(6):
        make_document(business, papers.plain(mark=str(number)), order=Order())
    make_document(business, papers.plain())
    with django_assert_max_num_queries(16) as many:
        owner.get("/documents")
    assert len(few.captured_queries) == len(many.captured_queries)


def test_empty_lists_say_what_they_are_for(owner: Browser, viewer: Browser) -> None:
    assert "Drop the invoices you receive." in shown(owner.get("/documents"))
    text = shown(viewer.get("/documents"))
    assert "Here stand the invoices that this business received." in text
    assert 'type="file"' not in text


# Acts


def test_a_document_is_read_again_and_deleted(owner: Browser, business: Business) -> None:
    document = make_read(business)
    owner.post(f"/documents/{document.pk}/read", {"next": f"/documents/{document.pk}"})
    assert document.extractions.count() == 2
    answer = owner.post(f"/documents/{document.pk}/read", {"next": "https://elsewhere.example/"}, follow=True)
    assert answer.redirect_chain == [("/documents", 302)]
    assert "This document is being read." in shown(answer)
    assert "for good" in shown(owner.get(f"/documents/{document.pk}/delete"))
    assert owner.post(f"/documents/{document.pk}/delete").status_code == 302
    assert not Document.objects.exists()


def test_a_verified_document_is_not_deleted_and_says_why(owner: Browser, business: Business) -> None:
    document = verify(make_read(business))
    assert "A verified document cannot be deleted." in shown(owner.get(f"/documents/{document.pk}/delete"))
    answer = owner.post(f"/documents/{document.pk}/delete")
    assert answer.status_code == 409
    assert "A verified document cannot be deleted." in answer.content.decode()


def test_several_are_deleted_but_the_verified(owner: Browser, business: Business) -> None:
    kept = verify(make_read(business))
    gone = make_document(business, papers.plain())
    query = f"selected={kept.pk}&selected={gone.pk}&query=ordering%3Damount"
    text = shown(owner.get(f"/documents/selected?act=delete&{query}"))
    assert "Delete 1 document?" in text
    assert "A verified document cannot be deleted." in text
    answer = owner.post(
        "/documents/selected", {"act": "delete", "selected": [kept.pk, gone.pk], "query": "status=done"}
    )
    assert answer["Location"] == "/documents?status=done"
    assert Document.objects.get() == kept
    answer = owner.post("/documents/selected", {"act": "read", "selected": [kept.pk]})
    assert kept.extractions.count() == 2
    table = owner.get(f"/documents/selected?act=xlsx&selected={kept.pk}")
    assert b"".join(table.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # it is streamed
    assert owner.get("/documents/selected?act=burn").status_code == 404


# Billing on


def test_lines_are_billed_on_from_the_page(owner: Browser, business: Business) -> None:
    document, client = make_read(business), make_client(business, name="Riad")
    text = shown(owner.get(f"/documents/{document.pk}/invoice"))
    assert 'name="line" value="0" checked' in text
    answer = owner.post(f"/documents/{document.pk}/invoice", {"line": "0", "client_id": client.pk, "markup": "10"})
    invoice = Invoice.objects.get()
    assert answer["Location"] == f"/invoices/{invoice.pk}/edit"
    assert invoice.subtotal == 110
    again = shown(owner.get(f"/documents/{document.pk}/invoice"))
    assert "Billed before" in again
    assert 'value="0" checked' not in again
    assert f"/invoices/{invoice.pk}" in shown(owner.get(f"/documents/{document.pk}"))
    assert "2026-118" in shown(owner.get(f"/invoices/{invoice.pk}"))


def test_what_cannot_be_billed_is_said(owner: Browser, business: Business) -> None:
    document = make_read(business)
    answer = owner.post(f"/documents/{document.pk}/invoice", {"client_name": "Riad", "markup": "x"})
    assert answer.status_code == 422
    assert "Choose at least one line." in answer.content.decode()
    assert "A number is needed here." in answer.content.decode()
    unread = make_document(business, papers.plain())
    assert "This document was not read yet." in shown(owner.get(f"/documents/{unread.pk}/invoice"))
    assert owner.post(f"/documents/{unread.pk}/invoice", {"line": "0"}).status_code == 409


# Usage


def test_usage_is_shown_by_month(owner: Browser, business: Business) -> None:
    assert "Nothing was read in this month" in shown(owner.get("/documents/usage"))
    make_read(business)
    call = EngineCall.objects.latest("pk")
    call.model, call.price_usd, call.input_tokens = "gemini-x", "0.004", 1234
    call.save()
    text = shown(owner.get("/documents/usage"))
    assert "gemini-x" in text
    assert "1,234" in text
    assert "0.004" in text
    assert "<svg" in text[text.index('id="spent"') :]
    assert "Left of the budget" in text
    past = shown(owner.get("/documents/usage?month=2001-01"))
    assert "January 2001" in past
    assert "Left of the budget" not in past
    assert timezone.localdate().strftime("%B %Y") in shown(owner.get("/documents/usage?month=never"))


# Who


PAGES = ("", "/invoice", "/delete", "/file")


def test_viewers_see_and_change_nothing(viewer: Browser, business: Business) -> None:
    document = make_read(business)
    assert [viewer.get(f"/documents/{document.pk}{page}").status_code for page in PAGES] == [200, 403, 403, 200]
    posts = (f"/{document.pk}/read", f"/{document.pk}/delete", f"/{document.pk}/invoice", "/upload", "/new")
    assert {viewer.post(f"/documents{path}").status_code for path in posts} == {403}
    assert viewer.post("/documents/selected", {"act": "delete", "selected": document.pk}).status_code == 403
    assert viewer.get("/documents/usage").status_code == 200
    assert "/delete" not in shown(viewer.get("/documents"))


def test_strangers_find_nothing(stranger: Browser, business: Business) -> None:
    document = make_read(business)
    assert {stranger.get(f"/documents/{document.pk}{page}").status_code for page in PAGES} == {404}
    assert document.pk not in shown(stranger.get("/documents"))
    assert document.pk not in shown(stranger.get(f"/documents/progress?file={document.pk}"))
    stranger.post("/documents/selected", {"act": "delete", "selected": document.pk})
    assert Document.objects.exists()


def test_an_archived_business_is_read_only(owner: Browser, business: Business) -> None:
    document = make_read(business)
    Business.objects.update(archived_at=timezone.now())
    assert owner.post(f"/documents/{document.pk}/delete").status_code in {302, 403, 409}
    assert Document.objects.exists()


def test_visitors_log_in_first() -> None:
    assert Browser().get("/documents")["Location"].startswith("/accounts/login/")
    answer = Browser().post("/documents/upload", {"file": pdf()}, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Redirect"][:16]) == (204, "/accounts/login/")
