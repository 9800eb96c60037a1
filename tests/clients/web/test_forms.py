from __future__ import annotations

import pytest

from accounts.models import Business
from clients.errors import InvalidClient
from clients.models import Client
from clients.web.forms import ClientForm, country_choices, currency_choices
from tests.factories.clients import SAUDI

BUSINESS = Business(country="MA", currency="MAD", language="fr")


def filled(**data: str) -> ClientForm:
    form = ClientForm({"type": "business", "name": "Atlas", **data}, business=BUSINESS)
    assert form.is_valid()
    return form


def test_form_shows_what_is_kept() -> None:
    client = Client(name="A", categories=["Retail", "VIP"], tax_ids=[{"type": "RC", "value": "1"}], version=4, **SAUDI)
    form = ClientForm(business=BUSINESS, client=client)
    shown = {name: form[name].value() for name in ("address_city", "categories", "version", "tax_ids_0_type")}
    assert shown == {"address_city": "Riyadh", "categories": "Retail, VIP", "version": 4, "tax_ids_0_type": "RC"}
    assert len(form.tax_rows) == 3


def test_form_gives_the_service_what_was_typed() -> None:
    form = filled(
        categories="Retail, عملاء، ,",
        address_city="Rabat",
        vat_registered="on",
        latitude="34.02",
        tax_ids_1_type="ICE",
        tax_ids_1_value="001561191000066",
        tax_ids_4_value="7",
    )
    values = form.values()
    assert values["categories"] == ["Retail", " عملاء"]
    assert {part: value for part, value in values["address"].items() if value} == {"city": "Rabat"}
    assert values["tax_ids"] == [{"type": "ICE", "value": "001561191000066"}, {"type": "", "value": "7"}]
    assert (values["vat_registered"], values["send_mail"], values["latitude"]) == (True, False, "34.02")


def test_form_puts_errors_at_their_fields() -> None:
    form = filled(tax_ids_1_type="ICE", tax_ids_1_value="1", tax_ids_2_value="2")
    names = {
        "email": "email",
        "address.city": "address_city",
        "address": "address_street",
        "tax_ids[0].value": "tax_ids_1_value",
        "tax_ids[1].type": "tax_ids_2_type",
        "tax_ids": "tax_ids_0_value",
        "categories[1]": "categories",
        "unknown": "__all__",
    }
    form.refuse(InvalidClient(errors={name: [name] for name in names}))
    assert {field: list(errors) for field, errors in form.errors.items()} == {
        field: [name] for name, field in names.items()
    }


def test_form_shows_a_refusal_without_fields_over_itself() -> None:
    form = filled()
    form.refuse(InvalidClient("No."))
    assert form.non_field_errors() == ["No."]


def test_form_keeps_what_was_typed_in_rows_it_had_not_shown() -> None:
    form = ClientForm({"tax_ids_19_value": "x", "tax_ids_99_value": "y"}, business=BUSINESS)
    assert len(form.tax_rows) == 20
    assert form["tax_ids_19_value"].value() == "x"


@pytest.mark.parametrize(("language", "first"), [("en", "Afghanistan"), ("fr", "Afghanistan"), ("ar-ma", "إثيوبيا")])
def test_countries_are_in_the_order_of_the_language(language: str, first: str) -> None:
    assert [name for _code, name in country_choices(language)[:2]] == ["–", first]
    assert len(country_choices(language)) == 251


def test_currencies_say_their_names() -> None:
    assert ("MAD", "MAD – dirham marocain") in currency_choices("fr")


def test_the_numbers_asked_for_are_those_of_the_client_s_country_or_else_of_the_seller_s() -> None:
    def kinds(country: str) -> list[str]:
        form = ClientForm(business=BUSINESS, client=Client(address={"country": country} if country else {}))
        return [kind for _type, _number, kind, _about in form.known_tax_ids]

    assert kinds("") == kinds("MA") == ["ICE", "IF", "RC", "TP", "CNSS"]
    assert (kinds("FR"), kinds("SA")) == (["SIREN", "SIRET"], [])


def test_what_morocco_does_not_ask_for_shows_once_it_is_there() -> None:
    empty = ClientForm(business=BUSINESS)
    kept = ClientForm(business=BUSINESS, client=Client(vat_number="1", cr_number="2"))
    assert (empty.shows_vat, empty.shows_cr, kept.shows_vat, kept.shows_cr) == (False, False, True, True)
