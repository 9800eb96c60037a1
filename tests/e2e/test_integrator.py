"""What an integrator writes who has read ``/docs`` alone, with the limits that everybody has."""

from __future__ import annotations

import csv
import inspect
import io
import time
from decimal import Decimal
from typing import Any

import pytest
import requests
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

CURRENCIES = ("USD", "EUR", "JPY")


class Integrator:
    """A client of the API, in forty lines."""

    def __init__(self, server: str) -> None:
        self.api, self.session, self.waited = f"{server}/api/v1", requests.Session(), 0

    def call(self, method: str, path: str, body: Any = None, key: str = "", **query: str) -> requests.Response:
        while True:
            headers = {"Idempotency-Key": key} if key else {}
            answer = self.session.request(method, self.api + path, json=body, params=query, headers=headers, timeout=30)
            if answer.status_code != 429:
                break
            self.waited += 1
            time.sleep(int(answer.headers["Retry-After"]))
        answer.raise_for_status()
        return answer

    def sign_up(self) -> None:
        me = {"username": "integrator", "password": "seven quiet lamps"}
        self.call("POST", "/auth/register", {**me, "email": "me@integrator.example", "full_name": "Integrator Example"})
        tokens = self.call("POST", "/auth/login", me).json()
        self.session.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        key = self.call("POST", "/api-keys", {"name": "Shop"}).json()["api_key"]
        self.session.headers["Authorization"] = f"Bearer {key}"

    def invoice(self, number: int) -> dict[str, Any]:
        body = {
            "client_name": f"Client {number % 5}",
            "client_email": f"client{number % 5}@shop.example",
            "currency": CURRENCIES[number % 3],
            "reference": f"order {number}",
            "items": [{"name": "Parcel", "quantity": 2, "unit_price": 100 + number, "tax_rate": 10}],
        }
        draft = self.call("POST", "/invoices", body, key=f"order-{number}").json()
        return dict(self.call("POST", f"/invoices/{draft['id']}/issue", key=f"issue-{number}").json())

    def credit(self, invoice: dict[str, Any]) -> dict[str, Any]:
        body = {"reason": "Sent back", "issue": True}
        return dict(self.call("POST", f"/invoices/{invoice['id']}/credit-notes", body, key="credit-1").json())


def total(number: int) -> Decimal:
    return Decimal(2 * (100 + number)) * Decimal("1.1")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_integrator_gets_from_nothing_to_the_statistics(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(inspect.getsource(Integrator).splitlines()) <= 45
    monkeypatch.setattr(settings, "PUBLIC_URL", live_server.url)
    client = Integrator(live_server.url)
    client.sign_up()
    invoices = [client.invoice(number) for number in range(30)]
    year = invoices[0]["issue_date"][:4]
    assert [each["invoice_number"] for each in invoices] == [f"INV-{year}-{place:04}" for place in range(1, 31)]
    # JPY has no minor unit: the tax is rounded to whole yen.
    expected = [round(total(number)) if number % 3 == 2 else total(number) for number in range(30)]
    assert [Decimal(str(each["total"])) for each in invoices] == expected

    note = client.credit(invoices[4])
    assert (note["type"], note["invoice_number"], note["total"]) == (
        "credit_note",
        f"CN-{year}-0001",
        invoices[4]["total"],
    )
    again = client.credit(invoices[4])
    assert again == note

    names = "invoice_number,type,status,currency,total,amount_due,reference"
    exported = client.call("GET", "/invoices/export", format="csv", ordering="created_at", fields=names)
    rows = list(csv.DictReader(io.StringIO(exported.content.decode("utf-8-sig"))))
    assert ",".join(rows[0]) == names
    assert [row["invoice_number"] for row in rows] == [each["invoice_number"] for each in [*invoices, note]]
    assert {row["status"] for row in rows if row["reference"] == "order 4"} == {"credited"}
    assert [Decimal(row["total"]) for row in rows[:30]] == expected

    listed = client.call("GET", "/invoices", fields="invoice_number,currency", currency="JPY", cursor="").json()
    assert len(listed["results"]) == 10

    figures = client.call("GET", "/users/me/stats", business_id=invoices[0]["business_id"]).json()
    assert figures["total_invoices"] == 30
    assert (figures["status_breakdown"]["issued"], figures["status_breakdown"]["credited"]) == (29, 1)
    pending = {each["currency"]: Decimal(str(each["pending"])) for each in figures["by_currency"]}
    assert pending == {
        currency: sum(value for number, value in enumerate(expected) if number % 3 == place and number != 4)
        for place, currency in enumerate(CURRENCIES)
    }
    assert figures["by_currency"][0]["currency"] == "USD"

    # Where fewer are allowed, it is told how long to wait.
    monkeypatch.setattr(settings, "RATE_LIMITS", settings.RATE_LIMITS | {"api_burst": "1/3s"})
    before = client.waited
    assert {client.call("GET", "/clients", fields="id").json()["count"] for _ in range(3)} == {5}
    assert client.waited > before
