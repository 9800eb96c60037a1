"""A drawn file becomes PDF/A-3b (ISO 19005-3): readable for as long as papers must be kept, its data beside it."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from invoicing.pdf import srgb
from invoicing.pdf.embedding import PACKING

JSON: Final = "application/json"
# What XML 1.0 cannot hold, and the breaks that it would make others of.
_NOT_IN_XML: Final = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOMENT: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\+00'00'")
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{Title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{Author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{Subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Producer>{Producer}</pdf:Producer>
<xmp:CreatorTool>{Creator}</xmp:CreatorTool>
<xmp:CreateDate>{CreationDate}</xmp:CreateDate>
<xmp:ModifyDate>{ModDate}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
_TEXTS: Final = ("Title", "Author", "Subject", "Producer", "Creator")
_MOMENTS: Final = ("CreationDate", "ModDate")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the file: what is printed, for machines. `media_type` is a MIME type such as `JSON`."""

    name: str
    content: bytes
    media_type: str
    description: str


def archive(drawn: bytes, attachment: Attachment | None = None) -> bytes:
    """Return a drawn file as PDF/A-3b; the same input gives the same bytes.

    All its fonts must be embedded, and its colours RGB or grey. Title, author and moments are those it has.
    """
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        described = _describe(pdf)
        metadata = Stream(pdf, _metadata(described), Type=Name.Metadata, Subtype=Name.XML)
        pdf.Root.Metadata = pdf.make_indirect(metadata)
        pdf.Root.OutputIntents = Array([_output_intent(pdf)])
        if attachment:
            _attach(pdf, attachment, described["ModDate"])
        file = io.BytesIO()
        # Its streams are packed already. The identifier is a hash of the content.
        pdf.save(file, min_version="1.7", compress_streams=False, fix_metadata_version=False, deterministic_id=True)
    return file.getvalue()


def _describe(pdf: Pdf) -> dict[str, str]:
    """Return what a file says about itself, and make it say nothing that its metadata could not repeat."""
    old = pdf.docinfo
    described = {name: _NOT_IN_XML.sub(" ", str(old[f"/{name}"])) for name in (*_TEXTS, *_MOMENTS)}
    new = Dictionary({f"/{name}": String(value) for name, value in described.items()})
    pdf.trailer.Info = pdf.make_indirect(new)
    return described


def _metadata(described: dict[str, str]) -> bytes:
    texts = {name: escape(described[name]) for name in _TEXTS}
    moments = {name: _MOMENT.sub(r"\1-\2-\3T\4:\5:\6Z", described[name]) for name in _MOMENTS}
    return _XMP.format_map(texts | moments).encode()


@cache
def _packed_profile() -> bytes:
    return zlib.compress(srgb.profile())


def _output_intent(pdf: Pdf) -> pikepdf.Object:
    profile = Stream(pdf, _packed_profile(), N=3, Alternate=Name.DeviceRGB, Filter=Name.FlateDecode)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
            Info=String("sRGB IEC61966-2.1"),
            RegistryName=String("http://www.color.org"),
            DestOutputProfile=pdf.make_indirect(profile),
        )
    )


def _attach(pdf: Pdf, attachment: Attachment, moment: str) -> None:
    stream = Stream(
        pdf,
        zlib.compress(attachment.content, PACKING),
        Type=Name.EmbeddedFile,
        Subtype=Name(f"/{attachment.media_type}"),
        Filter=Name.FlateDecode,
        Params=Dictionary(Size=len(attachment.content), ModDate=String(moment)),
    )
    embedded, name = pdf.make_indirect(stream), String(attachment.name)
    file = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=name,
            UF=name,
            Desc=String(attachment.description),
            AFRelationship=Name.Data,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )
    pdf.Root.AF = Array([file])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([name, file])))
