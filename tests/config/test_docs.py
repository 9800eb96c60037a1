from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.django_db


def test_the_schema_is_openapi_in_json_for_everybody(client):
    answer = client.get("/api/v1/schema")
    assert (answer.status_code, answer["Content-Type"], answer.json()["openapi"]) == (
        200,
        "application/json",
        "3.1.0",
    )


def test_the_schema_is_counted_like_any_call(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "100/m", "api_burst": "2/m"}
    answers = [client.get("/api/v1/schema", REMOTE_ADDR="203.0.113.77") for _ in range(3)]
    assert [(answer.status_code, answer["X-RateLimit-Remaining"]) for answer in answers] == [
        (200, "1"),
        (200, "0"),
        (429, "0"),
    ]
    assert answers[2].json()["code"] == "rate_limited"


def test_the_schema_is_yaml_on_request(client):
    answer = client.get("/api/v1/schema", headers={"Accept": "application/yaml"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/yaml; charset=utf-8")


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_page_that_explains_loads_nothing_from_elsewhere(client, path):
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert [link for link in re.findall(r'(?:src|href|spec-url)="([^"]+)"', text) if not link.startswith("/")] == []
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=", text) == []


def test_swagger_starts_from_a_script_of_its_own(client):
    answer = client.get("/docs?script=")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "application/javascript")
    assert "SwaggerUIBundle" in answer.content.decode()


def test_redoc_alone_may_style_itself(client):
    assert "style-src" not in client.get("/docs")["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in client.get("/redoc")["Content-Security-Policy"].split(";"))
    assert (policy["style-src"], policy["worker-src"]) == ("'self' 'unsafe-inline'", "'self' blob:")
    assert policy["default-src"] == "'self'"


def test_redoc_comes_without_the_emblem_that_lies_elsewhere(client):
    [address] = re.findall(r'<script src="(/redoc/[^"]+)"', client.get("/redoc").content.decode())
    plain = client.get(address)
    assert (plain.status_code, plain["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert b"cdn.redoc.ly/redoc/logo" not in plain.content
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert (packed["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
    assert ("Accept-Encoding" in packed["Vary"], "immutable" in packed["Cache-Control"]) == (True, True)


@pytest.fixture
def page(chromium_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "shown"), [("/docs", "#swagger-ui .info .title"), ("/redoc", "redoc h1")])
def test_the_page_works_under_its_policy(live_server, page, path, shown):
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(live_server.url + path)
    page.wait_for_selector(shown)
    page.wait_for_load_state("networkidle")
    assert "Invoicing API" in page.inner_text(shown)
    assert told == []
