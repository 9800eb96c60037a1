from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from clients.services import save_client
from clients.web.views import PAGE_SIZE
from tests.factories.accounts import make_business, make_member
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business(country="MA", currency="MAD")


def browser_of(business: Business, role: str = Role.MEMBER) -> Browser:
    user = make_business().memberships.get().user if role == "outsider" else make_member(business, role)
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def member(business: Business) -> Browser:
    return browser_of(business)


def names(response: Any) -> list[str]:
    return [client.name for client in response.context["page"].object_list]


def test_list_is_by_name_and_hides_archived_ones(member: Browser, business: Business) -> None:
    make_client(business, name="B")
    make_client(business, name="A")
    make_client(business, name="C", archived_at="2026-11-20T00:00:00Z")
    make_client(make_business(), name="D")
    assert names(member.get("/clients")) == ["A", "B"]
    assert names(member.get("/clients?archived=true")) == ["C"]
    assert names(member.get("/clients?ordering=-name&search=client")) == ["B", "A"]
    assert names(member.get("/clients?type=nonsense&ordering=nonsense&page=99")) == ["A", "B"]


def test_list_is_cut_into_pages_that_keep_the_search(member: Browser, business: Business) -> None:
    for number in range(PAGE_SIZE + 1):
        make_client(business, name=f"Atlas {number:02}")
    response = member.get("/clients?search=atlas&page=2")
    assert names(response) == [f"Atlas {PAGE_SIZE}"]
    assert 'href="?search=atlas&amp;page=1"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "No clients yet"),
        ("search=zzz", "Nothing matches zzz."),
        ("archived=true", "Nothing is archived"),
    ],
)
def test_list_says_why_it_is_empty(member: Browser, business: Business, query: str, sentence: str) -> None:
    if query:
        make_client(business)
    assert sentence in member.get(f"/clients?{query}").content.decode()


def test_detail_shows_everything_escaped(member: Browser, business: Business) -> None:
    client = make_client(
        business,
        name="<b>Atlas</b>",
        notes="One\n<script>",
        tax_ids=[{"type": "ICE", "value": "001561191000066"}],
        phone="+212600111222",
        categories=["Retail"],
        address={"street": "Avenue Exemple", "city": "Rabat", "country": "MA"},
    )
    page = member.get(f"/clients/{client.pk}").content.decode()
    for text in (
        "&lt;b&gt;Atlas&lt;/b&gt;",
        "One<br>&lt;script&gt;",
        "001561191000066",
        "+212600111222",
        "Retail",
        "Avenue Exemple",
        "Morocco",
    ):
        assert text in page
    assert "<b>Atlas" not in page


def test_new_makes_a_client(member: Browser, business: Business) -> None:
    response = member.post(
        "/clients/new",
        {"type": "individual", "name": "Nour Example", "email": "n@example.com", "address_city": "Rabat"},
    )
    client = Client.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/clients/{client.pk}")
    assert (client.business_id, client.type, client.address) == (business.pk, "individual", {"city": "Rabat"})
    assert (client.vat_registered, client.send_mail) == (False, False)


def test_new_keeps_what_was_typed_and_shows_errors_at_their_fields() -> None:
    member = browser_of(make_business(country="SA"))
    typed = {"type": "business", "name": "Atlas", "vat_registered": "on", "vat_number": "30000000000003"}
    response = member.post("/clients/new", {**typed, "tax_ids_0_value": "5", "address_country": "SA"})
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: form[name].value() for name in typed} == typed | {"vat_registered": True}
    needed = ["A business in Saudi Arabia needs this."]
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "vat_number": ["15 digits are needed; this has 14."],
        "tax_ids_0_type": ["This is needed."],
        "cr_number": needed,
        **{f"address_{part}": needed for part in ("building_number", "street", "district", "city", "postal_code")},
    }
    assert Client.objects.count() == 0


def test_edit_changes_a_client_and_notes_a_change_in_between(member: Browser, business: Business) -> None:
    client = make_client(business, name="A", language="fr", tax_ids=[{"type": "RC", "value": "1"}])
    form = member.get(f"/clients/{client.pk}/edit").context["form"]
    typed = {field.html_name: field.value() for field in form if field.value() not in {None, False}}
    response = member.post(f"/clients/{client.pk}/edit", typed | {"name": "B"})
    assert response.status_code == 302
    client.refresh_from_db()
    assert (client.name, client.language, client.tax_ids, client.version) == (
        "B",
        "fr",
        [{"type": "RC", "value": "1"}],
        2,
    )
    response = member.post(f"/clients/{client.pk}/edit", typed | {"name": "C"})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "This was changed in the meantime. Read it again, then repeat your change."
    ]
    assert response.context["form"]["name"].value() == "C"


def test_archive_restore_and_delete_ask_first(member: Browser, business: Business) -> None:
    client = make_client(business)
    for act in ("archive", "restore", "delete"):
        assert f"{act.title()} this client?" in member.get(f"/clients/{client.pk}/{act}").content.decode()
    assert Client.objects.get().archived_at is None
    undo = member.post(f"/clients/{client.pk}/archive", follow=True).content.decode()
    assert f'action="/clients/{client.pk}/restore"' in undo
    assert Client.objects.get().archived_at is not None
    assert "hidden from lists" in member.get(f"/clients/{client.pk}").content.decode()
    member.post(f"/clients/{client.pk}/restore")
    assert Client.objects.get().archived_at is None
    response = member.post(f"/clients/{client.pk}/delete", follow=True)
    assert f"{client.name} is deleted." in response.content.decode()
    assert Client.objects.count() == 0


