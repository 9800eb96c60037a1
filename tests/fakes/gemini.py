"""A stand-in for Gemini on loopback, let in by key or by a service account: as strict as Google, and failing as told.

It counts tokens as was measured: a page of a PDF by model and resolution, text and the answer's shape four characters a
token. It answers with ``invoice``, in whatever shape it is asked for; ``script`` is what it does instead, one after
another, then ``always``.
"""

from __future__ import annotations

import base64
import io
import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pikepdf
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

KEY = "AIza-stand-in"
PROJECT, LOCATION = "books-2026", "europe-west4"
TOKEN = "ya29.stand-in"
PATIENCE = 20.0  # seconds that a server which says nothing waits for the client to go
THOUGHTS = 617  # tokens of a model that may think: measured as 1,067 with thoughts against 450 without
BY_RESOLUTION = {"LOW": 280, "MEDIUM": 560, "HIGH": 1120}
# By model: what a page counts as, and the least budget or the levels of thoughts that it takes
MODELS: Mapping[str, tuple[Any, Any]] = {
    "gemini-2.5-flash-lite": (258, 0),
    "gemini-2.5-flash": (258, 0),
    "gemini-2.5-pro": (258, 128),
    "gemini-3.1-flash-lite": (BY_RESOLUTION, {"MINIMAL", "LOW", "MEDIUM", "HIGH"}),
    "gemini-3.8-flash": (BY_RESOLUTION, {"MINIMAL", "LOW", "MEDIUM", "HIGH"}),
    "gemini-3.1-pro-preview": (BY_RESOLUTION, {"LOW", "HIGH"}),
}
CONFIG = {
    *("temperature", "maxOutputTokens", "responseMimeType", "responseJsonSchema", "thinkingConfig"),
    "mediaResolution",
}
INVOICE: Mapping[str, Any] = {
    "language": "en",
    "type": "computerized",
    "vendor_name": "Example Paper Ltd",
    "vendor_tax_id": "DE136695976",
    "invoice_number": "2026-118",
    "invoice_date": "2026-11-02",
    "currency": "EUR",
    "subtotal": "100.00",
    "tax": "20.00",
    "tax_breakdown": [{"rate": "20", "taxable_amount": "100.00", "tax_amount": "20.00"}],
    "total": "120.00",
    "items": [{"description": "Paper", "quantity": "20", "unit_price": "5.00", "tax_rate": "20", "amount": "100.00"}],
}
NUMBERS = {
    *("subtotal", "discount", "tax", "total", "rate", "taxable_amount", "tax_amount"),
    *("quantity", "unit_price", "tax_rate", "amount"),
}
PATH = re.compile(
    r"/v1/models/(?P<model>[^/:]+):generateContent"
    r"|/v1beta1/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/publishers/google/models/(?P<other>[^/:]+):generateContent"
)


