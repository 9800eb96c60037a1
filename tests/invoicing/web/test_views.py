"""Saved views: each person's own, as tabs of the list."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from invoicing.models import SavedView
from invoicing.services import views
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
QUERY = "status=overdue&issued=last_quarter&ordering=-total"


@pytest.fixture
def saved(browser: Browser, business: Business) -> SavedView:
    make_draft(business)
    browser.post("/invoices/views", {"name": " Late ones ", "query": f"page=3&view=x&{QUERY}&unknown=1&currency="})
    return SavedView.objects.get()


def tab(page: Any) -> list[tuple[str, bool]]:
    return [(str(each["label"]), each["current"]) for each in page.context["tabs"]][6:]


def test_a_view_is_kept_and_shown_as_a_tab(browser: Browser, saved: SavedView) -> None:
    assert (saved.name, saved.query) == ("Late ones", QUERY)
    page = browser.get(f"/invoices?view={saved.pk}", follow=True)
    assert page.redirect_chain == [(f"/invoices?view={saved.pk}&{QUERY}", 302)]
    assert (tab(page), page.context["view_changed"]) == ([("Late ones", True)], False)
    assert not any(each["current"] for each in page.context["tabs"][:6])
    assert tab(browser.get("/invoices")) == [("Late ones", False)]


def test_a_view_is_changed_to_what_the_list_shows(browser: Browser, saved: SavedView) -> None:
    page = browser.get(f"/invoices?view={saved.pk}&status=paid")
    assert page.context["view_changed"] is True
    browser.post(f"/invoices/views/{saved.pk}", {"act": "change", "query": "status=paid"})
    saved.refresh_from_db()
    assert saved.query == "status=paid"


def test_a_view_is_renamed_and_deleted(browser: Browser, saved: SavedView) -> None:
    browser.post(f"/invoices/views/{saved.pk}", {"name": "Overdue"})
    saved.refresh_from_db()
    assert saved.name == "Overdue"
    assert "Delete this view?" in browser.get(f"/invoices/views/{saved.pk}").content.decode()
    browser.post(f"/invoices/views/{saved.pk}", {"act": "delete"})
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("Late ones", "status=paid", "You have a view of this name already."),
        ("", "status=paid", "This is needed."),
        ("x" * 41, "status=paid", "40"),
        ("New", "page=2", "Search, filter or sort the list first: then there is something to save."),
        ("New", f"search={'x' * 1000}", "This is narrowed by too much to be saved."),
    ],
)
def test_what_cannot_be_saved_is_said(browser: Browser, saved: SavedView, name: str, query: str, sentence: str) -> None:
    page = browser.post("/invoices/views", {"name": name, "query": query})
    assert page.status_code == 422
    assert sentence in " ".join(page.context["form"].errors["name"])
    assert SavedView.objects.count() == 1


def test_views_are_bounded(browser: Browser, saved: SavedView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_VIEWS", 1)
    page = browser.post("/invoices/views", {"name": "Another", "query": "status=paid"})
    assert (page.status_code, SavedView.objects.count()) == (422, 1)
    assert "which is the most" in page.content.decode()


def test_a_view_is_its_persons_alone(saved: SavedView, business: Business, stranger: Browser) -> None:
    colleague = Browser()
    colleague.force_login(make_member(business, Role.VIEWER))
    make_issued(business)
    for browser in (colleague, stranger):
        assert browser.get(f"/invoices/views/{saved.pk}").status_code == 404
        assert browser.post(f"/invoices/views/{saved.pk}", {"act": "delete"}).status_code == 404
    assert tab(colleague.get("/invoices")) == []
    # Who only reads keeps views too, and may use a name that a colleague has.
    assert colleague.post("/invoices/views", {"name": "Late ones", "query": QUERY}).status_code == 302
    assert SavedView.objects.count() == 2
