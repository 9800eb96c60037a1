"""Scans that nobody scanned: pages drawn as pictures, and worn as a scanner, a photograph or a desk wears them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

POINTS_AN_INCH = 72
WHITE = 255


@dataclass(frozen=True, slots=True)
class Wear:
    """How a page was scanned: dots an inch, degrees askew, and what else befell it.

    ``noise`` is the deviation of shades, of 255; ``ground`` the shade of the paper and ``ink`` that of what was black;
    ``quality`` JPEG's, None for a picture in black and white alone; ``quarters`` by how many right angles the page was
    turned; ``stamped`` puts a faint stamp over the middle.
    """

    dpi: int = 150
    skew: float = 0.4
    noise: float = 6
    ground: int = 245
    ink: int = 30
    quality: int | None = 70
    quarters: int = 0
    stamped: bool = False


CLEAN = Wear()


def noisy(picture: Image.Image, deviation: float, random: Random) -> Image.Image:
    """Return a picture with noise, the same for the same seed."""
    # A tile is enough, and Pillow's own noise has no seed.
    tile = Image.frombytes(
        "L", (256, 256), bytes(min(255, max(0, round(random.gauss(128, deviation)))) for _ in range(65536))
    )
    noise = Image.new("L", picture.size, 128)
    for left in range(0, picture.width, tile.width):
        for top in range(0, picture.height, tile.height):
            noise.paste(tile.transpose(random.choice(list(Image.Transpose))), (left, top))
    return ImageChops.add(picture, noise, scale=1, offset=-128)


def stamp(picture: Image.Image) -> None:
    """Draw two rings and a bar over the middle, as a stamp of ink leaves them."""
    draw, across = ImageDraw.Draw(picture), picture.width
    middle, radius = (across * 0.55, picture.height * 0.5), across * 0.11
    for size in (radius, radius * 0.8):
        box = [middle[0] - size, middle[1] - size, middle[0] + size, middle[1] + size]
        draw.ellipse(box, outline=150, width=max(2, across // 300))
    draw.line([middle[0] - radius, middle[1], middle[0] + radius, middle[1]], fill=150, width=max(2, across // 300))


def worn(page: Image.Image, wear: Wear, random: Random) -> Image.Image:
    """Return a page's picture as it was scanned."""
    if wear.stamped:
        stamp(page)
    picture = page.rotate(wear.skew, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)
    picture = picture.point([wear.ink + shade * (wear.ground - wear.ink) // WHITE for shade in range(256)])
    if wear.noise:
        picture = noisy(picture, wear.noise, random)
    if wear.quarters:
        picture = picture.rotate(90 * wear.quarters, expand=True)
    if wear.quality is None:
        return picture.point(lambda shade: WHITE if shade > 160 else 0).convert("1")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=wear.quality)
    return Image.open(out)


def scanned(content: bytes, wear: Wear = CLEAN, seed: int = 1) -> bytes:
    """Return a PDF whose pages are scans of another one's, without a text layer."""
    random, document = Random(seed), pypdfium2.PdfDocument(content)
    pages = [
        worn(page.render(scale=wear.dpi / POINTS_AN_INCH, grayscale=True).to_pil().convert("L"), wear, random)
        for page in document
    ]
    document.close()
    out = io.BytesIO()
    options = {} if wear.quality is None else {"quality": wear.quality}
    pages[0].save(out, "PDF", resolution=wear.dpi, save_all=True, append_images=pages[1:], **options)
    return out.getvalue()
