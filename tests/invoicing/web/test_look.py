from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from PIL import Image

from accounts.choices import Role
from accounts.models import Business, User
from accounts.services.businesses import set_logo
from tests.factories.accounts import make_actor, make_business, make_member, owner_of
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db
LOOK = "/settings/look"
PICTURE = "/settings/look/picture"
CHOSEN: dict[str, str] = {
    "look": "classic", "brand_colour": "own", "own_colour": "#f2b705", "paper_size": "letter", "second_language": "ar",
    "digits": "arab", "signature_frame": "on",
}  # fmt: skip
STORED: dict[str, Any] = {
    "look": "classic", "brand_colour": "#F2B705", "paper_size": "letter", "second_language": "ar", "digits": "arab",
    "signature_frame": True,
}  # fmt: skip
HTMX = {"HX-Request": "true"}


def browser_as(business: Business, role: str) -> Browser:
    browser = Browser()
    browser.force_login(owner_of(business) if role == Role.OWNER else make_member(business, role))
    return browser


def version_of(browser: Browser) -> str:
    return str(browser.get(LOOK).context["form"]["version"].value())


def shown(page: Any) -> dict[str, str]:
    """Return what the address of the page's picture says."""
    found = re.search(r'<img src="([^"]*picture[^"]*)"', page.content.decode())
    assert found is not None
    query = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
    return {name: values[0] for name, values in query.items()}


# The page


@pytest.mark.parametrize("role", Role.values)
def test_every_member_sees_the_look(business: Business, role: str) -> None:
    page = browser_as(business, role).get(LOOK)
    manages = role in {Role.OWNER, Role.ADMIN}
    assert (page.status_code, page.context["editable"]) == (200, manages)
    assert (page.context["form"]["look"].field.disabled, b'value="save"' in page.content) == (not manages, True)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_managers_choose_the_look(business: Business, role: str) -> None:
    browser = browser_as(business, role)
    answer = browser.post(LOOK, CHOSEN | {"version": version_of(browser), "act": "save"})
    assert (answer.status_code, answer["Location"]) == (302, LOOK)
    row = Business.objects.get()
    assert ({name: getattr(row, name) for name in STORED}, row.version) == (STORED, 2)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_cannot_choose_it(business: Business, role: str) -> None:
    browser = browser_as(business, role)
    answer = browser.post(LOOK, CHOSEN | {"version": version_of(browser)})
    assert (answer.status_code, Business.objects.get().look) == (403, "modern")


def test_an_outsider_chooses_for_their_own_business(business: Business, stranger: Browser) -> None:
    assert stranger.post(LOOK, CHOSEN | {"version": version_of(stranger)}).status_code == 302
    assert sorted(Business.objects.values_list("name", "look")) == [("Elsewhere", "classic"), (business.name, "modern")]


def test_a_colour_on_offer_needs_no_typing(browser: Browser) -> None:
    browser.post(LOOK, CHOSEN | {"version": version_of(browser), "brand_colour": "#1F3A5F", "own_colour": "rubbish"})
    assert Business.objects.get().brand_colour == "#1F3A5F"
    assert browser.get(LOOK).context["form"]["brand_colour"].value() == "#1F3A5F"


def test_what_is_wrong_shows_at_its_field(browser: Browser) -> None:
    answer = browser.post(LOOK, CHOSEN | {"version": version_of(browser), "own_colour": "red", "look": "band"})
    assert (answer.status_code, answer.context["form"].errors, answer.context["picture"]) == (
        422,
        {
            "look": ["Choose one of: modern, classic, compact."],
            "own_colour": ["Write a colour as # and six digits or letters from A to F, such as #0B6B50."],
        },
        None,
    )


def test_a_change_made_meanwhile_is_not_overwritten(browser: Browser) -> None:
    stale = version_of(browser)
    browser.post(LOOK, CHOSEN | {"version": stale})
    answer = browser.post(LOOK, CHOSEN | {"version": stale, "look": "compact"})
    assert (answer.status_code, list(answer.context["form"].errors), Business.objects.get().look) == (
        422, ["__all__"], "classic",
    )  # fmt: skip
    assert shown(answer)["look"] == "compact"


def test_the_logo_is_shown_and_removed_here(browser: Browser, business: Business) -> None:
    assert b"/settings/business/logo?v=" not in browser.get(LOOK).content
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    set_logo(actor=make_actor(user=owner_of(business)), business=business, upload=out.getvalue(), at=None)  # type: ignore[arg-type]  # not kept
    page = browser.get(LOOK).content
    assert (b"/settings/business/logo?v=" in page, b'name="remove"' in page) == (True, True)


def test_what_is_chosen_comes_back_after_a_logo_and_can_be_saved(browser: Browser, business: Business) -> None:
    Business.objects.update(version=7)
    page = browser.get(LOOK, CHOSEN)
    form = page.context["form"]
    assert (page.status_code, shown(page)["look"], form["version"].value()) == (200, "classic", "7")
    kept = {name: form[name].value() for name in CHOSEN} | {"version": form["version"].value()}
    assert (browser.post(LOOK, kept).status_code, Business.objects.get().look) == (302, "classic")


# The picture on the page


