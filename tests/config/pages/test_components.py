from __future__ import annotations

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
PAGE = "/dev/components"


@pytest.mark.parametrize(
    ("query", "head"),
    [
        ("", '<html lang="en" dir="ltr" >'),
        ("?dir=rtl&theme=dark", '<html lang="ar" dir="rtl" data-theme="dark">'),
        ("?language=fr&theme=light", '<html lang="fr" dir="ltr" data-theme="light">'),
        ("?language=xx&theme=xx", '<html lang="en" dir="ltr" >'),
    ],
)
def test_components_show_in_each_direction_and_shade(client: Browser, query: str, head: str) -> None:
    page = " ".join(client.get(PAGE + query).content.decode().split())
    assert head in page
    assert page.count("<section id=") >= 17


def test_components_are_there_in_the_embedded_mode_alone(client: Browser, settings: Settings) -> None:
    settings.EMBEDDED = False
    assert client.get(PAGE).status_code == 404


def test_the_icon_of_old_browsers_is_there(client: Browser) -> None:
    answer = client.get("/favicon.ico")
    assert answer["Location"].startswith("/static/icons/favicon")
