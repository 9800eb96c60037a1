from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.adapter import MAILS
from accounts.errors import Invalid
from accounts.mail import Attachment, compose, deliver, file_of, one_line, queue_mail, write_mail
from accounts.models import Delivery
from accounts.queue import PermanentError
from tests.factories.accounts import make_business, make_user, owner_of

pytestmark = pytest.mark.django_db
URL = "https://example.com/a?b=1&c=2"
INJECTION = "Studio\r\nBcc: thief@example.com\r\n\r\n<p>"
CONTEXT: dict[str, Any] = {
    "url": URL, "username": "nora", "email": "a@example.com", "from_email": "old@example.com",
    "to_email": "new@example.com", "deleted_email": "gone@example.com", "ip": "203.0.113.7", "user_agent": "<b>Browser",
    "timestamp": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
}  # fmt: skip
TEMPLATES = sorted(set(MAILS.values()))


def queued(**fields: Any) -> Delivery:
    values = {"template": "verify_email", "to": "client@example.com", "context": CONTEXT, "language": "en"}
    return queue_mail(**values | fields)


def parsed(delivery: Delivery, *attachments: Attachment) -> EmailMessage:
    written: Any = compose(delivery, attachments).message()
    message = message_from_bytes(written.as_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_queue_mail_renders_and_writes_a_row_that_waits() -> None:
    delivery = queued(cc=["copy@example.com"], topic="invoice", topic_id="inv_1")
    stored = Delivery.objects.get()
    assert (stored, stored.state, stored.to, stored.cc) == (
        delivery,
        "queued",
        ["client@example.com"],
        ["copy@example.com"],
    )
    assert (stored.subject, stored.language) == ("Verify your e-mail address", "en")
    assert (stored.topic, stored.topic_id, stored.business, stored.reply_to) == ("invoice", "inv_1", None, "")
    assert stored.text.startswith("Verify your e-mail address\n\nOpen the link")
    assert (URL in stored.text, URL.replace("&", "&amp;") in stored.html) == (True, True)
    assert stored.message_id.endswith("@localhost>")


def test_each_mail_has_its_own_message_id() -> None:
    assert queued().message_id != queued().message_id


def test_only_html_is_escaped() -> None:
    delivery = queued(template="password_changed")
    assert ("<b>Browser" in delivery.text, "<b>Browser" in delivery.html, "&lt;b&gt;Browser" in delivery.html) == (
        True, False, True,
    )  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_every_mail_renders_in_every_language(template: str, language: str, direction: str) -> None:
    delivery = queued(template=template, language=language, context=CONTEXT | {"user": make_user()})
    assert f'<html lang="{language}" dir="{direction}">' in delivery.html
    assert (bool(delivery.subject), "\n" in delivery.subject, bool(delivery.text.strip())) == (True, False, True)
    assert ("{{" in delivery.html + delivery.text, "{%" in delivery.html + delivery.text) == (False, False)


def test_every_mail_has_its_three_files() -> None:
    folder = Path(django_settings.BASE_DIR) / "templates" / "emails"
    missing = [
        f"{name}.{suffix}"
        for name in TEMPLATES
        for suffix in ("subject.txt", "txt", "html")
        if not (folder / f"{name}.{suffix}").is_file()
    ]
    assert missing == []


def test_a_mail_for_a_business_speaks_in_its_name_and_is_answered_to_it() -> None:
    business = make_business(name="أستوديو، «المثال»", email="own@example.com")
    message = parsed(queued(business=business))
    [sender] = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("أستوديو، «المثال»", "invoices@localhost")
    assert str(message["Reply-To"]) == "own@example.com"
    assert business.name in queued(business=business).html


def test_answers_reach_the_owner_when_the_business_has_no_address() -> None:
    business = make_business(email="")
    assert queued(business=business).reply_to == owner_of(business).email


def test_reply_to_may_be_given() -> None:
    delivery = queued(business=make_business(email="own@example.com"), reply_to="other@example.com")
    assert parsed(delivery)["Reply-To"] == "other@example.com"


def test_headers_say_what_the_mail_is() -> None:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        message = parsed(queued(language="fr"))
    names = ("Auto-Submitted", "Content-Language", "Date")
    assert [message[name] for name in names] == ["auto-generated", "fr", "Fri, 20 Nov 2026 09:00:00 +0000"]


def test_a_name_cannot_add_a_header() -> None:
    delivery = queued(business=make_business(name=INJECTION), subject=INJECTION)
    message = parsed(delivery, Attachment(INJECTION + ".pdf", "application/pdf", b"x"))
    [part] = message.iter_attachments()
    assert message["Bcc"] is None
    assert message["Subject"] == "Studio Bcc: thief@example.com <p>"
    assert message["From"].addresses[0].display_name == "Studio Bcc: thief@example.com <p>"
    assert part.get_filename() == "Studio Bcc: thief@example.com <p>.pdf"


@pytest.mark.parametrize("field", ["to", "cc", "reply_to"])
@pytest.mark.parametrize("value", ["no address", "a@example.com\nBcc: b@example.com", "a@example.com,b@example.com"])
def test_queue_mail_refuses_what_is_no_address(field: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        queued(**{field: [value] if field == "cc" else value})
    assert (list(caught.value.errors), Delivery.objects.count()) == ([field], 0)


def test_queue_mail_refuses_to_write_to_nobody() -> None:
    with pytest.raises(Invalid) as caught:
        queued(to=[])
    assert caught.value.errors == {"to": ["A recipient is needed."]}


def test_a_long_subject_is_cut() -> None:
    assert queued(subject="x" * 1000).subject == "x" * 300


@pytest.mark.parametrize("subject", ["Facture n° 7 – été", "فاتورة رقم ٧", "🧾 Invoice"])
def test_subjects_come_back_as_they_were(subject: str) -> None:
    assert parsed(queued(subject=subject))["Subject"] == subject


@pytest.mark.parametrize("name", ["facture.pdf", "facture_é.pdf", "فاتورة_٧.pdf", 'a"b;c.pdf'])
def test_files_keep_their_names(name: str) -> None:
    [part] = parsed(queued(), Attachment(name, "application/pdf", b"\x00%PDF")).iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) == (
        name, "application/pdf", b"\x00%PDF",
    )  # fmt: skip


def test_text_and_html_are_alternatives_in_this_order() -> None:
    message = parsed(queued())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_our_own_name_stands_where_no_business_speaks(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Rechnungen Ü <post@bücher.example>"
    delivery = queued()
    [sender] = parsed(delivery)["From"].addresses
    assert (sender.display_name, sender.domain) == ("Rechnungen Ü", "xn--bcher-kva.example")
    assert delivery.message_id.endswith("@xn--bcher-kva.example>")


def test_a_recipient_s_domain_is_written_in_ascii() -> None:
    assert parsed(queued(to="post@bücher.example"))["To"].addresses[0].domain == "xn--bcher-kva.example"


def test_one_line_leaves_no_control_character() -> None:
    assert one_line("a\r\n b\x00\tc\u2028d\x7f") == "a b c d"


def test_a_file_s_name_holds_nothing_but_the_message_id(settings: Settings) -> None:
    assert file_of("<../../x/y@host>") == settings.MAIL_DIR / "....xy@host.eml"


def test_deliver_refuses_for_good_what_cannot_be_written(settings: Settings) -> None:
    delivery = queued()
    delivery.reply_to = "a@example.com\r\nBcc: b@example.com"
    with pytest.raises(PermanentError):
        deliver(delivery)


def test_the_moment_in_a_notice_is_written_in_the_language() -> None:
    delivery = queued(template="password_changed", language="fr", context=CONTEXT | {"timestamp": timezone.now()})
    assert "UTC" in delivery.text


@pytest.mark.parametrize(("country", "written"), [("MA", "20 دجنبر 2026، 09:12"), ("SA", "20 ديسمبر 2026، 09:12")])
def test_arabic_is_that_of_the_country_of_the_business(country: str, written: str) -> None:
    delivery = queued(
        template="password_changed",
        language="ar",
        business=make_business(country=country),
        context=CONTEXT | {"timestamp": datetime(2026, 12, 20, 9, 12, tzinfo=UTC)},
    )
    assert [line for line in delivery.text.splitlines() if "UTC" in line] == [f"الوقت: {written} UTC"]
    assert delivery.language == "ar"


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_mail_is_whole_by_itself(template: str, language: str) -> None:
    mail = write_mail(template=template, context=CONTEXT, language=language)
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in mail.html
    before = mail.html.partition('<div class="m-pre">')[2].partition("</div>")[0]
    assert before.strip()
    assert before.strip() in mail.html.partition('<div class="m-sheet">')[2]
    assert not re.search(r"<(img|link|script|iframe)|@import|url\(", mail.html)
    assert ".m-button" in mail.html
    assert mail.text.strip()


def test_what_stands_in_the_body_is_for_a_page_to_show() -> None:
    mail = write_mail(template="verify_email", context=CONTEXT, language="en")
    assert mail.body in mail.html.replace("<a ", '<a target="_blank" rel="noopener" ')
    assert "<style" not in mail.body
    assert "m-sheet" in mail.body
