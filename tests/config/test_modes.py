"""The two ways to run, each seen from outside: a process of its own with the settings of its own."""

from __future__ import annotations

import json

import pytest

from tests.config.processes import manage

pytestmark = pytest.mark.slow

PRODUCTION = {
    "PUBLIC_URL": "https://pay.example",
    "REDIS_URL": "redis://127.0.0.1:6379/15",
    "TRUSTED_PROXIES": "127.0.0.1",
}
FACTS = (
    "import json; from django.conf import settings as s; "
    "print(json.dumps([s.EMBEDDED, s.HTTPS, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, "
    "s.ALLOWED_HOSTS, s.LOGGING['format'], s.WEB_CONCURRENCY]))"
)


def facts(folder, **given: str) -> list[object]:
    done = manage("shell", "--no-imports", "-c", FACTS, folder=folder, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_set_is_the_embedded_mode(tmp_path):
    assert facts(tmp_path) == [
        True,
        False,
        False,
        False,
        0,
        ["localhost", "localhost", "127.0.0.1", "[::1]"],
        "text",
        1,
    ]


def test_an_address_elsewhere_is_production(tmp_path):
    assert facts(tmp_path, PUBLIC_URL="https://pay.example") == [
        False,
        True,
        True,
        True,
        31_536_000,
        ["pay.example"],
        "json",
        1,
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://localhost/none"},
        {"REDIS_URL": "redis://127.0.0.1:6379/15"},
        {"EMAIL_URL": "smtp://localhost"},
    ],
)
def test_each_service_of_its_own_is_production(tmp_path, given):
    assert facts(tmp_path, **given)[0] is False


REFUSED = [
    ({"SECRET_KEY": "changeme"}, "config.E001", "SECRET_KEY is weak"),
    ({"DEBUG": "true"}, "config.E002", "DEBUG must be off in production."),
    (
        {"PUBLIC_URL": "http://pay.example"},
        "config.E003",
        "PUBLIC_URL must be https in production, not http://pay.example.",
    ),
    ({"ALLOWED_HOSTS": "*"}, "config.E004", "ALLOWED_HOSTS must name the hosts"),
    ({"REDIS_URL": "", "WEB_CONCURRENCY": "2"}, "config.E005", "WEB_CONCURRENCY=2 needs REDIS_URL"),
]


@pytest.mark.parametrize(("given", "number", "sentence"), REFUSED)
def test_production_does_not_start_with(tmp_path, given, number, sentence):
    done = manage("serve", folder=tmp_path, **(PRODUCTION | given))
    assert done.returncode == 1
    assert f"({number}) {sentence}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_check_for_deployment_is_clean_in_production(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "INFO", folder=tmp_path, **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


BAD = [
    ({"PORT": "eighty"}, "PORT must be a whole number from 1 to 65535, not 'eighty'."),
    ({"RATE_LIMIT_API": "lots"}, "RATE_LIMIT_API must look like 100/m (a number, then s, m, h or d), not 'lots'."),
    ({"REGISTRATION": "ajar"}, "REGISTRATION must be one of open, closed, not 'ajar'."),
    (
        {"DATABASE_URL": "mysql://x/y"},
        "DATABASE_URL must look like postgresql://user:password@host:5432/name.",
    ),
    ({"PUBLIC_URL": "pay.example"}, "PUBLIC_URL must be an address such as http://host, not 'pay.example'."),
]


@pytest.mark.parametrize("command", ["serve", "migrate", "check"])
@pytest.mark.parametrize(("given", "sentence"), BAD)
def test_a_bad_setting_is_one_sentence(tmp_path, command, given, sentence):
    done = manage(command, folder=tmp_path, **given)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence + "\n")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = manage("serve", folder=tmp_path / "file" / "var")
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"VAR_DIR: the folder {tmp_path}/file/var cannot be written to (Not a directory).\n",
    )


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    done = manage("prepare", folder=tmp_path, DATABASE_URL="postgresql://me:hidden@127.0.0.1:1/none")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The database cannot be used: ")
    assert (done.stderr.count("\n"), "hidden" in done.stderr) == (1, False)
