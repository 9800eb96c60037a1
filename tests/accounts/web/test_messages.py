from __future__ import annotations

from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import render_to_string

ALLAUTH = Path(allauth.__file__).parent / "templates"
OURS = Path(settings.BASE_DIR) / "templates"
# What is switched off here: phone numbers and keys of hardware
NOT_USED = ("phone_", "webauthn_")
USED = sorted(
    str(path.relative_to(ALLAUTH))
    for app in ("account", "mfa", "usersessions")
    for path in (ALLAUTH / app / "messages").glob("*.txt")
    if not path.name.startswith(NOT_USED)
)


@pytest.mark.parametrize("name", USED)
def test_every_message_of_an_account_is_in_our_words(name: str) -> None:
    assert (OURS / name).is_file()
    text = render_to_string(name, {"email": "a@example.com", "recipient": "a@example.com"})
    assert [word for word in ("uccessful", "lease", "!", "igned") if word in text] == []


def test_logging_in_says_nothing_of_itself() -> None:
    assert render_to_string("account/messages/logged_in.txt").strip() == ""
