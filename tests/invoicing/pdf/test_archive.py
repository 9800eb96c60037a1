from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import cycle, product
from pathlib import Path
from typing import get_args

import pikepdf
import pytest
from PIL import Image, ImageCms, ImageDraw

from invoicing.pdf import Document, render, srgb
from invoicing.pdf.archive import JSON, Attachment, archive
from invoicing.pdf.content import Language, LookName, Mark, PaperSize
from invoicing.pdf.data import data_of
from invoicing.pdf.document import draw
from invoicing.pdf.papers import render_receipt, render_statement
from tests.invoicing.pdf import documents, papers, reading, verapdf
from tests.invoicing.pdf.test_document import hostile

LANGUAGES = get_args(Language)
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
}
# Where the metadata repeats what the file says about itself.
PLACES = {
    "/Title": "dc:title/rdf:Alt/rdf:li",
    "/Author": "dc:creator/rdf:Seq/rdf:li",
    "/Subject": "dc:description/rdf:Alt/rdf:li",
    "/Producer": "pdf:Producer",
    "/Creator": "xmp:CreatorTool",
    "/CreationDate": "xmp:CreateDate",
    "/ModDate": "xmp:ModifyDate",
}


def logo(mode: str, **saved: object) -> bytes:
    image = Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((10, 10, 290, 110), fill=(10, 90, 200, 160))
    data = io.BytesIO()
    image.convert(mode).save(data, "PNG", **saved)
    return data.getvalue()


LOGOS = {
    "RGBA": logo("RGBA"),
    "LA": logo("LA"),
    "RGB": logo("RGB"),
    "RGB, one colour of it unseen": logo("RGB", transparency=(10, 90, 200)),
    "L": logo("L"),
    "L, one grey of it unseen": logo("L", transparency=0),
    "P": logo("P"),
    "P, one colour of it unseen": logo("P", transparency=0),
    "1": logo("1"),
}


def cases() -> dict[str, Document]:
    sizes = cycle(get_args(PaperSize))
    found = {
        f"{look} {language} {size}": documents.invoice(language, look=look, paper_size=size, logo=LOGOS["RGBA"])
        for (look, language), size in zip(product(get_args(LookName), LANGUAGES), sizes, strict=False)
    }
    found |= {f"{language}, no logo": documents.invoice(language) for language in LANGUAGES}
    found |= {
        f"{mark} {look}": documents.invoice("ar", mark=mark, look=look)
        for mark, look in zip(get_args(Mark), get_args(LookName), strict=True)
    }
    found |= {f"logo {mode}": documents.invoice("en", logo=picture) for mode, picture in LOGOS.items()}
    found |= {f"arabic beside {other}": documents.simplified("ar", second_language=other) for other in ("en", "fr")}
    found |= {f"hostile {language}": hostile(language) for language in LANGUAGES}
    return found | {
        "credit note": documents.credit_note("fr"),
        "simplified": documents.simplified(),
        "draft": documents.invoice("en", number=None, issue_date=None, mark="draft", qr_payload=None),
        "thousand lines": documents.long_invoice("ar", 1000, logo=LOGOS["RGBA"]),
    }  # fmt: skip - a table reads better in rows


def other_papers() -> dict[str, bytes]:
    found = {}
    for look, language in zip(get_args(LookName), LANGUAGES, strict=True):
        found[f"receipt {look} {language}"] = render_receipt(papers.receipt(language, look=look))
        found[f"statement {look} {language}"] = render_statement(papers.statement(language, look=look))
    return found


@pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing())
def test_files_are_pdf_a_3b(tmp_path: Path) -> None:
    documents_by_name = cases()
    files = {name: render(document) for name, document in documents_by_name.items()} | other_papers()
    found = verapdf.verdicts({**files, "as drawn": draw(documents_by_name["simplified"])}, tmp_path)
    drawn = found.pop("as drawn")
    assert (drawn.compliant, sorted(drawn.broken)) == (False, ["6.2.4.3-2", "6.6.2.1-1"])
    assert {name: verdict.broken for name, verdict in found.items()} == {name: {} for name in files}
    assert [name for name, verdict in found.items() if not verdict.compliant or verdict.checks < 2000] == []


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def metadata(pdf: pikepdf.Pdf) -> ET.Element:
    [description] = ET.fromstring(pdf.Root.Metadata.read_bytes()).iter(f"{{{NAMESPACES['rdf']}}}Description")
    return description


STRANGE = "N <&> \"'\x00\x07\t\r\n\x1b\u2028\ufffe\U0001f600 رقم"


