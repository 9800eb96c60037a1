"""The stand-in's HTTP: Stripe's calls, the page where a client pays, and events to our own address."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from payments.gateways.sandbox import pages
from payments.gateways.sandbox.forms import Refused, checked, read_form
from payments.gateways.sandbox.store import NEEDS_AUTHENTICATION, Store, Thing, public

logger = logging.getLogger(__name__)

RETRY_AFTER: Final = (0.2, 1.0, 3.0, 10.0, 30.0)  # seconds between tries to deliver an event
DELIVERY_TIMEOUT: Final = 10.0


@dataclass
class Fault:
    """How one of the next calls fails: a status, a dropped line, or an answer that comes late.

    ``after`` lets the call take effect first, so that only its answer is lost.
    """

    status: int = 0
    drop: bool = False
    delay: float = 0.0
    after: bool = False
    path: str = ""  # only calls whose path begins so


@dataclass
class Sandbox:
    """A stand-in that listens. ``faults`` are used up one by one; ``calls`` are those that came."""

    store: Store
    webhook_url: str = ""
    webhook_secret: str = "whsec_sandbox"
    keys: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, str, Thing]] = field(default_factory=list)
    events: list[Thing] = field(default_factory=list)
    base: str = ""
    is_delivering: bool = True

    def __post_init__(self) -> None:
        self.waiting: queue.Queue[Thing | None] = queue.Queue()
        for event in reversed(self.store.all("event")):  # what nobody took before the stand-in was stopped
            self.waiting.put(event)
        self.store.tell = self.told

    def start(self, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
        """Listen on loopback, known to browsers as ``host``, and deliver events from a thread of its own.

        Raises ``OSError`` where the port is not to be had.
        """
        sandbox = self

        class Handler(Answering):
            box = sandbox

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        self.base = f"http://{host}:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, name="sandbox", daemon=True).start()
        threading.Thread(target=self.deliver_all, name="sandbox-events", daemon=True).start()
        return server

    def told(self, event: Thing) -> None:
        """Keep an event, and deliver it."""
        self.events.append(event)
        if self.is_delivering and self.webhook_url:
            self.waiting.put(self.store.keep(event))

    def deliver_all(self) -> None:
        """Deliver events one after the other, each until it is taken or the tries are used up."""
        while (event := self.waiting.get()) is not None:
            for pause in RETRY_AFTER:
                if self.deliver(event) in range(200, 300):
                    self.store.drop(event)
                    break
                time.sleep(pause)
            else:
                logger.warning("sandbox: nobody takes the event %s", event["id"])

    def deliver(self, event: Thing) -> int:
        """Send one event, signed. Return the status of the answer, 0 for none."""
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature(body, self.webhook_secret)}
        request = urllib.request.Request(self.webhook_url, body, headers)  # noqa: S310 -- our own address
        try:
            with urllib.request.urlopen(request, timeout=DELIVERY_TIMEOUT) as response:  # noqa: S310 -- likewise
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def fault(self, path: str) -> Fault | None:
        """Return the fault that the next call meets, and use it up."""
        for each in self.faults:
            if path.startswith(each.path):
                self.faults.remove(each)
                return each
        return None

    def address_of(self, thing: Thing) -> str:
        """Return where a link or a session is paid."""
        return f"{self.base}/pay/{thing['id']}"

    # Calls

    def answer(self, method: str, path: str, form: Thing) -> Thing:
        """Return what a call answers. Raises ``Refused``."""
        for verb, pattern, act in self.routes():
            parts, wanted = path.strip("/").split("/"), pattern.split("/")
            if verb != method or len(parts) != len(wanted):
                continue
            if all(want in {"*", part} for part, want in zip(parts, wanted, strict=True)):
                names = [part for part, want in zip(parts, wanted, strict=True) if want == "*"]
                return act(form, *names)
        raise Refused(f"Unrecognized request URL ({method}: {path}).", status=404)

    def routes(self) -> Iterator[tuple[str, str, Callable[..., Thing]]]:
        """Yield method, path and act of each call."""
        store = self.store
        yield "POST", "v1/payment_links", self.create_link
        yield "GET", "v1/payment_links", lambda form: listed(self.with_url(link) for link in store.all("payment_link"))
        yield "POST", "v1/payment_links/*", self.update_link
        yield "GET", "v1/payment_links/*", lambda form, pk: self.with_url(store.get("plink", pk))
        yield "POST", "v1/checkout/sessions", self.create_session
        yield "GET", "v1/checkout/sessions/*", lambda form, pk: self.with_url(store.get("cs", pk))
        yield (
            "POST",
            "v1/checkout/sessions/*/expire",
            lambda form, pk: self.with_url(store.expire_session(store.get("cs", pk))),
        )
        yield "GET", "v1/payment_intents/*", self.read_intent
        yield "POST", "v1/refunds", lambda form: store.refund(checked("refunds.create", form))
        yield "GET", "v1/refunds", self.list_refunds
        yield "GET", "v1/account", lambda form: dict(ACCOUNT)
        yield "GET", "v1/balance", lambda form: {"object": "balance", "livemode": False, "available": [], "pending": []}

    def create_link(self, form: Thing) -> Thing:
        """Make a payment link."""
        return self.with_url(self.store.create_link(checked("payment_links.create", form)))

    def update_link(self, form: Thing, pk: str) -> Thing:
        """Change a payment link; only ``active`` matters here."""
        values = checked("payment_links.update", form)
        link = self.store.get("plink", pk)
        link["active"] = values.get("active", link["active"])
        return self.with_url(self.store.keep(link))

    def create_session(self, form: Thing) -> Thing:
        """Open a session."""
        return self.with_url(self.store.create_session(checked("checkout.sessions.create", form)))

    def read_intent(self, form: Thing, pk: str) -> Thing:
        """Return an intent, with its charge where that is asked for."""
        intent = dict(self.store.get("pi", pk))
        if "latest_charge" in (form.get("expand") or ()) and intent["latest_charge"]:
            intent["latest_charge"] = self.store.get("ch", intent["latest_charge"])
        return intent

    def list_refunds(self, form: Thing) -> Thing:
        """Return the refunds of an intent."""
        rows = (row for row in self.store.all("refund") if row["payment_intent"] == form.get("payment_intent"))
        return listed(rows)

    def with_url(self, thing: Thing) -> Thing:
        """Return a link or a session with its address."""
        return public(thing) | {"url": self.address_of(thing)}


ACCOUNT: Final = {
    "id": "acct_sandbox",
    "object": "account",
    "business_profile": {"name": "Sandbox"},
    "settings": {"dashboard": {"display_name": "Sandbox"}},
    "charges_enabled": True,
}


def listed(things: Iterator[Thing]) -> Thing:
    """Return things as a list answers them."""
    return {"object": "list", "data": list(things), "has_more": False, "url": "/v1/list"}


def signature(body: bytes, secret: str, *, at: float | None = None) -> str:
    """Return the header that signs a body (docs.stripe.com/webhooks/signature)."""
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Answering(BaseHTTPRequestHandler):
    """Answers one connection."""

    box: Sandbox
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name that http.server calls
        """Say nothing: what the calls were is kept in ``box.calls``."""

    def do_GET(self) -> None:
        """Answer a call, or show a page."""
        self.handle_any("GET")

    def do_POST(self) -> None:
        """Answer a call, or take a payment."""
        self.handle_any("POST")

    def handle_any(self, method: str) -> None:
        """Answer whatever came."""
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if address.path.startswith("/pay/"):
            self.show(method, address.path.removeprefix("/pay/"), {name: v[0] for name, v in parse_qs(body).items()})
            return
        fault = self.box.fault(address.path)
        if fault and not fault.after and self.fails(fault):
            return
        status, answer = self.carry_out(method, address.path, read_form(body or address.query))
        if fault and fault.after and self.fails(fault):
            return
        self.send(status, json.dumps(answer), "application/json")

    def fails(self, fault: Fault) -> bool:
        """Fail as told; return whether that was the answer."""
        time.sleep(fault.delay)
        if fault.drop:
            self.close_connection = True
            self.connection.close()
            return True
        if fault.status:
            error = {"error": {"message": "Something went wrong.", "type": "api_error"}}
            self.send(fault.status, json.dumps(error), "application/json")
            return True
        return False

    def carry_out(self, method: str, path: str, form: Thing) -> tuple[int, Thing]:
        """Return status and body of a call, the same again under the same idempotency key."""
        box = self.box
        box.calls.append((method, path, form))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if box.keys and key not in box.keys:
            return 401, {"error": {"message": "Invalid API Key provided.", "type": "invalid_request_error"}}
        token = self.headers.get("Idempotency-Key") if method == "POST" else None
        with box.store.lock:
            if token and token in box.store.answers:
                digest, status, answer = box.store.answers[token]
                if digest != json.dumps([path, form], sort_keys=True):
                    message = "Keys for idempotent requests can only be used with the same parameters."
                    return 400, {"error": {"message": message, "type": "idempotency_error"}}
                return status, answer
            try:
                status, answer = 200, box.answer(method, path, form)
            except Refused as refusal:
                status, answer = refusal.status, refusal.body
            if token:
                box.store.answers[token] = (json.dumps([path, form], sort_keys=True), status, answer)
        return status, answer

    def show(self, method: str, thing_id: str, form: Thing) -> None:
        """Show the page of a link or a session, or take the payment that was made on it."""
        store = self.box.store
        try:
            thing = store.get("plink" if thing_id.startswith("plink_") else "cs", thing_id)
            session = store.session_of_link(thing) if method == "POST" and thing_id.startswith("plink_") else thing
            if method == "GET":
                if thing["object"] == "payment_link" and not thing["active"]:
                    raise Refused("This payment link is no longer active.", status=410)
                self.send(200, pages.pay(thing), "text/html; charset=utf-8")
                return
            card = form.get("card", "").replace(" ", "")
            if card == NEEDS_AUTHENTICATION and "authenticated" not in form:
                self.send(200, pages.authenticate(thing, card), "text/html; charset=utf-8")
                return
            store.pay(session, card)
            self.leave_for(session)
        except Refused as refusal:
            self.send(refusal.status, pages.refused(str(refusal), thing_id), "text/html; charset=utf-8")

    def leave_for(self, session: Thing) -> None:
        """Send the client back to the shop."""
        after = (session["asked"].get("after_completion") or {}).get("redirect") or {}
        address = session.get("success_url") or after.get("url")
        if not address:
            self.send(200, pages.thanks(), "text/html; charset=utf-8")
            return
        self.send_response(303)
        self.send_header("Location", str(address).replace("{CHECKOUT_SESSION_ID}", session["id"]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, status: int, body: str, content_type: str) -> None:
        """Write an answer."""
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", "req_sandbox")
        self.end_headers()
        self.wfile.write(content)
