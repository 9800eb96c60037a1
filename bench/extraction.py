"""How much of invoices the engines read rightly, field by field, and how long it takes.

``python -m bench.extraction [--engines local,embedded] [--corpus FOLDER] [--sets text,scans,ours,ours-scans,embedded,qr]
[--only WORD] [--misses] [--show]``: papers are read as the application reads them, by ``engine.read(Paper(...))``, with a
database of SQLite in a folder that is thrown away.

To work on an engine: ``--sets text,ours --misses`` prints for each paper every field that was read wrongly, with what
stands on it and what was read; ``--only NAME`` takes the papers whose names contain that; ``--show`` prints the
words of each page, line by line, as the engine gets them. ``--write FOLDER`` leaves our own papers there as PDF files
with their truth, to be looked at.

A value is scored where it stands on the page: the truth of the corpus comes from XML beside it, which at times holds
what is not printed. Of our own papers a field that is not there is scored, too: it must be read as nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.issue import database
from tests.extraction.layouts.comparing import AMOUNTS, folded, matched, number, same

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "extraction"
SETS = ("text", "scans", "ours", "ours-scans", "embedded", "qr")
HEADINGS = {
    "text": "text layer, the corpus",
    "scans": "scans of the corpus at 150 dots an inch",
    "ours": "text layer, our own layouts",
    "ours-scans": "scans of our own layouts",
    "embedded": "XML inside the file",
    "qr": "Swiss QR-bills",
}
ITEMS = ("lines found", "lines right")
FIELDS = {
    "invoice_number": "number",
    "invoice_date": "date",
    "due_date": "due date",
    "total": "total",
    "currency": "currency",
    "tax": "tax",
    "subtotal": "subtotal",
    "vendor_tax_id": "tax number",
    "vendor_name": "vendor",
    "items": "lines",
}
FLOORS = {
    "number": (93, 97),
    "date": (90, 97),
    "total": (95, 97),
    "currency": (95, 97),
    "tax": (85, 95),
    "subtotal": (85, 95),
    "tax number": (88, 93),
    "vendor": (80, 90),
    ITEMS[0]: (70, 85),
    ITEMS[1]: (70, 85),
}
SCAN_FLOORS = {"number": (85, 95), "total": (85, 95), "all": (75, 88)}
SECONDS = {"text": (0.5, 0.2), "ours": (0.5, 0.2), "scans": (6, 3), "ours-scans": (6, 3)}  # a page
OF_ENGINE = {"embedded": "embedded", "qr": "embedded"}  # which engine alone reads a set


@dataclass(frozen=True, slots=True)
class Sample:
    """A paper with its truth: a field that is not in it is not scored, one that is None must be read as nothing."""

    name: str
    content: Callable[[], bytes]
    truth: dict[str, Any]
    printed: Callable[[], bytes] | None = None  # the paper whose text layer says what is printed


@dataclass(slots=True)
class Score:
    """What was read rightly, of how many, by field; how long each page took; and what was missed."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    words: list[float] = field(default_factory=list)  # seconds of the processor a page
    engine: list[float] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)  # seconds a page, of both
    cost: Decimal = Decimal(0)
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, right: int, of: int) -> None:
        """Count, also into all of it."""
        self.right[name] += right
        self.of[name] += of

    def share(self, name: str) -> float:
        """Return percent."""
        return 100 * self.right[name] / self.of[name] if self.of[name] else float("nan")


def is_printed(name: str, value: Any, text: str) -> bool:
    """Return whether a value of the truth stands on a page with this text."""
    if name == "items" or value is None:
        return name == "items"
    if name in AMOUNTS:
        digits = re.sub(r"\D", "", f"{number(value):.2f}")
        whole = str(int(number(value) or 0))
        tokens = {re.sub(r"\D", "", token) for token in re.findall(r"\d[\d.,' \u00a0\u202f]*", text)}
        return digits in tokens or (number(value) == int(number(value) or 0) and whole in tokens)
    if name in ("invoice_date", "due_date"):
        year, month, day = value.split("-")
        return any(re.search(rf"(?<!\d)0?{int(day)}\D.{{0,20}}{end}(?!\d)", text) for end in (year, year[2:])) or bool(
            re.search(rf"{year}\D?{month}\D?{day}", text)
        )
    if name == "currency":
        return True
    if name == "vendor_name":
        return all(folded(word) in folded(text) for word in value.split())
    return folded(value) in folded(text)