def test_delete_with_invoices_archives_and_says_so(member: Browser, business: Business) -> None:
    client = make_client(business)
    make_draft(business, client=client)
    response = member.post(f"/clients/{client.pk}/delete", follow=True)
    assert f"{client.name} has invoices, so it was archived." in response.content.decode()
    assert f'action="/clients/{client.pk}/restore"' in response.content.decode()
    assert Client.objects.get().archived_at is not None


PAGES = ["", "/new", "/similar", "/{id}", "/{id}/edit", "/{id}/archive", "/{id}/restore", "/{id}/delete"]


@pytest.mark.parametrize(
    ("role", "seen", "sent"),
    [
        (Role.MEMBER, [200] * 8, [405, 302, 405, 405, 302, 302, 302, 302]),
        (Role.VIEWER, [200, 403, 403, 200, 403, 403, 403, 403], [405, 403, 403, 405, 403, 403, 403, 403]),
        ("outsider", [200, 200, 200, 404, 404, 404, 404, 404], [405, 302, 405, 405, 404, 404, 404, 404]),
    ],
)
def test_pages_ask_for_the_role(business: Business, role: str, seen: list[int], sent: list[int]) -> None:
    browser = browser_of(business, role)
    client = make_client(business)
    assert [browser.get("/clients" + page.format(id=client.pk)).status_code for page in PAGES] == seen
    data = {"name": "N", "type": "individual"}
    assert [browser.post("/clients" + page.format(id=client.pk), data).status_code for page in PAGES] == sent
    assert Client.objects.filter(business=business, name="N").exists() is (role == Role.MEMBER)


def test_pages_send_visitors_to_the_login() -> None:
    for page in PAGES:
        response = Browser().get("/clients" + page.format(id="cli_x"))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_viewers_see_no_buttons_to_write(business: Business) -> None:
    client = make_client(business)
    viewer = browser_of(business, Role.VIEWER)
    for page in ("/clients", f"/clients/{client.pk}"):
        assert "/edit" not in viewer.get(page).content.decode()
        assert "/clients/new" not in viewer.get(page).content.decode()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_pages_speak_the_reader_s_language(business: Business, language: str) -> None:
    user = make_member(business, Role.MEMBER, language=language)
    client = make_client(business, name="A", **SAUDI)
    browser = Browser()
    browser.force_login(user)
    country = {"ar": "المملكة العربية السعودية", "fr": "Arabie saoudite"}[language]
    assert country in browser.get(f"/clients/{client.pk}").content.decode()
    assert country in browser.get("/clients").content.decode()


def test_another_country_asks_for_its_own_numbers_and_saves_nothing(member: Browser, business: Business) -> None:
    client = make_client(business, tax_ids=[{"type": "ICE", "value": "001561191000066"}], address={"country": "MA"})
    typed = {"act": "country", "name": "Typed", "address_country": "FR"}
    numbers = {"tax_ids_0_type": "ICE", "tax_ids_0_value": "001561191000066", "tax_ids_1_type": "IF"}
    for address in ("/clients/new", f"/clients/{client.pk}/edit"):
        form = member.post(address, typed | numbers).context["form"]
        assert [kind for _type, _number, kind, _about in form.known_tax_ids] == ["SIREN", "SIRET"]
        assert (form["name"].value(), form.other_tax_ids[0][1].value()) == ("Typed", "001561191000066")
        part = member.post(address, typed | numbers, headers={"HX-Request": "true"}).content.decode()
        assert ("SIRET" in part, "<form" in part) == (True, False)
    assert (Client.objects.get().name, Client.objects.get().version) == (client.name, 1)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"name": "ATLAS St"}, ["Atlas Studio", "Atlas Studio Two"]),
        ({"name": "At"}, []),
        ({"name": "Studio"}, []),
        ({"vat_number": "300 000 000 000 003"}, ["Atlas Studio Two"]),
        ({"email": "TWO@example.com", "name": "x"}, ["Atlas Studio Two"]),
    ],
)
def test_who_may_be_kept_already_is_hinted_at(
    member: Browser, business: Business, asked: dict[str, str], shown: list[str]
) -> None:
    save_client(actor=Actor.system(business.pk), business=business, data={"name": "Atlas Studio"}, at=timezone.now())
    two = {"name": "Atlas Studio Two", "email": "two@example.com", "address": {"country": "SA"}}
    save_client(
        actor=Actor.system(business.pk), business=business, at=timezone.now(),
        data=two | {"vat_number": "300000000000003"},
    )  # fmt: skip
    make_client(make_business(), name="Atlas Studio Elsewhere")
    assert [each.name for each in member.get("/clients/similar", asked).context["similar"]] == shown
    itself = Client.objects.get(name="Atlas Studio Two").pk
    assert member.get("/clients/similar", {"name": "atlas studio two", "client": itself}).context["similar"] == []
