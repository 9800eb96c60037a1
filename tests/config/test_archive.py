from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from config import archive
from tests.config.processes import database, manage

pytestmark = pytest.mark.slow

PEOPLE = "from accounts.models import User; print('people:', *User.objects.order_by('email').values_list('email', flat=True))"
MAKE = (
    "from accounts.models import User; User.objects.create_user(username='{0}', email='{0}@example.com', password='x')"
)


def shell(code: str, folder: Path, **given: str) -> str:
    done = manage("shell", "--no-imports", "-c", code, folder=folder, **given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(
    "postgresql" in str(settings.DATABASES["default"]["ENGINE"]) and shutil.which("pg_dump") is None,
    reason="pg_dump is not installed here",
)
def test_a_backup_brings_database_and_files_back(tmp_path):
    with database() as given:
        assert manage("migrate", "-v0", folder=tmp_path, **given).stderr == ""
        shell(MAKE.format("first"), tmp_path, **given)
        media = tmp_path / "media"
        (media / "papers").mkdir(parents=True)
        (media / "papers/one.pdf").write_bytes(b"%PDF-one")
        kept = tmp_path / "kept.tar.gz"

        written = manage("backup", str(kept), folder=tmp_path, **given)
        assert (written.returncode, kept.stat().st_mode & 0o777) == (0, 0o600)
        assert str(kept) in written.stdout

        shell(MAKE.format("second"), tmp_path, **given)
        (media / "papers/one.pdf").write_bytes(b"overwritten")
        (media / "papers/two.pdf").write_bytes(b"later")

        refused = manage("restore", str(kept), folder=tmp_path, given="no\n", **given)
        assert (refused.returncode, refused.stderr) == (1, "Nothing was changed.\n")
        assert shell(PEOPLE, tmp_path, **given) == "people: first@example.com second@example.com"

        restored = manage("restore", "--yes", str(kept), folder=tmp_path, **given)
        assert (restored.returncode, restored.stderr) == (0, "")
        assert shell(PEOPLE, tmp_path, **given) == "people: first@example.com"
        assert {path.name: path.read_bytes() for path in media.rglob("*.pdf")} == {"one.pdf": b"%PDF-one"}


def refusal(tmp_path, name: str) -> str:
    done = manage("restore", "--yes", str(tmp_path / name), folder=tmp_path / "var")
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.strip()


def test_a_file_that_is_no_backup_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "other.tar.gz").write_text("not a backup")
    assert refusal(tmp_path, "other.tar.gz") == (
        f"{tmp_path}/other.tar.gz is not a backup that can be read (not a gzip file)."
    )


def test_a_backup_of_another_database_is_refused(tmp_path):
    with tarfile.open(tmp_path / "other.tar.gz", "w:gz") as made:
        archive.add_text(made, archive.MANIFEST, json.dumps({"format": 1, "database": "oracle"}))
    assert refusal(tmp_path, "other.tar.gz") == (
        f"{tmp_path}/other.tar.gz is a backup of oracle, but the database here is sqlite."
    )


def test_a_backup_that_would_write_elsewhere_is_refused(tmp_path):
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as made:
        member = tarfile.TarInfo("../outside")
        member.size = 1
        made.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(archive.ArchiveError, match="is not a backup that can be read"):
        archive.unpack(tmp_path / "evil.tar.gz", tmp_path / "into")
    assert not (tmp_path / "outside").exists()


@pytest.mark.django_db(transaction=True)
def test_the_manifest_says_what_is_inside(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    now = timezone.now()
    archive.write_archive(tmp_path / "a.tar.gz", at=now)
    with tarfile.open(tmp_path / "a.tar.gz") as made:
        member = made.extractfile("manifest.json")
        assert member is not None
        inside = json.load(member)
    assert inside["made_at"] == now.isoformat()
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]
