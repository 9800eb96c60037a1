"""What is taken in, and the sentence for what is not."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from accounts.child import Told
from accounts.errors import AppError
from extraction.errors import (
    FileTooLarge,
    NotAPdf,
    PageTooLarge,
    PdfLocked,
    PdfTooCostly,
    TooManyPages,
)
from extraction.intake import child
from extraction.intake.checks import MOST_BYTES, check_pdf
from extraction.intake.files import clean_name
from tests.extraction import papers

# By the corpus's file: what comes of it, and what is found in it
EXPECTED: dict[str, tuple[type[AppError] | None, list[str]]] = {
    "empty_0_bytes.pdf": (NotAPdf, []),
    "png_named_pdf.pdf": (NotAPdf, []),
    "zip_polyglot.pdf": (None, []),
    "truncated_half.pdf": (NotAPdf, []),
    "encrypted_user_pw.pdf": (PdfLocked, []),
    "pages_3000.pdf": (TooManyPages, []),
    "mediabox_negative.pdf": (None, []),
    "flate_bomb_280MB.pdf": (None, []),  # its bomb is in what is drawn: reading it is what fails
    "xobject_cycle.pdf": (None, []),
    "openaction_js.pdf": (None, ["javascript", "open_action"]),
    "facturx_billion_laughs.pdf": (None, []),
    "attachment_path_traversal.pdf": (None, []),
    "prompt_injection_visible.pdf": (None, []),
}


@papers.needs_corpus
def test_each_file_of_the_corpus_is_known() -> None:
    listed = json.loads((papers.CORPUS / "INTAKE_EXPECT.json").read_text())
    assert {entry["file"].removeprefix("intake/") for entry in listed} == set(EXPECTED)


@papers.needs_corpus
@pytest.mark.parametrize("name", EXPECTED)
def test_each_file_of_the_corpus_comes_out_as_expected(name: str) -> None:
    content = (papers.CORPUS / "intake" / name).read_bytes()
    refusal, findings = EXPECTED[name]
    if refusal is None:
        assert check_pdf(content).findings == findings
    else:
        with pytest.raises(refusal):
            check_pdf(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAPdf),
        (b"PK\x03\x04 a zip", NotAPdf),
        (b"<html>%PDF</html>", NotAPdf),
        (b"%PDF-1.7\nnothing", NotAPdf),
        (b"\0" * 2000 + papers.plain(), NotAPdf),
        (papers.locked(), PdfLocked),
        (papers.plain(pages=51), TooManyPages),
        (papers.plain(size=(595, 14_401)), PageTooLarge),
        (papers.plain(size=(0, 842)), PageTooLarge),
        (b"%PDF-" + b"x" * MOST_BYTES, FileTooLarge),
    ],
    ids=["empty", "zip", "html", "head", "late", "locked", "pages", "side", "flat", "large"],
)
def test_a_bad_file_is_refused_with_a_sentence(content: bytes, refusal: type[AppError]) -> None:
    with pytest.raises(refusal) as refused:
        check_pdf(content)
    assert str(refused.value.detail).endswith(".")


def test_a_good_file_is_taken() -> None:
    checked = check_pdf(papers.plain(pages=50))
    assert (checked.pages, checked.findings, len(checked.sha256)) == (50, [], 64)


def test_a_header_a_little_late_and_an_owners_password_are_taken() -> None:
    assert check_pdf(b"\n" * 500 + papers.plain()).pages == 1
    assert check_pdf(papers.owner_locked()).pages == 1


def test_a_script_in_an_object_stream_is_found() -> None:
    content = papers.with_script()
    assert b"JavaScript" not in content
    assert check_pdf(content).findings == ["javascript", "open_action"]


def test_a_child_is_ended_by_its_limits_and_what_it_told_is_kept(tmp_path: Any) -> None:
    program = tmp_path / "greedy.py"
    program.write_text("print('begun', flush=True)\nb = []\nwhile True: b.append(bytes(10**7))")
    told = child.run(program, b"", memory=200_000_000)
    assert (told.output, told.is_whole) == (b"begun\n", False)
    program.write_text("print('begun', flush=True)\nwhile True: pass")
    begun = time.monotonic()
    assert not child.run(program, b"", cpu_seconds=1).is_whole
    program.write_text("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    assert child.run(program, b"", seconds=0.5).is_whole is False
    assert time.monotonic() - begun < 10
    program.write_text(f"with open({str(tmp_path / 'left')!r}, 'w') as file: file.write('x' * 100)")
    assert not child.run(program, b"").is_whole
    assert not (tmp_path / "left").exists() or (tmp_path / "left").stat().st_size == 0


def test_a_file_that_takes_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", lambda *args, **options: Told(b"", is_whole=False))
    with pytest.raises(PdfTooCostly):
        check_pdf(papers.plain())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\a b.pdf", "a b.pdf"),
        ("\x00\n", "file"),
        ("..", "file"),
        ("فاتورة.pdf", "فاتورة.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_a_name_is_data(given: str, kept: str) -> None:
    assert clean_name(given, "file") == kept