# The papers


def of_corpus(folder: Path, kind: str) -> Iterator[Sample]:
    """Yield the papers of a folder of the corpus that have their truth beside them, as they are or as scans."""
    from tests.extraction.layouts.degrading import scanned

    for path in sorted((folder / ("text" if kind == "scans" else kind)).glob("*.pdf")):
        beside = path.with_suffix(".json")
        if not beside.exists():
            continue
        truth = json.loads(beside.read_text(), parse_float=Decimal)
        truth = {name: value for name, value in truth.items() if name not in truth.get("skip", [])}
        if kind == "scans":
            yield Sample(path.stem, lambda path=path: scanned(path.read_bytes()), truth, path.read_bytes)
        else:
            yield Sample(path.stem, path.read_bytes, truth, path.read_bytes if kind == "text" else None)


def of_codes(folder: Path, _kind: str) -> Iterator[Sample]:
    """Yield the corpus's QR-bills with what their codes carry."""
    from tests.extraction.engines.test_embedded import SWISS

    for name, (vendor, _iban, total, written, day) in SWISS.items():
        truth = {
            "vendor_name": vendor,
            "total": total,
            "currency": "CHF",
            "invoice_number": written,
            "invoice_date": day,
        }
        yield Sample(name, (folder / "qr" / name).read_bytes, truth)


def of_ours(_folder: Path, kind: str) -> Iterator[Sample]:
    """Yield our own layouts, as they are or as scans."""
    from tests.extraction.layouts.papers import all_papers, all_scans

    if kind == "ours":
        yield from (Sample(paper.name, paper.content, paper.truth) for paper in all_papers())
    else:
        yield from (Sample(paper.name, paper.scan, paper.truth) for paper in all_scans())


SOURCES: dict[str, Callable[[Path, str], Iterator[Sample]]] = {
    "text": of_corpus,
    "scans": of_corpus,
    "embedded": of_corpus,
    "qr": of_codes,
    "ours": of_ours,
    "ours-scans": of_ours,
}


# Reading and scoring


def text_of(pages: Iterable[Any]) -> str:
    """Return the words of pages, a line for each of their lines."""
    lines: list[str] = []
    for page in pages:
        rows: dict[int, list[Any]] = {}
        for word in sorted(page.words, key=lambda word: (word.box[1] + word.box[3]) / 2):
            middle = (word.box[1] + word.box[3]) / 2
            row = next((key for key in rows if abs(key / 10000 - middle) < 0.004), round(middle * 10000))
            rows.setdefault(row, []).append(word)
        lines += ["  ".join(each.text for each in sorted(row, key=lambda word: word.box[0])) for row in rows.values()]
    return "\n".join(lines)