@pytest.mark.parametrize("number", ["INV-2026-0047", STRANGE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_metadata_equals_what_the_file_says_about_itself(language: str, number: str) -> None:
    document = documents.invoice(language, number=number, seller=replace(documents.SELLER_MA, name=number))
    with opened(render(document)) as pdf:
        said = {name: str(value) for name, value in pdf.docinfo.items()}
        repeated = {name: metadata(pdf).findtext(place, namespaces=NAMESPACES) for name, place in PLACES.items()}
    for name in ("/CreationDate", "/ModDate"):
        assert (said.pop(name), repeated.pop(name)) == ("D:20261002000000+00'00'", "2026-10-02T00:00:00Z")
    assert repeated == said
    assert said["/Title"].endswith(re.sub("[\x00-\x1f\ufffe]", " ", number))


def test_metadata_claims_part_3_and_level_b() -> None:
    with opened(render(documents.invoice())) as pdf:
        claims = [metadata(pdf).findtext(f"pdfaid:{name}", namespaces=NAMESPACES) for name in ("part", "conformance")]
        assert claims == ["3", "B"]
        assert pdf.pdf_version == "1.7"


def test_colours_are_those_of_srgb() -> None:
    with opened(render(documents.invoice())) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        data = intent.DestOutputProfile.read_bytes()
        assert int(intent.DestOutputProfile.N) == 3
    assert data == srgb.profile()
    profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
    every = Image.new("RGB", (256, 256))
    every.putdata([(x, y, (x * 7 + y * 3) % 256) for x in range(256) for y in range(256)])
    same = ImageCms.profileToProfile(every, profile, ImageCms.createProfile("sRGB"))
    assert same
    assert max(abs(one - other) for one, other in zip(every.tobytes(), same.tobytes(), strict=True)) <= 1


def test_issued_document_carries_its_data() -> None:
    document = documents.invoice("ar", mark="cancelled")
    with opened(render(document)) as pdf:
        [file] = pdf.Root.AF
        assert list(pdf.Root.Names.EmbeddedFiles.Names) == ["invoice.json", file]
        assert (str(file.F), str(file.UF), str(file.AFRelationship)) == ("invoice.json", "invoice.json", "/Data")
        embedded = file.EF.F
        assert str(embedded.Subtype) == "/application/json"
        assert str(embedded.Params.ModDate) == "D:20261002000000+00'00'"
        data = embedded.read_bytes()
        assert int(embedded.Params.Size) == len(data)
        assert bytes(pdf.attachments["invoice.json"].get_file().read_bytes()) == data
    assert data == data_of(document)


def test_draft_carries_no_data() -> None:
    with opened(render(documents.invoice("en", mark="draft", number=None))) as pdf:
        assert "/AF" not in pdf.Root
        assert "/Names" not in pdf.Root


def test_archive_takes_any_attachment() -> None:
    attachment = Attachment("b & c.xml", b"<a/>" * 1000, "text/xml", "Une facture, données")
    with opened(archive(draw(documents.invoice()), attachment)) as pdf:
        [file] = pdf.Root.AF
        assert (str(file.UF), str(file.Desc)) == ("b & c.xml", "Une facture, données")
        assert str(file.EF.UF.Subtype) == "/text/xml"
        assert file.EF.UF.read_bytes() == attachment.content


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_look_as_they_were_drawn(language: str) -> None:
    document = documents.long_invoice(language, 12, logo=LOGOS["RGBA"], mark="draft")
    drawn, archived = draw(document), render(document)
    assert reading.page_texts(archived) == reading.page_texts(drawn)
    for page in range(reading.pages(drawn)):
        assert reading.picture(archived, page, 50).tobytes() == reading.picture(drawn, page, 50).tobytes()


def test_identifier_follows_from_the_content() -> None:
    def identifier(document: Document) -> list[bytes]:
        with opened(render(document)) as pdf:
            return [bytes(part) for part in pdf.trailer.ID]

    one = documents.invoice()
    assert identifier(one) == identifier(replace(one))
    assert identifier(one) != identifier(replace(one, issue_date=date(2026, 10, 3)))
    assert {len(part) for part in identifier(one)} == {16}


def test_archiving_twice_gives_the_same_bytes() -> None:
    drawn = draw(documents.invoice("fr", logo=LOGOS["RGBA"]))
    attachment = Attachment("invoice.json", b"{}", JSON, "Data")
    assert archive(drawn, attachment) == archive(drawn, attachment)


def test_threads_write_the_same_bytes() -> None:
    papers = [documents.long_invoice(language, count, logo=LOGOS["RGBA"]) for language in LANGUAGES for count in (1, 9)]
    expected = [render(paper) for paper in papers]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(render, papers * 5)) == expected * 5
