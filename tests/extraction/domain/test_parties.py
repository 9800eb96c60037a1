"""Names, numbers and domains as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.parties import (
    Ourselves,
    compact,
    domains_on,
    iban_holds,
    ibans_in,
    name_key,
    number_keys,
    numbers_on,
    own_domains,
    registered,
    same_number,
    telling_domain,
)
from tests.extraction.pages import page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Studio", "STUDIO GmbH"),
        ("Acme S.A.R.L.", "Acme SARL"),
        ("Société Générale", "societe generale S.A."),
        ("Acme & Co. KG", "ACME"),
        ("شركة الأفق للتجارة المحدودة", "الافق للتجارة"),
        ("Stu\u200bdio", "Studio"),
        ("\u202eStudio\u202c", "Studio"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


def test_other_names_and_mere_legal_forms_differ() -> None:
    assert name_key("Acme Trading") != name_key("Acme Holding")
    assert (name_key("GmbH"), name_key("Co."), name_key(None), name_key("---")) == ("gmbh", "co", "", "")


def test_numbers_are_the_same_with_and_without_their_country() -> None:
    assert same_number("DE 136 695 976", "136695976")
    assert not same_number("DE136695976", "DE136695977")
    assert not same_number("", "")
    assert number_keys("12/34") == frozenset()  # too short to tell anybody
    assert compact("de75 5121-0800.١٢") == "DE7551210800" + "12"


def test_ibans_are_found_in_a_free_text() -> None:
    text = "Bank: Example\nIBAN: DE75 5121 0800 1245 1261 99 BIC: FFVBDEFF\nMA64011519000001205000534921 wrong DE00"
    assert ibans_in(text) == {"DE75512108001245126199", "MA64011519000001205000534921"}


@pytest.mark.parametrize(
    ("text", "ok"),
    [
        ("DE75 5121 0800 1245 1261 99", True),
        ("DE75512108001245126198", False),
        ("MA64011519000001205000534921", True),  # not in SWIFT's registry
        ("MA64011519000001205000534922", False),
        ("XX", False),
        ("", False),
    ],
)
def test_an_iban_holds_by_its_check_digits(text: str, ok: bool) -> None:
    assert iban_holds(text) is ok


@pytest.mark.parametrize(
    ("domain", "name"),
    [("mail.example.com", "example.com"), ("a.example.co.uk", "example.co.uk"), ("Example.DE.", "example.de"), ("x.com.sa", "x.com.sa")],
)  # fmt: skip
def test_a_domain_is_what_somebody_registered(domain: str, name: str) -> None:
    assert registered(domain) == name


def test_the_domains_of_a_page_are_those_of_nobody_else() -> None:
    text = (
        "info@acme.de www.acme.de https://shop.acme.de/x me@gmail.com www.facebook.com/acme a@b c@client.fr (www.x.com)"
    )
    assert domains_on([page(text)]) == ["acme.de", "client.fr"]
    assert telling_domain(["client.fr", "acme.de"], "ACME Trading GmbH") == "acme.de"
    assert telling_domain(["client.fr", "acme.de"], "Nobody") == ""
    assert telling_domain(["client.fr"], "Nobody") == "client.fr"
    assert own_domains(["me@studio.example", "you@gmail.com", "https://www.studio.example/x", ""]) == {"studio.example"}


def test_numbers_on_a_page_are_those_that_may_tell_somebody() -> None:
    text = "Tel 12 ICE:001528374000061 VAT DE136695976, IBAN DE75 5121 0800 1245 1261 99 on 02.11.26 for 120.00"
    found = numbers_on([page(text)])
    assert found == ["DE75512108001245126199", "001528374000061", "136695976", "DE136695976"]


def test_we_are_known_by_name_and_number() -> None:
    us = Ourselves(frozenset({"studio"}), number_keys("DE136695976"), frozenset(), frozenset())
    assert us.has_name("STUDIO Ltd.")
    assert us.has_number("136 695 976")
    assert not us.has_name("")
    assert not us.has_number(None)


@given(st.text(), st.text())
def test_anything_can_be_compared(one: str, other: str) -> None:
    assert name_key(name_key(one)) == name_key(one)
    assert same_number(one, other) == same_number(other, one)
    assert isinstance(ibans_in(one), frozenset)
    assert isinstance(domains_on([page(one)]), list)
    telling_domain([other], one)
