"""A mail server on loopback that accepts, refuses, stalls or hangs up, as a test tells it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE = 10.0  # seconds that a server which says nothing waits for the client to go


@dataclass
class MailServer:
    """What came in, and what to answer. ``rcpt`` maps a recipient to its answer; ``data`` answers the mail."""

    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    mail_from: str = "250 OK"
    stall_at: str = ""  # ``MAIL`` or ``DATA``: say nothing there
    hang_up: bool = False  # take the mail, then drop the line without an answer
    received: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    address: tuple[str, int] = ("", 0)

    async def handle_MAIL(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer the sender."""
        await self.stall("MAIL")
        if self.mail_from.startswith("250"):
            envelope.mail_from = address
        return self.mail_from

    async def handle_RCPT(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer a recipient."""
        answer = self.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 -- the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail, and answer it."""
        await self.stall("DATA")
        content: Any = envelope.original_content
        self.received.append((str(envelope.mail_from), list(envelope.rcpt_tos), bytes(content)))
        if self.hang_up:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return self.data

    async def stall(self, at: str) -> None:
        """Say nothing for a while, if this is the place."""
        if self.stall_at == at:
            await asyncio.sleep(PATIENCE)

    @property
    def messages(self) -> list[EmailMessage]:
        """The mails that came in, parsed."""
        return [message_from_bytes(content, policy=policy.default) for _sender, _to, content in self.received]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server on a free port of loopback."""
    server = MailServer()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def begin() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(server, hostname="localhost", loop=loop), "127.0.0.1", 0)

    async def end(listening: asyncio.Server) -> None:
        listening.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    listening = asyncio.run_coroutine_threadsafe(begin(), loop).result(PATIENCE)
    server.address = listening.sockets[0].getsockname()[:2]
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(end(listening), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
