"""The papers as they should look, in `tests/golden`: each page's text, and its picture in sixteen greys at 72 dpi.

`make golden` writes them anew; look at what it changed before you keep it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Final, NamedTuple

from PIL import Image, ImageChops, ImageFilter

from tests.invoicing.pdf import reading, samples

FOLDER: Final = Path(__file__).resolve().parents[2] / "golden"
DPI: Final = 72
STEP: Final = 17  # between two of sixteen greys
LEVELS: Final = [round(value / STEP) for value in range(256)]

# How the bounds were chosen: pdfium as it was two years earlier differs in no more than 11 pixels of a page by more
# than one grey, and in no more than 79 leaves what surrounds them. Moved by 1 mm, a word, a rule or a code makes
# hundreds of the first, a pale surface 136 and more of the second, and a dash between numbers at least 22 of either.
MOST_OTHER: Final = 12
MOST_STRAY: Final = 100


class Difference(NamedTuple):
    """How many pixels differ by more than one grey, and how many are beyond all that lie around them."""

    other: int
    stray: int

    @property
    def is_seen(self) -> bool:
        return self.other > MOST_OTHER or self.stray > MOST_STRAY


def grey(picture: Any) -> Image.Image:
    """Return a picture in sixteen greys."""
    found: Image.Image = picture.convert("L").point(LEVELS)
    return found


def pages(pdf: bytes) -> list[Image.Image]:
    return [grey(reading.picture(pdf, page, DPI)) for page in range(reading.pages(pdf))]


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Compare two pictures of one size, in sixteen greys."""
    if one.size != other.size:
        return Difference(one.size[0] * one.size[1], 0)
    apart = ImageChops.difference(one, other).histogram()
    return Difference(sum(apart[2:]), _stray(one, other) + _stray(other, one))


def _stray(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels of one picture are darker or brighter than the other's all around."""
    brighter = ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(3)))
    darker = ImageChops.subtract(other.filter(ImageFilter.MinFilter(3)), one)
    return sum(ImageChops.lighter(brighter, darker).histogram()[1:])


def text_file(name: str) -> Path:
    return FOLDER / f"{name}.txt"


def picture_file(name: str, page: int) -> Path:
    return FOLDER / f"{name}-{page + 1}.png"


def kept_texts(name: str) -> list[str]:
    return text_file(name).read_text(encoding="utf-8").split("\f")


def kept_picture(name: str, page: int) -> Image.Image:
    with Image.open(picture_file(name, page)) as picture:
        # The palette has sixteen greys, of which only the numbers are compared.
        return Image.frombytes("L", picture.size, picture.tobytes())


def packed(picture: Image.Image) -> bytes:
    """Return a picture in sixteen greys as a PNG of four bits a pixel."""
    drawn = Image.frombytes("P", picture.size, picture.tobytes())
    drawn.putpalette([level * STEP for level in range(16) for _ in range(3)])
    data = io.BytesIO()
    drawn.save(data, "PNG", bits=4, optimize=True)
    return data.getvalue()


def main() -> None:
    """Write all texts and pictures anew; a picture that looks the same stays as it is."""
    FOLDER.mkdir(exist_ok=True)
    written = set()
    for name in samples.MAKERS:
        pdf = samples.sample(name).pdf()
        text_file(name).write_text("\f".join(reading.page_texts(pdf)), encoding="utf-8")
        written.add(text_file(name))
        for page, picture in enumerate(pages(pdf)):
            file = picture_file(name, page)
            if not file.exists() or difference(kept_picture(name, page), picture) != (0, 0):
                file.write_bytes(packed(picture))
            written.add(file)
    for file in set(FOLDER.iterdir()) - written:
        file.unlink()


if __name__ == "__main__":
    main()
