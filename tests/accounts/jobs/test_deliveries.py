from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import mail, queue
from accounts.choices import QueueState
from accounts.mail import Attachment, queue_mail
from accounts.models import Delivery
from tests.factories.accounts import make_business
from tests.fakes.smtp import MailServer, mail_server

pytestmark = pytest.mark.django_db
TO = "client@example.com"
PDF = Attachment("facture_é-١.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


class Topic:
    """Stands for an upper app that ordered a mail."""

    told: list[tuple[str, ...]] = []
    files: list[Attachment] = [PDF]

    def attachments(self, delivery: Delivery) -> list[Attachment]:
        return self.files

    def delivered(self, delivery: Delivery, at: datetime) -> None:
        # The row is done in the same transaction.
        self.told.append(("delivered", delivery.topic_id, Delivery.objects.get(pk=delivery.pk).state))

    def gave_up(self, delivery: Delivery, reason: str, at: datetime) -> None:
        self.told.append(("gave up", delivery.topic_id, reason))


class Unready(Topic):
    """An app whose file is not there yet."""

    def attachments(self, delivery: Delivery) -> list[Attachment]:
        raise FileNotFoundError("the paper is not rendered yet")


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as running:
        host, port = running.address
        settings.SMTP = {"host": host, "port": port, "username": "", "password": "", "use_ssl": False, "use_tls": False}
        yield running


@pytest.fixture(autouse=True)
def _topics(settings: Settings) -> None:
    settings.DELIVERY_TOPICS = {"paper": f"{__name__}.Topic", "unready": f"{__name__}.Unready"}
    Topic.told.clear()


def queued(**fields: object) -> Delivery:
    """Write a mail that waits."""
    values = {"template": "verify_email", "to": TO, "context": {"url": "https://example.com/x"}, "language": "en"}
    return queue_mail(**values | fields)  # type: ignore[arg-type]


def state(delivery: Delivery) -> tuple[str, int, bool]:
    """Return where a mail stands: state, attempts, and whether it was sent."""
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts, delivery.sent_at is not None


def test_a_mail_is_sent_and_its_row_done(server: MailServer) -> None:
    delivery = queued(cc=["copy@example.com"])
    assert queue.run_one("delivery") is True
    assert state(delivery) == (QueueState.DONE, 1, True)
    [(sender, recipients, _content)] = server.received
    assert (sender, recipients) == ("invoices@localhost", [TO, "copy@example.com"])
    [message] = server.messages
    assert (message["Message-ID"], message["To"], message["Cc"]) == (delivery.message_id, TO, "copy@example.com")
    assert queue.run_one("delivery") is False


def test_a_mail_carries_its_files_and_tells_who_ordered_it(server: MailServer) -> None:
    delivery = queued(
        topic="paper", topic_id="inv_1", business=make_business(name="شركة المثال", email="own@example.com")
    )
    queue.run_one("delivery")
    [message] = server.messages
    [part] = message.iter_attachments()
    assert (part.get_filename(), part.get_content_type(), part.get_payload(decode=True)) == (
        PDF.name, PDF.content_type, PDF.content,
    )  # fmt: skip
    assert b"filename*=utf-8''facture_%C3%A9-%D9%A1.pdf" in server.received[0][2]
    assert (message["From"].addresses[0].display_name, message["Reply-To"]) == ("شركة المثال", "own@example.com")
    assert Topic.told == [("delivered", "inv_1", "done")]
    assert state(delivery) == (QueueState.DONE, 1, True)


def test_every_line_has_seven_bits_and_at_most_998_characters(server: MailServer) -> None:
    queued(context={"url": "https://example.com/" + "é" * 2000}, topic="paper", topic_id="inv_1")
    queue.run_one("delivery")
    content = server.received[0][2]
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_recipient_refused_for_good_ends_the_mail(server: MailServer) -> None:
    server.rcpt[TO] = "550 No such person"
    delivery = queued(topic="paper", topic_id="inv_1")
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.FAILED, 1, False)
    assert delivery.last_error == f"PermanentError: Refused: {{'{TO}': '550 No such person'}}"
    assert Topic.told == [("gave up", "inv_1", delivery.last_error)]


def test_a_recipient_refused_for_now_is_tried_again_with_a_growing_delay(server: MailServer) -> None:
    server.rcpt[TO] = "451 Greylisted"
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        delivery = queued()
        queue.run_one("delivery")
        assert state(delivery) == (QueueState.QUEUED, 1, False)
        assert 24 <= (delivery.run_after - timezone.now()).total_seconds() <= 36
        assert queue.run_one("delivery") is False
        clock.shift(40)
        queue.run_one("delivery")
        assert 48 <= (delivery_again(delivery).run_after - timezone.now()).total_seconds() <= 72
        server.rcpt.clear()
        clock.shift(80)
        queue.run_one("delivery")
    assert (state(delivery), len(server.received)) == ((QueueState.DONE, 3, True), 1)


def delivery_again(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def test_a_mail_refused_six_times_is_given_up(server: MailServer) -> None:
    server.rcpt[TO] = "451 Greylisted"
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        delivery = queued(topic="paper", topic_id="inv_1")
        for _attempt in range(queue.MAX_ATTEMPTS):
            assert Topic.told == []
            queue.run_one("delivery")
            clock.shift(timedelta(hours=1))
        assert queue.run_one("delivery") is False
    assert state(delivery) == (QueueState.FAILED, 6, False)
    assert [told[:2] for told in Topic.told] == [("gave up", "inv_1")]


def test_some_recipients_refused_for_now_and_some_for_good_is_tried_again(server: MailServer) -> None:
    server.rcpt |= {TO: "550 No such person", "copy@example.com": "451 Later"}
    delivery = queued(cc=["copy@example.com"])
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)


