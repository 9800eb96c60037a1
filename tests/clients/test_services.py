from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.choices import Role
from accounts.errors import LostUpdate, NotAllowed, NotFound
from accounts.models import Business
from accounts.tenancy import Actor
from clients import services
from clients.errors import InvalidClient
from clients.models import Client
from clients.services import (
    archive_client,
    client_for,
    delete_client,
    restore_client,
    save_client,
    store,
)
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(country="MA")


@pytest.fixture
def saudi_business() -> Business:
    return make_business(country="SA")


@pytest.fixture
def actor(business: Business) -> Actor:
    return make_actor(business, Role.MEMBER)


def save(business: Business, **data: Any) -> Client:
    return save_client(actor=make_actor(business), business=business, data=data, at=AT)


def refused(business: Business, client: Client | None = None, **data: Any) -> dict[str, list[Any]]:
    with pytest.raises(InvalidClient) as caught:
        save_client(actor=make_actor(business), business=business, data=data, client=client, at=AT)
    return caught.value.errors


def test_save_client_keeps_everything_in_clean_form(business: Business) -> None:
    client = save(
        business,
        type="business",
        name=" Atlas Test ",
        name_ar="أطلس",
        contact_name="Accounts",
        email="Billing@EXAMPLE.com",
        phone="0600111222",
        vat_number="DE 136695976",
        cr_number="RC 1",
        tax_ids=[{"type": "ice", "value": "001561191000066"}],
        address={"street": "Beispielweg", "city": "Berlin", "country": "de"},
        latitude=Decimal("52.520008"),
        longitude="13.404954",
        categories=["Retail", "Retail", "عملاء"],
        currency="eur",
        language="fr",
        send_mail=False,
        notes="One\r\ntwo",
    )
    client.refresh_from_db()
    assert {name: getattr(client, name) for name in ("name", "email", "vat_number", "country")} == {
        "name": "Atlas Test",
        "email": "Billing@example.com",
        "vat_number": "DE136695976",
        "country": "DE",
    }
    assert client.tax_ids == [{"type": "ICE", "value": "001561191000066"}]
    assert client.address == {"street": "Beispielweg", "city": "Berlin", "country": "DE"}
    assert (client.latitude, client.longitude) == (Decimal("52.520008"), Decimal("13.404954"))
    assert client.categories == ["Retail", "عملاء"]
    assert (client.currency, client.language, client.send_mail, client.notes) == ("EUR", "fr", False, "One\ntwo")
    assert client.search_text == "atlas test\nاطلس\nbilling@example.com\n+49600111222\nde136695976"
    assert (client.version, client.created_at, client.updated_at) == (1, AT, AT)


def test_save_client_names_all_wrong_fields_at_once(business: Business) -> None:
    assert refused(
        business,
        type="company",
        email="x",
        phone="0612",
        address={"country": "Maroc"},
        tax_ids=[{"type": "ICE", "value": "1"}],
        vat_registered="yes",
        latitude="91",
        categories=["", "x" * 51],
        currency="XXX",
        language="de",
        notes="\x00",
    ) == {
        "name": ["This is needed."],
        "type": ["Choose one of: business, individual."],
        "email": ["This is not an e-mail address, such as name@example.com."],
        "phone": ["This telephone number is too short."],
        "address.country": ["This is not a country code of two letters, such as MA."],
        "tax_ids[0].value": ["15 digits are needed; this has 1."],
        "vat_registered": ["This is either true or false."],
        "latitude": ["At most 90 is allowed."],
        "categories[0]": ["This is needed."],
        "categories[1]": ["At most 50 characters fit; this has 51."],
        "currency": ["This is not a currency code of three letters, such as EUR."],
        "language": ["Choose one of: ar, en, fr."],
        "notes": ["This has characters that cannot be printed."],
    }
    assert refused(business, name="A", categories="x") == {"categories": ["A list is needed here."]}
    assert refused(business, name="A", categories=["x"] * 21) == {"categories": ["At most 20 categories."]}