class Refusal(Exception):
    """What Google answers instead."""

    def __init__(self, code: int, status: str, message: str, *details: Mapping[str, Any]) -> None:
        super().__init__(message)
        error = {"code": code, "message": message, "status": status, "details": list(details)}
        self.code, self.body = code, {"error": error}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that was understood, with the tokens it counts."""

    way: str  # gemini or vertex
    model: str
    system: str
    text: str
    pdf: bytes
    config: Mapping[str, Any]
    input_tokens: int

    @property
    def shape(self) -> Any:
        """The JSON schema of the answer, else one of the legend in the instructions."""
        return self.config.get("responseJsonSchema") or legend(self.system)


@dataclass
class Gemini:
    """What came in, and what to answer."""

    invoice: Mapping[str, Any] = field(default_factory=lambda: dict(INVOICE))
    script: list[str] = field(default_factory=list)
    always: str = "answer"
    cached: int = 0
    seconds: float = 0.0  # that an answer takes
    asked: list[Asked] = field(default_factory=list)
    tokens_given: int = 0
    token_failure: int = 0  # the status with which tokens are refused
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def does(self) -> str:
        """Return what to do with the next request."""
        with self.lock:
            return self.script.pop(0) if self.script else self.always

    def service_account(self, folder: Path) -> Path:
        """Write the file of a service account that is let in, and return its path."""
        path = folder / "service-account.json"
        account = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "1",
            "private_key": private_key()[0],
            "client_email": "reader@books-2026.iam.gserviceaccount.com",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(account))
        return path

    def token(self, form: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return a token for what the service account signed. Raises ``Refusal``."""
        if self.token_failure:
            raise Refusal(self.token_failure, "invalid_grant", "Invalid grant: account not found")
        claims = jwt.decode(
            form["assertion"][0], certs=private_key()[1], audience="https://oauth2.googleapis.com/token"
        )
        assert claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"
        self.tokens_given += 1
        return {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}

    def understand(self, path: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Asked:
        """Return what is asked. Raises ``Refusal`` as Google would."""
        found = PATH.fullmatch(path)
        if not found:
            raise Refusal(404, "NOT_FOUND", f"Nothing is at {path}.")
        model = found["model"] or found["other"]
        if found["model"]:
            if headers.get("x-goog-api-key") != KEY:
                reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
                raise Refusal(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", reason)
        elif headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        elif (found["project"], found["location"]) != (PROJECT, LOCATION):
            raise Refusal(403, "PERMISSION_DENIED", "Permission denied on this project.")
        if model not in MODELS:
            raise Refusal(404, "NOT_FOUND", f"models/{model} is not found for API version v1.")
        return asked(body, way="gemini" if found["model"] else "vertex", model=model)

    def answer(self, ask: Asked, act: str) -> dict[str, Any]:
        """Return a response that is as odd as it shall be."""
        text = json.dumps(filled(ask.shape, self.invoice), ensure_ascii=False)
        candidate: dict[str, Any] = {"finishReason": "STOP", "index": 0}
        texts = {
            "fenced": f"```json\n{text}\n```",
            "nonsense": "I am sorry, I cannot read this.",
            "list": f"[{text}]",
            "empty": "{}",
            "silent": "",
            "truncated": text[: len(text) // 2],
            "deep": "[" * 100_000,
            "nul": json.dumps(filled(ask.shape, {**self.invoice, "vendor_name": "Nul\x00", "buyer_name": "\ud800"})),
            "wrong_types": json.dumps(
                filled(ask.shape, {**self.invoice, "total": ["120"], "invoice_date": 7, "items": "none"})
            ),
            "nan": re.sub(r'("(?:total|g)": )[\d.]+', r"\1NaN", text),
            "huge": re.sub(r'("(?:total|g)": )[\d.]+', r"\g<1>1e400", text),
        }
        text = texts.get(act, text)
        if act == "truncated":
            candidate["finishReason"] = "MAX_TOKENS"
        if act in {"SAFETY", "RECITATION"}:
            candidate["finishReason"], text = act, ""
        if text:
            candidate["content"] = {"role": "model", "parts": [{"text": text}]}
        thoughts = thoughts_of(ask)
        usage = {"promptTokenCount": ask.input_tokens, "totalTokenCount": ask.input_tokens + tokens(text) + thoughts}
        usage |= {"candidatesTokenCount": tokens(text)} if text else {}
        usage |= {"thoughtsTokenCount": thoughts} if thoughts else {}
        usage |= {"cachedContentTokenCount": self.cached} if self.cached else {}
        response: dict[str, Any] = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": ask.model}
        if act == "blocked":
            del response["candidates"], usage["candidatesTokenCount"]
            response["promptFeedback"] = {"blockReason": "PROHIBITED_CONTENT"}
        if act == "no_usage":
            del response["usageMetadata"]
        if act == "empty_usage":
            response["usageMetadata"] = {}
        return response


@cache
def private_key() -> tuple[str, str]:
    """Return a key of a service account and its public half, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def asked(body: Mapping[str, Any], *, way: str, model: str) -> Asked:
    """Return a body as a question. Raises ``Refusal`` for what the model would not take."""
    body = camel(body)
    if unknown := set(body) - {"contents", "systemInstruction", "generationConfig"}:
        raise Refusal(400, "INVALID_ARGUMENT", f"Unknown names: {sorted(unknown)}")
    config = body.get("generationConfig", {})
    if unknown := set(config) - CONFIG:
        raise Refusal(400, "INVALID_ARGUMENT", f"Unknown names: {sorted(unknown)}")
    if "responseJsonSchema" in config and config.get("responseMimeType") != "application/json":
        raise Refusal(400, "INVALID_ARGUMENT", "A schema wants application/json.")
    per_page, least = MODELS[model]
    check_thinking(config.get("thinkingConfig", {}), least)
    parts = [part for content in body["contents"] for part in content["parts"]]
    files = [base64.urlsafe_b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part]
    kinds = {part["inlineData"]["mimeType"] for part in parts if "inlineData" in part}
    if len(files) > 1 or kinds - {"application/pdf"}:
        raise Refusal(400, "INVALID_ARGUMENT", "One PDF is read at a time.")
    text = "\n".join(part["text"] for part in parts if "text" in part)
    system = "\n".join(part["text"] for part in body.get("systemInstruction", {}).get("parts", []))
    if not isinstance(per_page, int):
        per_page = per_page[config.get("mediaResolution", "MEDIA_RESOLUTION_MEDIUM").removeprefix("MEDIA_RESOLUTION_")]
    shown = sum(pages_of(file) * per_page for file in files)
    shape = json.dumps(config.get("responseJsonSchema", ""), separators=(",", ":"))
    counted = shown + tokens(text) + tokens(system) + tokens(shape)
    return Asked(way, model, system, text, files[0] if files else b"", config, counted)


def camel(body: Any) -> Any:
    """Return JSON with its names in one spelling: Protobuf takes both, and Google's library writes both."""
    if isinstance(body, list):
        return [camel(each) for each in body]
    if not isinstance(body, Mapping):
        return body
    spelt = {re.sub("_([a-z])", lambda letter: letter[1].upper(), name): value for name, value in body.items()}
    return {name: value if name == "responseJsonSchema" else camel(value) for name, value in spelt.items()}


def check_thinking(given: Mapping[str, Any], least: Any) -> None:
    """Refuse thoughts of another kind, or fewer, than a model has."""
    if isinstance(least, int):
        wrong = "thinkingLevel" in given or not least <= given.get("thinkingBudget", least) <= 24_576
    else:
        wrong = "thinkingBudget" in given or given.get("thinkingLevel", "LOW") not in least
    if wrong:
        raise Refusal(400, "INVALID_ARGUMENT", f"Thinking as {dict(given)} is not supported by this model.")


def pages_of(content: bytes) -> int:
    """Return the pages of a PDF. Raises ``Refusal`` for anything else."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except pikepdf.PdfError:
        raise Refusal(400, "INVALID_ARGUMENT", "The document has no pages.") from None


def tokens(text: str) -> int:
    """Return how many tokens a text counts as."""
    return -(-len(text) // 4)


def thoughts_of(ask: Asked) -> int:
    """Return the tokens of thoughts that a model spends where it may."""
    given = ask.config.get("thinkingConfig", {})
    if "thinkingLevel" in given:
        return 0 if given["thinkingLevel"] == "MINIMAL" else THOUGHTS
    return min(int(given.get("thinkingBudget", THOUGHTS)), THOUGHTS)


def legend(text: str) -> dict[str, Any]:
    """Return a schema of keys that are explained by ``key=field``, and ``key=list[key=field …]``."""
    properties: dict[str, Any] = {}
    for key, name, parts in re.findall(r"(\w+)=(\w+)(?:\[([^]]*)\])?", text):
        kind = {"type": "number"} if name in NUMBERS else {"type": "string"}
        properties[key] = {"description": name, **({"type": "array", "items": legend(parts)} if parts else kind)}
    return {"properties": properties}


def filled(shape: Mapping[str, Any], invoice: Mapping[str, Any]) -> Any:
    """Return an invoice in the shape that is asked for: properties go by their descriptions, else by their names."""
    answer = {}
    for key, wanted in shape.get("properties", {}).items():
        value = invoice.get(wanted.get("description", key))
        if isinstance(value, list) and wanted.get("type") == "array":
            value = [filled(wanted["items"], each) if isinstance(each, Mapping) else each for each in value]
        elif "number" in wanted.get("type", "") and isinstance(value, str):
            value = int(value) if Decimal(value) == int(Decimal(value)) and "." not in value else float(value)
        if value is not None or key in shape.get("required", ()):
            answer[key] = value
    return answer


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for a stand-in."""

    protocol_version = "HTTP/1.1"
    gemini: Gemini

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer a question, or give a token."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            if self.path == "/token":
                self.tell(200, self.gemini.token(parse_qs(content.decode())))
                return
            ask = self.gemini.understand(self.path, dict(self.headers), json.loads(content))
            act = self.gemini.does()
            with self.gemini.lock:
                self.gemini.asked.append(ask)
            self.act(ask, act)
        except Refusal as refusal:
            self.tell(refusal.code, refusal.body)

    def act(self, ask: Asked, act: str) -> None:
        """Do as told. Raises ``Refusal``."""
        name, _colon, value = act.partition(":")
        match name:
            case "quota":
                retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": value}
                raise Refusal(
                    429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", *([retry] if value else [])
                )
            case "status":
                raise Refusal(int(value), "UNAVAILABLE", "The model is overloaded.")
            case "drop":
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            case "hang":
                self.gemini.over.wait(PATIENCE)
                self.close_connection = True
            case "drip":
                self.drip()
            case "page":
                self.send(200, b"<html>Please log in to the network.</html>", "text/html")
            case "json_list":
                self.tell(200, [1, 2])
            case "other_shape":
                self.tell(200, {"candidates": "none", "usageMetadata": {"promptTokenCount": "many"}})
            case "flood":
                self.send(200, b" " * 5_000_000, "application/json")
            case _:
                time.sleep(self.gemini.seconds)
                self.tell(200, self.gemini.answer(ask, act))

    def drip(self) -> None:
        """Send a byte from time to time: no single one comes late."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self.gemini.over.wait(0.1):
            try:
                self.wfile.write(b" ")
            except OSError:
                break
        self.close_connection = True

    def tell(self, status: int, body: Any) -> None:
        """Send JSON."""
        self.send(status, json.dumps(body).encode(), "application/json; charset=UTF-8")

    def send(self, status: int, content: bytes, kind: str) -> None:
        """Send an answer, unless the client has gone."""
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True


@contextmanager
def gemini_stand_in() -> Iterator[Gemini]:
    """Serve a stand-in until the block ends."""
    box = Gemini()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"gemini": box}))
    server.daemon_threads = True
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield box
    finally:
        box.over.set()
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)
