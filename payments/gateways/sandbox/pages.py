"""The page where a client pays in the sandbox. It says on each line that no money moves."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from payments.gateways.stripe import amount_of

STYLE: Final = """
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: #f7f8f7; color: #14201b; }
main { max-inline-size: 400px; margin: 8vh auto; padding: 28px; background: #fff; border: 1px solid #e3e7e5; border-radius: 10px; }
.mark { margin: 0 0 20px; padding: 8px 12px; background: #fcf1d8; color: #6b4600; border-radius: 7px; font-size: 13px; }
h1 { margin: 0; font-size: 32px; line-height: 1.2; } p { margin: 4px 0 16px; } label { display: block; margin-block-end: 5px; font-weight: 500; }
input { box-sizing: border-box; inline-size: 100%; padding: 10px; font: inherit; border: 1px solid #858f8a; border-radius: 7px; }
button { inline-size: 100%; margin-block-start: 16px; padding: 12px; font: inherit; font-weight: 600; color: #fff; background: #0b6b50; border: 0; border-radius: 7px; }
button.q { color: #14201b; background: #f0f2f1; } .bad { color: #b3261e; } small { color: #5f6c66; }
:focus-visible { outline: 2px solid #0b6b50; outline-offset: 2px; }
"""
CARDS: Final = """<p><small>4242 4242 4242 4242 pays. …0002 (4000 0000 0000 0002) is declined, 4000 0000 0000 0069 has
expired, 4000 0025 0000 3155 asks for authentication.</small></p>"""


def page(content: str, *, title: str = "Sandbox") -> str:
    """Return a whole page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        f"<style>{STYLE}</style></head><body><main>"
        '<p class="mark"><strong>Sandbox.</strong> This stands in for Stripe. No money moves.</p>'
        f"{content}</main></body></html>"
    )


def pay(thing: dict[str, Any]) -> str:
    """Return the form where a link or a session is paid."""
    if thing.get("status") in {"complete", "expired"}:
        return page("<h1>Over</h1><p>This session can be paid no more.</p>")
    currency = thing["currency"].upper()
    amount = amount_of(int(thing.get("amount_total") or thing["amount"]), currency)
    line = thing["asked"]["line_items"][0]["price_data"]["product_data"]["name"]
    return page(
        f"<h1>{amount:,} {currency}</h1><p>{escape(line)}</p>"
        '<form method="post"><label for="card">Card number</label>'
        '<input id="card" name="card" inputmode="numeric" autocomplete="off" value="4242 4242 4242 4242" required>'
        f"{CARDS}<button>Pay {amount:,} {currency}</button></form>",
        title=f"Pay {amount} {currency}",
    )


def authenticate(thing: dict[str, Any], card: str) -> str:
    """Return the question of the client's bank."""
    return page(
        "<h1>Your bank asks</h1><p>Is it you who pays?</p>"
        f'<form method="post"><input type="hidden" name="card" value="{escape(card)}">'
        '<button name="authenticated" value="yes">Yes, pay</button></form>'
        '<form method="get"><button class="q">No, go back</button></form>'
    )


def refused(message: str, thing_id: str) -> str:
    """Return what went wrong, with a way to try again."""
    return page(
        f'<h1>Not paid</h1><p class="bad">{escape(message)}</p><p><a href="/pay/{escape(thing_id)}">Try again</a></p>'
    )


def thanks() -> str:
    """Return what is said where there is no page to go back to."""
    return page("<h1>Paid</h1><p>You can close this page.</p>")