def test_save_client_changes_only_what_is_named(business: Business, actor: Actor) -> None:
    client = make_client(business, name="Atlas", phone="+212600111222")
    saved = save_client(
        actor=actor, business=business, client=client, data={"name": "Rif", "email": None}, version=1, at=LATER
    )
    assert (saved.name, saved.email, saved.phone) == ("Rif", "", "+212600111222")
    assert (saved.version, saved.updated_at) == (2, LATER)
    assert saved.search_text == "rif\n+212600111222"


def test_save_client_that_changes_nothing_keeps_the_version(business: Business, actor: Actor) -> None:
    client = make_client(business, name="Atlas")
    saved = save_client(actor=actor, business=business, client=client, data={"name": "Atlas"}, at=LATER)
    assert (saved.version, saved.updated_at) == (1, client.updated_at)


def test_save_client_refuses_a_stale_version(business: Business, actor: Actor) -> None:
    client = make_client(business, version=3)
    with pytest.raises(LostUpdate):
        save_client(actor=actor, business=business, client=client, data={"name": "B"}, version=2, at=LATER)


def test_save_client_refuses_a_taken_email_whatever_its_case(business: Business) -> None:
    make_client(business, name="Atlas", email="billing@example.com")
    assert refused(business, name="B", email="BILLING@example.com") == {
        "email": ["Another client has this address: Atlas."]
    }
    make_client(business, name="Rif", email="old@example.com", archived_at=AT)
    assert refused(business, name="B", email="old@example.com") == {
        "email": ["An archived client has this address: Rif. Restore it instead."]
    }
    assert save(make_business(), name="B", email="billing@example.com").email == "billing@example.com"


def test_store_refuses_an_email_taken_since_it_was_looked_for(business: Business) -> None:
    make_client(business, name="Atlas", email="billing@example.com")
    with pytest.raises(InvalidClient) as caught:
        store(Client(business=business), {"name": "B", "email": "billing@EXAMPLE.com"}, AT)
    assert caught.value.errors == {"email": ["Another client has this address: Atlas."]}


def test_save_client_checks_the_vat_number_again_when_the_country_changes(business: Business) -> None:
    client = make_client(business, vat_number="12345678", address={"country": "MA"})
    assert refused(business, client, address={"country": "FR"}) == {
        "vat_number": ["This has the wrong number of characters."]
    }


def test_save_client_wants_saudi_business_clients_complete(saudi_business: Business) -> None:
    sentence = ["A business in Saudi Arabia needs this."]
    address = {f"address.{part}": sentence for part in services.NATIONAL_ADDRESS}
    assert refused(saudi_business, name="A") == {"vat_number": sentence, "cr_number": sentence, **address}
    assert refused(saudi_business, name="A", **SAUDI | {"vat_number": "30000000000003"}) == {
        "vat_number": ["15 digits are needed; this has 14."]
    }
    assert refused(saudi_business, name="A", **SAUDI | {"address": {"country": "Saudi"}}) == {
        "address.country": ["This is not a country code of two letters, such as MA."]
    }
    assert save(saudi_business, name="A", **SAUDI).country == "SA"


def test_save_client_wants_another_number_of_who_is_not_registered(saudi_business: Business) -> None:
    unregistered = SAUDI | {"vat_number": "", "vat_registered": False}
    assert refused(saudi_business, name="A", **unregistered) == {
        "tax_ids": ["Without a VAT number, one other tax number is needed."]
    }
    assert save(saudi_business, name="A", tax_ids=[{"type": "700", "value": "7001"}], **unregistered).pk


@pytest.mark.parametrize("data", [{"type": "individual"}, {"address": {"country": "AE"}}])
def test_save_client_leaves_others_of_a_saudi_seller_free(saudi_business: Business, data: dict[str, Any]) -> None:
    assert save(saudi_business, name="A", **data).pk


def test_save_client_lets_an_incomplete_saudi_client_change_what_else_it_has(saudi_business: Business) -> None:
    client = make_client(saudi_business)
    saved = save_client(
        actor=make_actor(saudi_business), business=saudi_business, client=client, data={"notes": "x"}, at=AT
    )
    assert saved.notes == "x"
    assert "cr_number" in refused(saudi_business, client, address={"city": "Riyadh"})