def test_a_refused_copy_does_not_repeat_the_mail_and_is_noted(server: MailServer) -> None:
    server.rcpt["copy@example.com"] = "550 No such person"
    delivery = queued(cc=["copy@example.com"])
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.DONE, 1, True)
    assert (delivery.last_error, len(server.received)) == ("copy@example.com: 550 No such person", 1)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("554 Looks like spam", QueueState.FAILED), ("452 Disk full", QueueState.QUEUED)],
)
def test_a_refused_mail_ends_or_waits_by_the_class_of_the_answer(
    server: MailServer, answer: str, expected: str
) -> None:
    server.data = answer
    delivery = queued()
    queue.run_one("delivery")
    assert state(delivery) == (expected, 1, False)


def test_a_refused_sender_is_tried_again_for_it_is_our_own_setting(server: MailServer) -> None:
    server.mail_from = "550 Log in first"
    delivery = queued()
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)


@pytest.mark.parametrize("place", ["MAIL", "DATA"])
def test_a_server_that_says_nothing_is_left_and_tried_again(
    server: MailServer, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "REPLY_TIMEOUT", 0.3)
    server.stall_at = place
    delivery = queued()
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)
    assert delivery.last_error == "SMTPServerDisconnected: Connection unexpectedly closed: timed out"


def test_everything_together_has_a_limit(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "OVERALL_LIMIT", 0.3)
    server.stall_at = "DATA"
    delivery = queued()
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)


def test_a_line_dropped_after_the_mail_counts_as_not_sent_and_repeats_with_the_same_id(server: MailServer) -> None:
    server.hang_up = True
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        delivery = queued()
        queue.run_one("delivery")
        assert state(delivery) == (QueueState.QUEUED, 1, False)
        server.hang_up = False
        clock.shift(60)
        queue.run_one("delivery")
    assert state(delivery) == (QueueState.DONE, 2, True)
    first, second = server.messages
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])
    assert first["Message-ID"] == delivery.message_id


def test_a_server_that_is_not_there_is_tried_again(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.SMTP = {"host": "127.0.0.1", "port": port}
    delivery = queued()
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)
    assert delivery.last_error.startswith("ConnectionRefusedError")


def test_a_server_that_never_greets_is_left(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "CONNECT_TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.SMTP = {"host": "127.0.0.1", "port": silent.getsockname()[1]}
        delivery = queued()
        queue.run_one("delivery")
    assert state(delivery) == (QueueState.QUEUED, 1, False)
    timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    for timer in timers:
        timer.join(5)  # one that was called off ends at once, any other only at its limit
    assert not any(timer.is_alive() for timer in timers)


def test_a_file_that_is_not_ready_is_waited_for(server: MailServer) -> None:
    delivery = queued(topic="unready", topic_id="inv_1")
    queue.run_one("delivery")
    assert (state(delivery), server.received) == ((QueueState.QUEUED, 1, False), [])


def test_a_topic_that_nobody_knows_ends_the_mail(server: MailServer) -> None:
    delivery = queued(topic="gone", topic_id="x_1")
    queue.run_one("delivery")
    assert (state(delivery), server.received) == ((QueueState.FAILED, 1, False), [])


def test_a_mail_that_cannot_be_written_ends(server: MailServer) -> None:
    delivery = queued()
    Delivery.objects.filter(pk=delivery.pk).update(to=["two@lines\nBcc: other@example.com"])
    queue.run_one("delivery")
    assert (state(delivery), server.received) == ((QueueState.FAILED, 1, False), [])


def test_a_lost_lease_leaves_the_row_to_its_holder(server: MailServer) -> None:
    delivery = queued(topic="paper", topic_id="inv_1")
    lease = queue.claim("delivery")
    assert lease is not None
    Delivery.objects.update(lease_token="another")
    from accounts.jobs.deliveries import send

    with pytest.raises(queue.LeaseLost):
        send(delivery_again(delivery), lease)
    assert (state(delivery)[0], Topic.told) == (QueueState.RUNNING, [])


def test_a_failed_mail_can_be_tried_again(server: MailServer) -> None:
    server.rcpt[TO] = "550 No such person"
    delivery = queued()
    queue.run_one("delivery")
    server.rcpt.clear()
    assert queue.retry(Delivery.objects.filter(pk=delivery.pk)) == 1
    queue.run_one("delivery")
    assert state(delivery) == (QueueState.DONE, 1, True)


def test_without_a_server_a_mail_becomes_one_file(settings: Settings) -> None:
    settings.SMTP = {}
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False):
        delivery = queued(topic="paper", topic_id="inv_1")
        queue.run_one("delivery")
    path = settings.MAIL_DIR / f"{delivery.message_id.strip('<>')}.eml"
    before = path.read_bytes()
    assert state(delivery) == (QueueState.DONE, 1, True)
    mail.deliver(delivery, [PDF])
    assert [each for each in settings.MAIL_DIR.iterdir() if each.suffix == ".part"] == []
    assert before.splitlines()[0].startswith(b"Content-Type: multipart/mixed")