def test_the_page_tells_what_its_picture_shows(browser: Browser, business: Business) -> None:
    page = browser.get(LOOK)
    assert page.context["picture"].alt == (
        "Page 1 of the invoice: layout Modern, paper A4, colour #0B6B50, in English."
    )
    assert page.context["picture"].hint == "A made-up invoice."
    said = shown(page)
    version = said.pop("v")
    assert said == {
        "look": "modern", "paper_size": "a4", "second_language": "auto", "digits": "latn", "brand_colour": "#0B6B50",
        "language": "en",
    }  # fmt: skip
    invoice = make_issued(business, language="fr")
    page = browser.get(LOOK)
    assert page.context["picture"].hint == f"Your invoice {invoice.number}."
    assert (shown(page)["language"], shown(page)["v"] == version) == ("fr", False)


def test_htmx_gets_the_picture_of_what_is_chosen(browser: Browser) -> None:
    answer = browser.get(LOOK, CHOSEN | {"language": "fr"}, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, "<html" in page, Business.objects.get().look) == (200, False, "modern")
    said = shown(answer)
    assert {name: said[name] for name in ("look", "brand_colour", "paper_size", "language", "signature_frame")} == {
        "look": "classic", "brand_colour": "#f2b705", "paper_size": "letter", "language": "fr", "signature_frame": "on",
    }  # fmt: skip
    assert ('height="1294"' in page, 'hx-swap-oob="true"' in page, "#796012" in page) == (True, True, True)
    # A button names its language beside the one there was.
    assert shown(browser.get(LOOK, CHOSEN | {"language": "fr", "show": "ar"}, headers=HTMX))["language"] == "ar"


def test_what_is_half_typed_leaves_the_picture(browser: Browser) -> None:
    answer = browser.get(LOOK, CHOSEN | {"own_colour": "#12"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert "Write a colour as #" in answer.content.decode()
    assert browser.get(LOOK, CHOSEN | {"own_colour": "#12"}).status_code == 422


@pytest.mark.parametrize("asked", [{"act": "preview"}, {"show": "ar"}])
def test_without_scripts_a_button_shows_what_is_chosen(browser: Browser, asked: dict[str, str]) -> None:
    page = browser.post(LOOK, CHOSEN | {"version": version_of(browser)} | asked)
    assert (page.status_code, shown(page)["look"], Business.objects.get().look) == (200, "classic", "modern")
    assert shown(page)["language"] == asked.get("show", "en")
    wrong = browser.post(LOOK, CHOSEN | {"own_colour": "red"} | asked)
    assert (wrong.status_code, wrong.context["picture"]) == (422, None)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_speaks_every_language(browser: Browser, owner: User, language: str) -> None:
    owner.language = language
    owner.save()
    assert f'<html lang="{language}' in browser.get(LOOK).content.decode()


# The picture


def drawn(answer: Any) -> Image.Image:
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


def test_the_picture_is_a_page_of_the_sheet_that_is_chosen(browser: Browser, business: Business) -> None:
    answer = browser.get(PICTURE, shown(browser.get(LOOK)))
    assert (answer["Content-Type"], drawn(answer).format, drawn(answer).size) == ("image/png", "PNG", (1000, 1414))
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"], "Cookie" in answer["Vary"]) == (
        "private, max-age=600", "nosniff", True,
    )  # fmt: skip
    make_issued(business)
    chosen = shown(browser.get(LOOK, CHOSEN, headers=HTMX))
    other = browser.get(PICTURE, chosen)
    assert (drawn(other).size, other.content != answer.content) == ((1000, 1294), True)
    assert browser.get(PICTURE, chosen).content == other.content
    assert drawn(browser.get(PICTURE)).size == (1000, 1414)


def test_the_picture_has_the_colour_that_is_chosen(browser: Browser) -> None:
    chosen = shown(browser.get(LOOK)) | {"brand_colour": "#8C2D1E"}
    colours = drawn(browser.get(PICTURE, chosen)).convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert (0x8C, 0x2D, 0x1E) in {colour for _count, colour in colours}


@pytest.mark.parametrize(
    "wrong", [{"look": "band"}, {"brand_colour": "red"}, {"paper_size": ""}, {"digits": "x"}, {"second_language": "de"}]
)
def test_what_is_no_look_has_no_picture(browser: Browser, wrong: dict[str, str]) -> None:
    assert browser.get(PICTURE, shown(browser.get(LOOK)) | wrong).status_code == 400


@pytest.mark.parametrize("role", Role.values)
def test_every_member_sees_the_picture(business: Business, role: str) -> None:
    assert browser_as(business, role).get(PICTURE).status_code == 200


def test_strangers_see_their_own_picture_and_visitors_none(
    stranger: Browser, browser: Browser, client: Browser
) -> None:
    assert client.get(PICTURE)["Location"].startswith("/accounts/login/")
    assert stranger.get(PICTURE).content != browser.get(PICTURE).content


def test_pictures_have_a_limit(browser: Browser, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"picture": "1/h"}
    answers = [browser.get(PICTURE) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 0


def test_a_picture_is_of_the_business_that_is_worked_in(browser: Browser, business: Business) -> None:
    first = browser.get(PICTURE).content
    other = make_business(owner=owner_of(business), name="Other", country="US", paper_size="letter")
    browser.post("/settings/switch", {"business": other.pk})
    assert (drawn(browser.get(PICTURE)).size, browser.get(PICTURE).content != first) == ((1000, 1294), True)
