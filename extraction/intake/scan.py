"""The program that makes a page of a PDF a picture to be read; ``extraction.intake.ocr`` starts it as a child.

It reads the file from standard input. Its arguments are the page, counted from 1, the dots an inch, the most dots of a
picture, and by how many right angles to turn it counter-clockwise. It writes one line of JSON (the page's ``width`` and
``height`` in points, the picture's ``dots``, and the degrees by which it was then turned counter-clockwise for its lines
to lie level as ``slant``), and then the picture in grey as PGM. It imports nothing of the application.
"""

from __future__ import annotations

import json
import math
import sys
from typing import Any, BinaryIO

import pypdfium2
from PIL import Image, ImageChops

POINTS_AN_INCH = 72
SMALL = 700  # dots across of the picture in which the slant of lines is looked for
STEEPEST, COARSE, FINE = 3.0, 0.5, 0.1  # degrees
LEAST_SLANT = 0.15  # degrees; less is not worth the softening that turning brings
PAPER = 255


def rendered(page: Any, dpi: int, most: int) -> Image.Image:
    """Return a page as a picture in grey, of at most so many dots."""
    width, height = page.get_size()
    dots = (dpi / POINTS_AN_INCH) ** 2 * width * height
    scale = dpi / POINTS_AN_INCH * min(1, math.sqrt(most / dots))
    picture: Image.Image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    return picture


def sharpness(picture: Image.Image, angle: float) -> float:
    """Return how much rows of dots differ from the next ones once the picture is turned: most where lines lie level."""
    rows = picture.rotate(angle, resample=Image.Resampling.BILINEAR, fillcolor=0).resize(
        (1, picture.height), Image.Resampling.BOX
    )
    steps = ImageChops.difference(rows, ImageChops.offset(rows, 0, 1)).tobytes()
    return float(sum(step * step for step in steps[1:]))


def slant(picture: Image.Image) -> float:
    """Return the degrees by which a picture is to be turned counter-clockwise for its lines to lie level."""
    small = picture.resize((SMALL, max(1, picture.height * SMALL // picture.width)), Image.Resampling.BOX)
    ink = ImageChops.invert(small).point(lambda shade: PAPER if shade > PAPER // 3 else 0)
    best = 0.0
    for reach, step in ((STEEPEST, COARSE), (COARSE, FINE)):
        count = round(reach / step)
        angles = [best + step * number for number in range(-count, count + 1)]
        best = max(angles, key=lambda angle: sharpness(ink, angle))
    return best if abs(best) >= LEAST_SLANT else 0.0


def main(number: int, dpi: int, most: int, quarters: int, *, file: BinaryIO, out: BinaryIO) -> None:
    """Write a page's picture."""
    page = pypdfium2.PdfDocument(file.read())[number - 1]
    picture = rendered(page, dpi, most).rotate(90 * quarters, expand=True)
    degrees = slant(picture)
    if degrees:
        picture = picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
    width, height = page.get_size()
    told = {"width": width, "height": height, "dots": picture.size, "slant": degrees}
    out.write(json.dumps(told).encode() + b"\n" + b"P5\n%d %d\n255\n" % picture.size + picture.tobytes())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]), file=sys.stdin.buffer, out=sys.stdout.buffer)