def processor() -> float:
    """Return the seconds of the processor that we and our children have used: the clock counts what others do, too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def read(sample: Sample, engine: Any, score: Score, options: argparse.Namespace) -> None:
    """Have an engine read a paper, and score it."""
    from extraction import schema
    from extraction.engines.base import EngineFailed, Paper
    from extraction.intake.pages import words_of

    content = sample.content()
    began, start = processor(), time.perf_counter()
    pages = [] if engine.name == "embedded" else words_of(content)
    between = processor()
    try:
        answer = engine.read(
            Paper(content, hashlib.sha256(content).hexdigest(), pages, "", ""), model="", mode="standard"
        )
    except EngineFailed as failed:
        answer = None
        score.misses.append(f"{sample.name}: {failed}")
    count = max(1, len(pages))
    score.words.append((between - began) / count)
    score.engine.append((processor() - between) / count)
    score.clock.append((time.perf_counter() - start) / count)
    if options.show:
        print(f"\n--- {sample.name}\n{text_of(pages)}")
    found = schema.stored(schema.read(answer.data if answer else {}).values)
    text = text_of(words_of(sample.printed())) if sample.printed else None
    for name, label in FIELDS.items():
        if name in sample.truth and (text is None or is_printed(name, sample.truth[name], text)):
            compare(sample, name, label, found, score)


def compare(sample: Sample, name: str, label: str, found: dict[str, Any], score: Score) -> None:
    """Score one field of one paper."""
    truth = sample.truth[name]
    if name != "items":
        right = same(name, truth, found[name], sample.truth)
        score.add(label, right, 1)
        score.add("all", right, 1)
        if not right:
            score.misses.append(f"{sample.name}: {label} is {truth!s}, read {found[name]!s}")
        return
    count = matched(truth, found["items"])
    score.add(ITEMS[0], count, len(truth))
    score.add(ITEMS[1], count, len(found["items"]))
    if count < max(len(truth), len(found["items"])):
        read_lines = [(line["description"], line["quantity"], line["amount"]) for line in found["items"]]
        wanted = [(line.get("description"), str(line.get("quantity")), str(line.get("amount"))) for line in truth]
        score.misses.append(
            f"{sample.name}: {count} of {len(truth)} lines\n      are  {wanted}\n      read {read_lines}"
        )


# The table


def floors_of(kind: str) -> dict[str, tuple[float, float]]:
    """Return the least and the aim of each field of a set, in percent."""
    if kind in OF_ENGINE:
        return dict.fromkeys([*FIELDS.values(), *ITEMS, "all"], (100, 100))
    return SCAN_FLOORS if kind.endswith("scans") else FLOORS


def table(kind: str, engine: str, score: Score, papers: int) -> int:
    """Print what was read of a set; return how many floors were missed."""
    print(f"\n{HEADINGS[kind]}: {papers} papers by {engine}\n")
    print(f"{'field':<16}{'right':>7}{'of':>6}{'%':>8}{'floor':>8}{'aim':>6}")
    missed = 0
    for name in [*(label for label in FIELDS.values() if label != "lines"), *ITEMS, "all"]:
        if not score.of[name]:
            continue
        floor, aim = floors_of(kind).get(name, (None, None))
        share = score.share(name)
        verdict = "" if floor is None or share >= floor else "  missed"
        missed += bool(verdict)
        bounds = f"{floor:>8}{aim:>6}" if floor is not None else ""
        print(f"{name:<16}{score.right[name]:>7}{score.of[name]:>6}{share:>8.1f}{bounds}{verdict}")
    floor_seconds, aim_seconds = SECONDS.get(kind, (None, None))
    both = [words + engine for words, engine in zip(score.words, score.engine, strict=True)]
    late = floor_seconds is not None and statistics.median(both) > floor_seconds
    print(
        f"seconds of the processor a page, median and most: words {statistics.median(score.words):.3f} {max(score.words):.3f}, "
        f"engine {statistics.median(score.engine):.3f} {max(score.engine):.3f}, by the clock {statistics.median(score.clock):.3f}"
        + (f"; at most {floor_seconds}, aim {aim_seconds}" if floor_seconds else "")
        + ("  missed" if late else "")
    )
    print(f"price: {score.cost} USD", flush=True)
    return missed + late


def run(kind: str, engine: Any, options: argparse.Namespace) -> int:
    """Read all papers of a set by one engine; return how many floors were missed."""
    samples = [each for each in SOURCES[kind](options.corpus, kind) if options.only in each.name]
    score = Score()
    for sample in samples:
        read(sample, engine, score, options)
    if not samples:
        return 0
    missed = table(kind, engine.name, score, len(samples))
    if options.misses:
        print("\n".join(f"  {line}" for line in score.misses))
    return missed


def write(folder: Path) -> None:
    """Leave our own papers in a folder, with their truth and their scans."""
    folder.mkdir(parents=True, exist_ok=True)
    for sample in of_ours(folder, "ours"):
        (folder / f"{sample.name}.pdf").write_bytes(sample.content())
        (folder / f"{sample.name}.json").write_text(json.dumps(sample.truth, default=str, ensure_ascii=False, indent=1))
    for sample in of_ours(folder, "ours-scans"):
        (folder / f"{sample.name}.scan.pdf").write_bytes(sample.content())


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.extraction", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("EXTRACTION_CORPUS", CORPUS)))
    parser.add_argument("--engines", default="local,embedded")
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--only", default="")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.write:
        write(options.write)
        return 0
    wanted = [kind for kind in options.sets.split(",") if kind in SETS]
    if not options.corpus.is_dir():
        print(
            f"There is no corpus in {options.corpus}: only our own layouts are measured (--corpus names another folder)."
        )
        wanted = [kind for kind in wanted if kind.startswith("ours")]
    missed = 0
    with database():
        from extraction.engines.order import IN_ORDER

        for engine in [each for each in IN_ORDER if each.name in options.engines.split(",")]:
            for kind in wanted:
                if (OF_ENGINE.get(kind) == "embedded") == (engine.name == "embedded"):
                    missed += run(kind, engine, options)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
