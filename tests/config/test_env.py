from __future__ import annotations

import re
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(settings.BASE_DIR)
NAME = "A_SETTING"


@pytest.fixture
def given(monkeypatch):
    def give(value: str) -> None:
        monkeypatch.setenv(NAME, value)

    monkeypatch.delenv(NAME, raising=False)
    return give


def test_text_prefers_the_value_to_the_file(given, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "secret"))
    assert env.text(NAME) == "from the file"
    given(" from the environment ")
    assert env.text(NAME) == "from the environment"


@pytest.mark.parametrize("value", ["", "  "])
def test_text_takes_an_empty_value_for_none(given, value):
    given(value)
    assert env.text(NAME, "default") == "default"


def test_text_names_a_file_that_cannot_be_read(monkeypatch, tmp_path):
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured) as error:
        env.text(NAME)
    assert str(error.value) == f"{NAME}_FILE: {tmp_path}/missing cannot be read (No such file or directory)."


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), ("1", True), ("YES", True), ("on", True), ("false", False), ("0", False), ("", True)],
)
def test_boolean_reads_the_usual_words(given, value, expected):
    given(value)
    assert env.boolean(NAME, default=True) is expected


@pytest.mark.parametrize(("value", "expected"), [("", 5), ("1", 1), ("9", 9), (" 7 ", 7)])
def test_number_stays_within_its_bounds(given, value, expected):
    given(value)
    assert env.number(NAME, 5, low=1, high=9) == expected


def test_words_are_split_at_commas(given):
    given(" a.example, ,b.example ")
    assert env.words(NAME) == ["a.example", "b.example"]


def test_networks_take_addresses_and_ranges(given):
    given("10.0.0.1, 192.168.0.0/16, ::1")
    assert env.networks(NAME) == [ip_network("10.0.0.1"), ip_network("192.168.0.0/16"), ip_network("::1")]


def test_decimal_is_exact(given):
    given("0.1")
    assert env.decimal(NAME, "90") == Decimal("0.1")


def test_decimal_may_be_zero_where_that_says_something(given):
    given("0")
    assert env.decimal(NAME, "10", or_zero=True) == 0


@pytest.mark.parametrize("value", ["100/m", "1/s", "5/10m", "30/h", "2/d"])
def test_rate_takes_numbers_and_units(given, value):
    given(value)
    assert env.rate(NAME, "9/m") == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://pay.example/", "https://pay.example"),
        ("", "https://localhost"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
    ],
)
def test_url_has_a_scheme_and_a_host(given, value, expected):
    given(value)
    assert env.url(NAME, "https://localhost", ("https", "unix")) == expected


REFUSED = [
    (lambda: env.boolean(NAME, default=True), "maybe", "must be true or false, not 'maybe'."),
    (lambda: env.number(NAME, 5, low=1, high=9), "10", "must be a whole number from 1 to 9, not '10'."),
    (lambda: env.number(NAME, 5, low=1, high=9), "-1", "must be a whole number from 1 to 9, not '-1'."),
    (lambda: env.number(NAME, 5, low=1, high=9), "five", "must be a whole number from 1 to 9, not 'five'."),
    (lambda: env.choice(NAME, "open", ("open", "closed")), "ajar", "must be one of open, closed, not 'ajar'."),
    (
        lambda: env.networks(NAME),
        "10.0.0.1/8",
        "must list addresses such as 10.0.0.1 or 10.0.0.0/8: 10.0.0.1/8 has host bits set.",
    ),
    (lambda: env.decimal(NAME, "1"), "0", "must be a number above zero, such as 90 or 0.92, not '0'."),
    (
        lambda: env.decimal(NAME, "1", or_zero=True),
        "-1",
        "must be a number zero or more, such as 90 or 0.92, not '-1'.",
    ),
    (lambda: env.decimal(NAME, "1"), "NaN", "must be a number above zero, such as 90 or 0.92, not 'NaN'."),
    (lambda: env.currency(NAME, "INR"), "rupee", "must be a currency's three letters, such as USD, not 'rupee'."),
    (
        lambda: env.rate(NAME, "1/s"),
        "often",
        "must look like 100/m (a number, then s, m, h or d), not 'often'.",
    ),
    (
        lambda: env.rate(NAME, "1/s"),
        "0/s",
        "must look like 100/m (a number, then s, m, h or d), not '0/s'.",
    ),
    (
        lambda: env.url(NAME, "", ("https",)),
        "ftp://host",
        "must be an address such as https://host, not 'ftp://host'.",
    ),
    (lambda: env.url(NAME, "", ("https",)), "https://", "must be an address such as https://host, not 'https:'."),
    (
        lambda: env.url(NAME, "", ("https",)),
        "https://[::1",
        "must be an address such as https://host, not 'https://[::1'.",
    ),
    (
        lambda: env.url(NAME, "", ("https",)),
        "https://host:port",
        "must be an address such as https://host, not 'https://host:port'.",
    ),
]