def test_archive_and_restore_client(business: Business, actor: Actor) -> None:
    client = make_client(business)
    assert archive_client(actor=actor, client=client, at=AT).archived_at == AT
    assert archive_client(actor=actor, client=client, at=LATER).archived_at == AT
    assert list(Client.objects.active()) == []
    assert restore_client(actor=actor, client=client, at=LATER).archived_at is None
    assert list(Client.objects.active()) == [client]


def test_delete_client_without_invoices_is_for_good(business: Business, actor: Actor) -> None:
    client = make_client(business)
    with pytest.raises(LostUpdate):
        delete_client(actor=actor, client=client, version=2, at=AT)
    assert delete_client(actor=actor, client=client, version=1, at=AT) is True
    assert list(Client.objects.all()) == []


def test_client_for_reuses_an_email_without_altering_its_client(business: Business, actor: Actor) -> None:
    known = make_client(business, name="Atlas", email="billing@example.com", archived_at=AT)
    found = client_for(
        actor=actor,
        business=business,
        name="Other",
        email="Billing@Example.com",
        data={"phone": "0612", "vat_number": "1"},
        at=AT,
    )
    found.refresh_from_db()
    assert (found.pk, found.name, found.archived_at, found.version) == (known.pk, "Atlas", AT, 1)


def test_client_for_makes_one_of_what_was_given(saudi_business: Business) -> None:
    made = client_for(
        actor=make_actor(saudi_business),
        business=saudi_business,
        email="new@example.com",
        data={"type": "business", "phone": "0551234567", "address": "Riyadh"},
        at=AT,
    )
    made.refresh_from_db()
    assert (made.name, made.email, made.phone) == ("new@example.com", "new@example.com", "+966551234567")
    assert (made.address, made.search_text) == ({"text": "Riyadh"}, "new@example.com\nnew@example.com\n+966551234567")


def test_client_for_names_fields_as_invoices_do(business: Business, actor: Actor) -> None:
    with pytest.raises(InvalidClient) as caught:
        client_for(actor=actor, business=business, data={"address": {"town": "x"}}, at=AT)
    assert set(caught.value.errors) == {"client_name", "client_address.town"}


@pytest.mark.django_db(transaction=True)
def test_client_for_makes_one_client_when_several_ask_at_once() -> None:
    business = make_business()
    actor = make_actor(business)
    together = Barrier(6)

    def ask(number: int) -> str:
        together.wait()
        try:
            return client_for(actor=actor, business=business, name=f"N{number}", email="new@example.com", at=AT).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(ask, range(6)))
    assert found == set(Client.objects.values_list("pk", flat=True))
    assert len(found) == 1


def test_delete_client_with_invoices_archives_it(business: Business, actor: Actor) -> None:
    client = make_client(business)
    draft = make_draft(business, client=client)
    assert delete_client(actor=actor, client=client, at=AT) is False
    client.refresh_from_db()
    assert client.archived_at == AT
    draft.refresh_from_db()
    assert draft.client_id == client.pk


def order(name: str, actor: Actor, client: Client) -> Any:
    business = client.business
    return {
        "new": lambda: save_client(actor=actor, business=business, data={"name": "N"}, at=AT),
        "change": lambda: save_client(actor=actor, business=business, client=client, data={"name": "N"}, at=AT),
        "archive": lambda: archive_client(actor=actor, client=client, at=AT),
        "restore": lambda: restore_client(actor=actor, client=client, at=AT),
        "delete": lambda: delete_client(actor=actor, client=client, at=AT),
        "for": lambda: client_for(actor=actor, business=business, name="N", at=AT),
    }[name]()


@pytest.mark.parametrize("name", ["new", "change", "archive", "restore", "delete", "for"])
def test_orders_ask_for_a_member_who_may_write(business: Business, name: str) -> None:
    client = make_client(business)
    order(name, make_actor(business, Role.MEMBER), client)
    client = make_client(business)
    with pytest.raises(NotAllowed):
        order(name, make_actor(business, Role.VIEWER), client)
    with pytest.raises(NotFound):
        order(name, make_actor(), client)


def test_save_client_does_not_find_another_business_s_client(business: Business, actor: Actor) -> None:
    stranger = make_client(make_business())
    with pytest.raises(NotFound):
        save_client(actor=actor, business=business, client=stranger, data={"name": "N"}, at=AT)
