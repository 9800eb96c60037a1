"""The stand-in keeps what it has to tell."""

from __future__ import annotations

import http.server
import threading
import time
from pathlib import Path

from payments.gateways.sandbox.server import Sandbox
from payments.gateways.sandbox.store import Store


class Taking(http.server.BaseHTTPRequestHandler):
    """Takes whatever is sent."""

    taken: list[bytes] = []

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_what_nobody_took_is_sent_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.json"
    before = Sandbox(Store(path), webhook_url="http://127.0.0.1:9/", is_delivering=True)
    event = before.store.emit("charge.refunded", {"id": "ch_1", "object": "charge"})

    shop = http.server.HTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=shop.serve_forever, daemon=True).start()
    after = Sandbox(Store(path), webhook_url=f"http://127.0.0.1:{shop.server_address[1]}/")
    server = after.start()
    try:
        until = time.monotonic() + 20
        while Store(path).all("event") and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        after.waiting.put(None)
        server.shutdown()
        server.server_close()
        shop.shutdown()
        shop.server_close()
    assert [event["id"].encode() in body for body in Taking.taken] == [True]
