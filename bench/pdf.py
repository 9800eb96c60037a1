"""Drawing invoices against WeasyPrint, which makes the same of HTML and CSS, with texts that are new each time.

``python -m bench.pdf``: speed, the share of the archive, and memory over ``--documents`` documents.
"""

from __future__ import annotations

import argparse
import gc
import io
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from resource import getpagesize
from typing import Any

from PIL import Image, ImageDraw

from bench._html import CSS, html
from invoicing.pdf import Document, Party, render
from invoicing.pdf.archive import JSON, Attachment, archive
from invoicing.pdf.data import data_of
from invoicing.pdf.document import draw
from tests.invoicing.pdf import documents

LANGUAGES = ("en", "fr", "ar")
OURS_A_TURN = {10: 20, 200: 6}  # of ours for one of the peer's, in each language: a turn long enough to get going
LEAST = {"10 lines": 30.0, "200 lines": 60.0, "10 lines, PDF/A": 20.0, "200 lines, PDF/A": 20.0, "memory": 0.9}
WARM_UP = 2000
VOCABULARY = 5000  # words of each language, all as frequent as each other
LETTERS = {"latin": ("bcdfglmnprstv", "aeiou"), "arabic": ("بتجحدرسشصعفقكلمنه", "اوي")}


def new_word(source: random.Random, language: str) -> str:
    consonants, vowels = LETTERS["arabic" if language == "ar" else "latin"]
    return "".join(source.choice(consonants) + source.choice(vowels) for _ in range(source.randint(2, 4)))


@cache
def vocabulary(language: str) -> list[str]:
    """Return the words of a made-up language."""
    source = random.Random(language)
    return [new_word(source, language) for _ in range(VOCABULARY)]


class Texts:
    """Documents whose texts nobody has seen before, the same in each run.

    Their sentences are new, of the words that a language has; or of words that are new as well.
    """

    def __init__(self, seed: int, *, new_words: bool = False) -> None:
        self.random = random.Random(seed)
        self.new_words = new_words

    def word(self, language: str) -> str:
        return new_word(self.random, language) if self.new_words else self.random.choice(vocabulary(language))

    def words(self, language: str, count: int) -> str:
        return " ".join(self.word(language) for _ in range(count)).capitalize()

    def party(self, party: Party, language: str) -> Party:
        name = self.words(language, 3)
        return replace(
            party,
            name=name,
            name_ar=name if language == "ar" else party.name_ar,
            address_lines=(f"{self.random.randint(1, 99)}, {self.words(language, 3)}", self.words(language, 2)),
            ids=tuple((key, str(self.random.randrange(10**7, 10**8))) for key, _ in party.ids),
            email=f"{self.word('en')}@{self.word('en')}.example",
            phone=f"+212 522 {self.random.randint(100000, 999999)}",
        )

    def invoice(self, language: str, lines: int, logo: bytes) -> Document:
        number = self.random.randrange(10**6)
        items = tuple(
            documents.item(
                self.words(language, 3),
                str(self.random.randint(1, 99)),
                f"{self.random.randint(100, 99999) / 100:.2f}",
                description=self.words(language, 8),
            )
            for _ in range(lines)
        )
        plain = documents.long_invoice(language, lines)
        return documents.long_invoice(
            language,
            lines,
            items=items,
            number=f"INV-2026-{number:06}",
            seller=self.party(plain.seller, language),
            buyer=self.party(plain.buyer, language),
            subtotal=(net := sum((item.net_amount for item in items), Decimal(0))),
            taxable_amount=net,
            tax_amount=net / 5,
            total=net * 6 / 5,
            amount_due=net * 6 / 5,
            amount_in_words=self.words(language, 9),
            notes=self.words(language, 20),
            qr_payload=f"https://invoices.example/p/{number:012}",
            logo=logo,
        )


def logo(colour: int) -> bytes:
    """Return a logo as businesses upload it: a PNG of 800 by 300 pixels on nothing."""
    image = Image.new("RGBA", (800, 300), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((10, 10, 290, 290), fill=(colour % 256, 90, 120, 255))
    for at in range(12):
        pen.rectangle((320 + at * 40, 40 + at * 7, 345 + at * 40, 260 - at * 7), fill=(20 * at, 60, 160, 255 - 9 * at))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def weasyprint() -> Callable[[str], bytes] | None:
    """Return WeasyPrint with the style sheet, the fonts and the logo read once; None where it cannot be had."""
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as error:
        print(f"WeasyPrint is left out, it does not start here: {str(error).splitlines()[0]}", file=sys.stderr)
        print("It needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0", file=sys.stderr)
        return None
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=CSS, font_config=fonts)
    pictures: dict[str, Any] = {}

    def write(text: str) -> bytes:
        return bytes(
            weasyprint.HTML(string=text).write_pdf(stylesheets=[style], font_config=fonts, cache=pictures) or b""
        )

    return write


def timed(act: Callable[[Any], object], values: list[Any]) -> float:
    """Return the processor's seconds for one, to which others on this machine add least."""
    gc.collect()
    gc.disable()
    before = time.process_time()
    for value in values:
        act(value)
    passed = time.process_time() - before
    gc.enable()
    return passed / len(values)


