from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.choices import Role
from accounts.models import Business
from accounts.storage import forget
from tests.accounts.web.test_settings import browser_as, browser_of
from tests.factories.accounts import make_business, owner_of

pytestmark = pytest.mark.django_db
LOGO = "/settings/business/logo"
LOOK = "/settings/look"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", country="MA", currency="MAD", timezone="Africa/Casablanca")


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    return SimpleUploadedFile("logo.jpg", out.getvalue(), "image/jpeg")


def test_the_logo_is_uploaded_shown_and_removed(business: Business) -> None:
    browser = browser_as(business, Role.ADMIN)
    assert browser.get(LOGO).status_code == 404
    assert browser.post(LOGO, {"logo": picture()})["Location"] == LOOK
    chosen = {"logo": picture(), "chosen": "look=classic&own_colour=%23AA3300"}
    assert browser.post(LOGO, chosen)["Location"] == f"{LOOK}?look=classic&own_colour=%23AA3300"
    shown = browser.get(LOGO)
    assert (shown.status_code, shown["Content-Type"], shown.content[:4]) == (200, "image/png", b"\x89PNG")
    assert (shown["X-Content-Type-Options"], shown["Content-Disposition"], shown["Content-Security-Policy"]) == (
        "nosniff", 'inline; filename="logo.png"', "default-src 'none'; sandbox",
    )  # fmt: skip
    assert b"/settings/business/logo?v=" in browser.get(LOOK).content
    browser.post(LOGO, {"remove": "1"})
    assert (browser.get(LOGO).status_code, Business.objects.get().logo_key) == (404, "")


@pytest.mark.parametrize("files", [{}, {"logo": SimpleUploadedFile("x.png", b"<svg/>")}, {"logo": "text"}])
def test_what_is_no_picture_is_refused_in_a_sentence(business: Business, files: dict[str, Any]) -> None:
    browser = browser_as(business, Role.OWNER)
    page = browser.post(LOGO, files, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "This is not a picture in PNG, JPEG, WebP or GIF."
    ]
    assert Business.objects.get().logo_key == ""


def test_a_logo_whose_file_is_lost_is_not_there(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    browser.post(LOGO, {"logo": picture()})
    forget(Business.objects.get().logo_key)
    assert browser.get(LOGO).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_see_the_logo_and_cannot_change_it(business: Business, role: str) -> None:
    browser_as(business, Role.OWNER).post(LOGO, {"logo": picture()})
    browser = browser_as(business, role)
    assert (browser.get(LOGO).status_code, browser.post(LOGO, {"remove": "1"}).status_code) == (200, 403)


def test_an_outsider_does_not_see_the_logo(business: Business) -> None:
    browser_as(business, Role.OWNER).post(LOGO, {"logo": picture()})
    assert browser_of(owner_of(make_business())).get(LOGO).status_code == 404