@pytest.mark.parametrize(("read", "value", "sentence"), REFUSED)
def test_a_bad_value_is_refused_with_a_sentence_that_names_it(given, read, value, sentence):
    given(value)
    with pytest.raises(ImproperlyConfigured) as error:
        read()
    assert str(error.value) == f"{NAME} {sentence}"


def test_folder_is_made_where_it_is_missing(given, tmp_path):
    given(str(tmp_path / "a" / "b"))
    assert env.folder(NAME, Path("unused")) == tmp_path / "a" / "b"
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_folder_that_cannot_be_made_is_refused(given, tmp_path):
    (tmp_path / "file").write_text("")
    given(str(tmp_path / "file" / "var"))
    with pytest.raises(ImproperlyConfigured) as error:
        env.folder(NAME, Path("unused"))
    assert str(error.value) == f"{NAME}: the folder {tmp_path}/file/var cannot be written to (Not a directory)."


def test_secret_key_is_made_once(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = env.secret_key(tmp_path)
    assert len(made) > 80
    assert env.secret_key(tmp_path) == made
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_secret_key_of_the_environment_comes_first(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert env.secret_key(tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_database_is_sqlite_without_an_address(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert env.database(tmp_path) == env.sqlite(tmp_path / "db.sqlite3")


def test_database_reads_every_part_of_the_address(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:p%40ss@db.example:5433/books%20one")
    found = env.database(tmp_path)
    assert {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "books one",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 5433,
    }


@pytest.mark.parametrize("value", ["mysql://host/name", "postgresql://host", "postgresql://host:port/name"])
def test_database_refuses_other_addresses(monkeypatch, tmp_path, value):
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^DATABASE_URL"):
        env.database(tmp_path)


@pytest.mark.parametrize(
    ("value", "port", "use_ssl", "use_tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://mail.example", 465, True, False),
        ("smtp+tls://mail.example", 587, False, True),
        ("smtp+tls://mail.example:2525", 2525, False, True),
    ],
)
def test_smtp_knows_the_usual_ports(monkeypatch, value, port, use_ssl, use_tls):
    monkeypatch.setenv("EMAIL_URL", value)
    assert env.smtp() == {
        "host": "mail.example",
        "port": port,
        "username": "",
        "password": "",
        "use_ssl": use_ssl,
        "use_tls": use_tls,
    }


@pytest.mark.parametrize("value", ["http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_smtp_refuses_other_addresses(monkeypatch, value):
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match=r"^EMAIL_URL"):
        env.smtp()


def test_read_file_fills_in_what_the_environment_leaves_out(monkeypatch, tmp_path):
    monkeypatch.setenv("A_FIRST", "kept")
    for name in ("A_SECOND", "A_THIRD", "A_FOURTH"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    (tmp_path / ".env").write_text(
        "# a comment\n\nA_FIRST=ignored\nA_SECOND=two words # not a comment\nA_THIRD=\"3\"\nA_FOURTH='4'\n"
    )
    env.read_file(tmp_path / ".env")
    assert [env.text(name) for name in ("A_FIRST", "A_SECOND", "A_THIRD", "A_FOURTH")] == [
        "kept",
        "two words # not a comment",
        "3",
        "4",
    ]


def test_read_file_names_the_line_it_does_not_understand(tmp_path):
    (tmp_path / ".env").write_text("# fine\nexport A=b\n")
    with pytest.raises(ImproperlyConfigured) as error:
        env.read_file(tmp_path / ".env")
    assert str(error.value) == ".env, line 2: this is not NAME=value."


def test_read_file_does_without_a_file(tmp_path):
    env.read_file(tmp_path / ".env")


def test_the_example_names_every_setting_that_is_read_and_no_other():
    code = (ROOT / "config/settings.py").read_text() + (ROOT / "config/env.py").read_text()
    helpers = "text|boolean|number|choice|words|networks|decimal|currency|rate|url|folder"
    read = set(re.findall(rf'(?:env\.)?\b(?:{helpers})\(\s*"([A-Z_]+)"', code))
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(read)