class Side:
    """One of the two sides, in a process of its own: neither lives among what the other has left in memory."""

    def __init__(self, serve: Callable[[Connection], None]) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, *order: Any) -> Any:
        self.pipe.send(order)
        return self.pipe.recv()

    def end(self) -> None:
        self.pipe.send(None)
        self.process.join()


def ours(pipe: Connection) -> None:
    """Answer with the seconds that one document takes: drawn, as an archive, the archive alone."""
    picture = logo(1)
    while order := pipe.recv():
        seed, language, lines, new_words = order
        texts = Texts(seed, new_words=new_words)
        # Each way has documents of its own, so that none finds words that another has shaped.
        fresh, others = ([texts.invoice(language, lines, picture) for _ in range(OURS_A_TURN[lines])] for _ in range(2))
        drawn, archived = timed(draw, fresh), timed(render, others)
        pipe.send((drawn, archived, timed(archive_drawn, [(draw(one), one) for one in fresh])))


def theirs(pipe: Connection) -> None:
    """Answer with the seconds that one document takes; making the HTML and its code is not counted."""
    picture, write = logo(1), weasyprint()
    pipe.recv()
    pipe.send(bool(write))
    while order := pipe.recv():
        seed, language, lines, new_words = order
        document = Texts(seed, new_words=new_words).invoice(language, lines, picture)
        pipe.send(timed(write, [html(document)]))


def speed(
    lines: int, rounds: int, own: Side, peer: Side | None, *, new_words: bool = False
) -> Iterator[tuple[str, float, float, float]]:
    """Yield each of our ways with its milliseconds, the peer's, and their ratio, measured in turns."""
    ways: dict[str, list[float]] = {"drawn": [], "PDF/A": [], "archive": [], "peer": []}
    for turn in range(rounds + 1):
        took = dict.fromkeys(ways, 0.0)
        for number, language in enumerate(LANGUAGES):
            seed = lines * 10_000 + turn * 10 + number
            for way, seconds in zip(ways, own.ask(seed, language, lines, new_words), strict=False):
                took[way] += seconds
            if peer:
                took["peer"] += peer.ask(seed, language, lines, new_words)
        for way, seconds in took.items() if turn else ():  # the first turn warms up
            ways[way].append(seconds / len(LANGUAGES) * 1000)
    for way in ("drawn", "PDF/A", "archive"):
        ratios = [other / mine for mine, other in zip(ways[way], ways["peer"], strict=True)]
        yield way, statistics.median(ways[way]), statistics.median(ways["peer"]), statistics.median(ratios)


def archive_drawn(given: tuple[bytes, Document]) -> bytes:
    drawn, document = given
    return archive(drawn, Attachment("invoice.json", data_of(document), JSON, "The same, as data"))


def resident() -> float:
    """Return the megabytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20


def memory(pipe: Connection) -> None:
    """Answer with the megabytes after the warm-up, and the most at any thousand of documents after it."""
    (count,) = pipe.recv()
    texts = Texts(3)
    seen = []
    for number in range(1, WARM_UP + count + 1):
        if number % 100 == 1:  # one business after the other
            picture = logo(number)
        render(texts.invoice(LANGUAGES[number % 3], 1 + number % 10, picture))
        if number % 1000 == 0:
            seen.append(resident())
    pipe.send((seen[WARM_UP // 1000 - 1], max(seen)))
    pipe.recv()


def line(title: str, ours: str, peer: str, ratio: float, least: float) -> bool:
    """Print a line of the table; return whether it is under its least."""
    missed = ratio < least
    shown = f"{ratio:>8.2f}" if peer else ""
    shown += f"{least:>8.2f}" if least else ""
    print(f"{title:<44}{ours:>12}{peer:>12}{shown}{'  missed' if missed else ''}", flush=True)
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench pdf", description="Measure the PDF.")
    parser.add_argument("--documents", type=int, default=20_000, help="how many to render for the memory's sake")
    parser.add_argument("--rounds", type=int, default=10, help="of 10 lines; a third of that for 200")
    options = parser.parse_args()
    own, peer = Side(ours), Side(theirs)
    has_peer = peer.ask("start")
    print("\nDrawing invoices\n")
    print(f"{'measurement':<44}{'ours':>12}{'peer':>12}{'ratio':>8}{'least':>8}")
    missed = 0
    few = -(-options.rounds // 3)
    for lines, rounds, new_words in ((10, options.rounds, False), (200, few, False), (200, few, True)):
        for way, mine, other, ratio in speed(lines, rounds, own, peer if has_peer else None, new_words=new_words):
            name = f"{lines} lines{' of new words' if new_words else ''}{'' if way == 'drawn' else ', ' + way}"
            least = LEAST.get(name, 0.0) if has_peer else 0.0
            missed += line(
                f"one document: {name}", f"{mine:.2f} ms", f"{other:.1f} ms" if has_peer else "", ratio, least
            )
    own.end()
    peer.end()
    keeper = Side(memory)
    warm, most = keeper.ask(options.documents)
    keeper.end()
    title = f"memory: most in {options.documents:,}, after {WARM_UP:,}"
    missed += line(title, f"{most:.1f} MB", f"{warm:.1f} MB", warm / most, LEAST["memory"])
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
