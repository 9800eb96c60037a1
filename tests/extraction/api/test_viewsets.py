"""Documents and extractions over the API."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import queue
from accounts.choices import Role
from accounts.models import Business
from extraction.intake.checks import MOST_BYTES
from extraction.models import Document, Extraction, Vendor
from extraction.services import waiting
from tests.extraction import papers
from tests.factories.accounts import make_business, make_member
from tests.factories.extraction import make_document, make_read
from tests.invoicing.api.conftest import V1, Caller, key_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(business: Business) -> Caller:
    return Caller(make_member(business, Role.MEMBER, full_name="Member"))


@pytest.fixture
def viewer(business: Business) -> Caller:
    return Caller(make_member(business, Role.VIEWER))


@pytest.fixture
def outsider() -> Caller:
    return Caller(make_business().memberships.get().user)


def pdf(content: bytes | None = None, name: str = "../../invoice.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, papers.carrying(papers.cii()) if content is None else content)


def upload(caller: Caller, path: str = "/documents", **parts: Any) -> Any:
    headers = {"Idempotency-Key": key} if (key := parts.pop("key", "")) else {}
    return caller.browser.post(V1 + path, parts, headers=caller.headers | headers)


def test_a_document_is_uploaded_with_what_is_said_of_it(member: Caller, kept: Any) -> None:
    answer = upload(
        member,
        file=pdf(),
        vendor_name="Example",
        invoice_date="02-11-2026",
        amount="12.50",
        supporting_doc_1=SimpleUploadedFile("<b>.html", b"<script>alert(1)</script>"),
        **{"supporting_documents[]": SimpleUploadedFile("note.txt", b"a note")},  # type: ignore[arg-type]  # one part
    )
    found = read(answer, 201)
    assert (found["status"], found["file_name"], found["invoice_date"]) == ("new", "invoice.pdf", "2026-11-02")
    assert (found["amount"], found["known_by"]["vendor"]) == (12.5, "Example")
    assert [each["file_name"] for each in found["supporting_documents"]] == ["note.txt", "<b>.html"]
    assert len(kept()) == 3
    assert not any("invoice" in name for name in kept())
    assert read(member.get(f"/documents/{found['id']}")) == found


@pytest.mark.parametrize(
    ("text", "status"), [("true", "queued"), ("1", "queued"), ("False", "new"), ("0", "new"), ("", "new")]
)
def test_process_is_either_true_or_false(member: Caller, text: str, status: str) -> None:
    assert read(upload(member, file=pdf(), process=text), 201)["status"] == status


def test_another_word_for_process_is_refused_by_its_name(member: Caller, kept: Any) -> None:
    refused = read(upload(member, file=pdf(), process="perhaps"), 400)
    assert list(refused["errors"]) == ["process"]
    assert kept() == []


def test_files_are_served_so_that_nothing_in_them_runs(member: Caller) -> None:
    found = read(upload(member, file=pdf(), supporting_doc_1=SimpleUploadedFile("a.html", b"<script>")), 201)
    file, paper = member.get(f"/documents/{found['id']}/file"), member.get(f"/documents/{found['id']}/supporting/1")
    assert file.content == papers.carrying(papers.cii()) or file.content.startswith(b"%PDF")
    assert (file["Content-Type"], paper["Content-Type"]) == ("application/pdf", "application/octet-stream")
    for each in (file, paper):
        assert each["Content-Disposition"].startswith("attachment;")
        assert (each["X-Content-Type-Options"], each["Content-Security-Policy"]) == (
            *("nosniff", "sandbox; default-src 'none'"),
        )
    assert member.get(f"/documents/{found['id']}/supporting/2").status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "not_a_pdf"),
        (b"<html>", 400, "not_a_pdf"),
        (papers.locked(), 400, "pdf_locked"),
        (papers.plain(pages=51), 400, "too_many_pages"),
        (b"%PDF-" + b"x" * MOST_BYTES, 413, "too_large"),
    ],
    ids=["empty", "html", "locked", "pages", "large"],
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    member: Caller, kept: Any, content: bytes, status: int, code: str
) -> None:
    answer = upload(member, file=pdf(content), supporting_doc_1=SimpleUploadedFile("a.txt", b"a"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (kept(), Document.objects.count()) == ([], 0)


def test_a_failure_after_the_files_were_written_leaves_nothing(
    member: Caller, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("extraction.services.uploads.add_supporting", fail)
    with pytest.raises(RuntimeError):
        upload(member, file=pdf())
    assert (kept(), Document.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"invoice_date": "11/02/2026"}, "invoice_date"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "1e400"}, "amount"),
        ({"vendor_name": "x" * 201}, "vendor_name"),
        ({"vendor": "x"}, "vendor"),
        ({"engine": "oracle"}, "engine"),
        ({"model": "../secret"}, "model"),
        ({"model": "gemini-2.0-flash"}, "model"),
    ],
)
def test_what_is_wrong_is_named(member: Caller, kept: Any, parts: dict[str, str], field: str) -> None:
    answer = upload(member, file=pdf(), process="true", **parts)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert kept() == []


def test_a_retired_model_is_refused_with_those_on_offer(member: Caller) -> None:
    told = upload(member, file=pdf(), model="gemini-2.0-flash").json()
    assert told["code"] == "unknown_model"
    offered = read(member.get("/extractions/models"))["models"]
    assert told["models"] == [each["name"] for each in offered]
    assert {"gemini-2.5-flash", "gemini-4-argon"} <= set(told["models"])
    assert "gemini-2.0-flash" not in told["models"]


def test_no_file_and_json_are_refused(member: Caller) -> None:
    assert list(upload(member, vendor_name="A").json()["errors"]) == ["file"]
    assert member.post("/documents", {"file": "a"}).status_code == 415


def test_the_same_key_makes_one_document(member: Caller, kept: Any) -> None:
    first, again = (upload(member, file=pdf(papers.plain(mark="a")), key="k1") for _ in range(2))
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    assert (Document.objects.count(), len(kept())) == (1, 1)


def test_a_document_is_processed_once(member: Caller, business: Business) -> None:
    path = f"/documents/{make_document(business).pk}"
    first = member.post(f"{path}/process", {"engine": "embedded"})
    assert (first.status_code, first.json()["status"]) == (202, "queued")
    assert member.get(path).json()["status"] == "queued"
    assert member.post(f"{path}/process").json() == first.json()
    queue.run_due()
    assert read(member.post(f"{path}/process")) == {"status": "already_processed"}
    again = member.post(f"{path}/refetch")
    assert (again.status_code, member.post(f"{path}/refetch").json()["code"]) == (202, "being_read")
    whole = read(member.get(f"{path}/data"))
    assert (whole["extraction"]["status"], whole["extraction"]["data"]) == ("queued", None)
    assert [each["data"]["total"] for each in whole["history"]] == [120]


def test_what_was_read_is_shown_whole(member: Caller, business: Business) -> None:
    run = read(member.get(f"/documents/{make_read(business).pk}/data"))["extraction"]
    assert (run["engine"], run["mode"], run["version"], run["error"]) == ("embedded", "standard", 1, None)
    assert run["data"]["items"][0]["unit_price"] == 5
    assert run["token_usage"] == {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    assert (run["price"], run["price_display"]) == (0, {"amount": 0, "currency": "INR", "rate": 90})
    assert {"name": "lines_add_up", "ok": True, "detail": "The lines add up."} in run["checks"]
    assert read(member.get(f"/extractions/{run['id']}")) == run


def test_a_person_corrects_and_verifies(member: Caller, business: Business) -> None:
    path = f"/documents/{make_read(business).pk}"
    data = {"total": 121.5, "vendor_name": "Example Paper Limited"}
    first = read(member.patch(f"{path}/data", {"data": data, "version": 1}))["extraction"]
    assert (first["data"]["total"], first["corrections"]) == (120, data)
    assert (first["manual_verified"], first["version"]) == (False, 2)
    assert {each["name"] for each in first["checks"] if not each["ok"]} == {"totals_add_up"}
    stale = member.patch(f"{path}/data", {"data": {}, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    body = {"data": {"total": 120}, "manual_verified": True, "version": 2}
    whole = read(member.patch(f"{path}/data", body))
    assert whole["extraction"]["corrections"] == {"vendor_name": "Example Paper Limited"}
    assert (whole["extraction"]["verified_by"], whole["document"]["status"]) == ("Member", "verified")
    assert whole["document"]["verified_data"]["vendor_name"] == "Example Paper Limited"
    assert list(Vendor.objects.values_list("name", "tax_id", "iban")) == [
        ("Example Paper Limited", "DE136695976", papers.IBAN)
    ]


def test_a_verified_document_stays_and_keeps_its_values_when_read_anew(member: Caller, business: Business) -> None:
    path = f"/documents/{make_read(business).pk}"
    read(member.patch(f"{path}/data", {"data": {"invoice_number": "A-1"}, "manual_verified": True}))
    refused = member.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "document_verified")
    assert member.post(f"{path}/refetch").status_code == 202
    assert member.patch(f"{path}/data", {"data": {}}).json()["code"] == "being_read"
    queue.run_due()
    whole = read(member.get(f"{path}/data"))
    assert (whole["document"]["status"], whole["document"]["known_by"]["number"]) == ("verified", "A-1")
    assert (whole["extraction"]["manual_verified"], whole["history"][0]["manual_verified"]) == (False, True)
    read(member.patch(f"{path}/data", {"manual_verified": False}))
    assert member.delete(path).status_code == 204


def test_our_own_business_is_never_learnt_as_a_vendor(member: Caller, business: Business) -> None:
    path = f"/documents/{make_read(business).pk}/data"
    read(member.patch(path, {"data": {"vendor_name": "STUDIO"}, "manual_verified": True}))
    assert not Vendor.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"data": {"total": "NaN"}}, "data.total"),
        ({"data": {"items": [{"amount": "x"}]}}, "data.items[0].amount"),
        ({"data": {"invoice_date": "2.11.2026"}}, "data.invoice_date"),
        ({"data": {"amt": 1}}, "data.amt"),
        ({"data": [1]}, "data"),
        ({"version": "1"}, "version"),
        ({"manual_verified": "yes"}, "manual_verified"),
    ],
)
def test_a_wrong_correction_is_named(member: Caller, business: Business, body: dict[str, Any], field: str) -> None:
    answer = member.patch(f"/documents/{make_read(business).pk}/data", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_only_a_person_verifies(business: Business) -> None:
    path = f"/documents/{make_read(business).pk}/data"
    program = key_of(business, "read", "write")
    assert program.patch(path, {"data": {"total": 1}}).status_code == 200
    assert program.patch(path, {"manual_verified": True}).status_code == 403
    assert not Document.objects.get().verified_at


def test_what_nobody_could_read_is_filled_in_by_hand(member: Caller, business: Business) -> None:
    document = make_document(business, papers.plain())
    path = f"/documents/{document.pk}"
    assert member.patch(f"{path}/data", {"data": {"total": 5}}).json()["code"] == "nothing_read"
    member.post(f"{path}/process")
    queue.run_due()
    run = read(member.get(f"{path}/data"))["extraction"]
    assert (run["status"], run["error"]) == (
        *("failed", "No engine could read this document. Fill in its fields by hand."),
    )
    whole = read(member.patch(f"{path}/data", {"data": {"total": 5}, "manual_verified": True}))
    assert (whole["document"]["status"], whole["document"]["known_by"]["total"]) == ("verified", 5)


def test_a_document_goes_with_its_files(member: Caller, kept: Any, django_capture_on_commit_callbacks: Any) -> None:
    found = read(upload(member, file=pdf(), supporting_doc_1=SimpleUploadedFile("a", b"a"), process="true"), 201)
    with django_capture_on_commit_callbacks(execute=True):
        assert member.delete(f"/documents/{found['id']}").status_code == 204
    assert (kept(), Document.objects.count(), Extraction.objects.count()) == ([], 0, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["2026-118", "", "B-2"]),
        ("status=done", ["2026-118"]),
        ("status=new,done", ["2026-118", "", "B-2"]),
        ("status=verified", []),
        ("vendor=EXAMPLE", ["2026-118"]),
        ("number=B-2", ["B-2"]),
        ("date=2026-11-02", ["2026-118"]),
        ("date_after=2026-11-03", ["B-2"]),
        ("amount=120", ["2026-118"]),
        ("min_amount=1&max_amount=50", ["B-2"]),
        ("currency=EUR", ["2026-118"]),
        ("search=paper de136695976", ["2026-118"]),
        ("search=cafe", ["B-2"]),
        ("ordering=-amount", None),
    ],
)
def test_the_list_is_narrowed(member: Caller, business: Business, query: str, found: list[str] | None) -> None:
    make_read(business)
    make_document(business, papers.plain())
    make_document(
        business, papers.plain(mark="b"), vendor_name="Café", invoice_no="B-2", invoice_date="2026-11-04", amount="20"
    )
    rows = read(member.get(f"/documents?{query}"))["results"]
    numbers = [row["known_by"]["number"] for row in rows]
    assert sorted(numbers) == sorted(found) if found is not None else len(numbers) == 3


@pytest.mark.parametrize("query", ["status=old", "date=yesterday", "amount=NaN", "vendor_name=a", "ordering=size"])
def test_a_wrong_filter_is_named(member: Caller, query: str) -> None:
    answer = member.get(f"/documents?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_a_list_takes_as_many_queries_for_one_as_for_many(
    member: Caller, business: Business, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        make_document(business, papers.plain(mark=str(number)))
    with django_assert_max_num_queries(13):
        assert len(read(member.get("/documents"))["results"]) == 6


# Direct


def sent(content: bytes) -> dict[str, str]:
    return {"pdf_base64": base64.b64encode(content).decode(), "pdf_name": "a.pdf"}


def test_a_file_is_read_directly(member: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    queued = member.post("/extractions", sent(papers.carrying(papers.cii())))
    assert (queued.status_code, queued.json()["status"]) == (202, "queued")
    monkeypatch.setattr(waiting, "pause", lambda seconds: queue.run_due())
    run = read(member.post("/extractions?wait=5", sent(papers.carrying(papers.cii("2026-119")))), 201)
    assert (run["status"], run["data"]["invoice_number"]) == ("done", "2026-119")
    assert member.get(f"/extractions/{run['id']}/file").content.startswith(b"%PDF")
    form = upload(member, "/extractions", file=pdf(), engine="embedded")
    assert form.status_code == 202
    rows = read(member.get("/extractions?status=done&engine=embedded"))["results"]
    assert [row["data"]["invoice_number"] for row in rows] == ["2026-119", "2026-118"]


def test_waiting_ends_without_a_result(member: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "STEP", 0.01)
    monkeypatch.setattr("time.monotonic", iter(range(1000)).__next__)
    assert waiting.ended_in_time("ext_none", 1) is True  # gone
    answer = member.post("/extractions?wait=1", sent(papers.plain()))
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"pdf_base64": "no base64!"}, 400),
        ({"pdf_base64": 7}, 400),
        ({"pdf_base64": "AAAA" * (MOST_BYTES // 3 + 3)}, 413),
        ({"pdf_base64": "AAAA", "api_key": "a"}, 400),
    ],
    ids=["none", "text", "number", "large", "unknown"],
)
def test_a_bad_direct_body_is_refused(member: Caller, body: dict[str, Any], status: int) -> None:
    assert member.post("/extractions", body).status_code == status
    assert not Document.objects.exists()


@pytest.mark.parametrize("wait", ["61", "-1", "soon", ""])
def test_a_wrong_wait_is_refused(member: Caller, wait: str) -> None:
    assert member.post(f"/extractions?wait={wait}", sent(papers.plain())).status_code == 400


def test_usage_counts_every_call(member: Caller, business: Business) -> None:
    make_read(business)
    make_read(business, papers.plain())
    make_read(make_business())
    found = read(member.get("/extractions/usage"))
    assert (found["calls"], found["price"]) == (5, 0)
    assert [(each["engine"], each["calls"]) for each in found["by_engine"]] == [
        ("cache", 2), ("embedded", 2), ("local", 1)
    ]  # fmt: skip
    assert [each["calls"] for each in found["by_day"]] == [5]
    assert found["by_model"] == []
    assert read(member.get("/extractions/usage?from=2020-01-01&to=2020-01-31"))["calls"] == 0
    assert member.get("/extractions/usage?from=2026-13-01").status_code == 400


# Who may


def test_who_may_do_what(business: Business, viewer: Caller, outsider: Caller) -> None:
    document = make_read(business)
    path, run = f"/documents/{document.pk}", f"/extractions/{document.latest_id}"
    reader = key_of(business, "read")
    reads = (path, f"{path}/file", f"{path}/data", run, f"{run}/file")
    for caller, status in ((viewer, 200), (reader, 200), (outsider, 404), (Caller(), 401)):
        assert {caller.get(each).status_code for each in reads} == {status}
    for caller, status in ((viewer, 403), (reader, 403), (outsider, 404), (Caller(), 401)):
        found = {
            caller.post(f"{path}/process").status_code,
            caller.post(f"{path}/refetch").status_code,
            caller.patch(f"{path}/data", {}).status_code,
            caller.delete(path).status_code,
        }
        assert found == {status}
    for caller in (viewer, reader):
        assert upload(caller, file=pdf()).status_code == 403
        assert caller.post("/extractions", sent(papers.plain())).status_code == 403
    assert Document.objects.count() == 1
    assert read(outsider.get("/documents"))["count"] == read(outsider.get("/extractions"))["count"] == 0
