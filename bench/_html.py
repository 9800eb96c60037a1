"""The invoice of the look *modern* as HTML and CSS, for an engine that makes PDF of those."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape

from invoicing.pdf import Document, Party, qr_svg
from invoicing.pdf.fonts import FOLDER
from invoicing.pdf.labels import id_label
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.payment import labelled

CSS = """
@font-face { font-family: Vazirmatn; font-weight: 400; src: url(FOLDER/Vazirmatn-Regular.ttf) }
@font-face { font-family: Vazirmatn; font-weight: 700; src: url(FOLDER/Vazirmatn-Bold.ttf) }
@page { size: A4; margin: 30mm 16mm 25mm; @bottom-center { content: element(foot); width: 100% }
  @top-center { content: element(head); width: 100% } }
@page :first { margin-top: 15mm; @top-center { content: none } }
* { box-sizing: border-box; margin: 0; padding: 0 }
body { font: 9pt/12.5pt Vazirmatn; color: #16181D }
.foot { position: running(foot); border-top: .4pt solid #C3C8CF; padding-top: 1.6mm; font-size: 7pt; line-height: 10.5pt;
  color: #5B626C }
.count { float: right }
.count i { font-style: normal } .count i:first-of-type::before { content: counter(page) }
.count i:last-of-type::before { content: counter(pages) }
.head { position: running(head); width: 178mm; font-size: 8pt; color: #434951 } .head p { float: right }
.top { height: 24mm } .top img { height: 14mm; margin-top: 3mm } .top div { float: right; text-align: end }
h1 { font-size: 24pt; line-height: 26pt; color: #97422C } .number { font-size: 10pt; line-height: 14pt }
.hero { background: #FAF1EE; border-radius: 1.5mm; margin: 0 -5mm 7mm; padding: 3.5mm 5mm; width: 188mm;
  border-collapse: separate; border-spacing: 0 }
.hero td { width: 38mm } .hero span { font-size: 7.5pt; font-weight: 400; color: #5B626C; display: block }
.hero td { font-weight: 700; font-size: 9.5pt } .hero .due { width: auto; text-align: end; color: #97422C }
.hero .due b { font-size: 15pt; line-height: 18pt }
table { width: 100%; border-collapse: collapse }
.parties td { width: 50%; vertical-align: top; font-size: 8.5pt } .parties p { font-size: 8pt; line-height: 11.5pt; color: #434951 }
.parties p span { display: inline-block; width: 41mm } .parties em { font-style: normal; color: #5B626C }
h2 { font-size: 7.5pt; line-height: 11pt; color: #97422C } h3 { font-size: 10.5pt; line-height: 14pt }
.lines { margin-top: 8mm; border-bottom: 1pt solid #16181D } .lines td, .lines th { text-align: end; vertical-align: top }
.lines th { font-size: 7.5pt; line-height: 10pt; color: #434951; border-bottom: .8pt solid #97422C; padding-bottom: 1.8mm }
.lines td { padding: 2.5mm 0; border-bottom: .4pt solid #C3C8CF } .lines tr { break-inside: avoid }
.lines td:first-child, .lines th:first-child { text-align: start; padding-inline-end: 4mm }
.lines th:nth-child(2) { width: 16mm } .lines th:nth-child(3) { width: 30mm } .lines th:nth-child(4) { width: 18mm }
.lines th:nth-child(5) { width: 34mm } .lines small { display: block; font-size: 8pt; line-height: 11.5pt; color: #434951 }
.closing { margin-top: 5mm; break-inside: avoid } .closing > tbody > tr > td { vertical-align: top; width: 104mm; font-size: 8.5pt }
.closing > tbody > tr > td + td { width: 74mm } .sums td { line-height: 6.2mm; font-size: 9pt } .sums td + td { text-align: end }
.sums .total td { background: #FAF1EE; line-height: 12mm; font-weight: 700; font-size: 10pt }
.sums .total td + td { font-size: 14pt; color: #97422C }
.pay { margin-top: 5mm } .pay td { font-size: 8pt; line-height: 12pt; vertical-align: top } .pay img { width: 25mm }
.pay > tbody > tr > td:first-child { width: 30mm } .pay small { font-size: 7pt; line-height: 9pt; color: #434951 }
.notes { margin-top: 7mm; font-size: 8.5pt }
[dir=rtl] .count, [dir=rtl] .head p, [dir=rtl] .top div { float: left }
""".replace("FOLDER", FOLDER.as_uri())


def html(document: Document) -> str:
    """Return the document as it prints, with the same words and numbers."""
    paper = Paper(document, document.type)
    word, seller = paper.word, document.seller
    direction = "rtl" if paper.language == "ar" else "ltr"
    due, amount = facts.amount_that_matters(paper)
    address = " · ".join([*seller.address_lines, seller.phone, seller.email])
    ids = " · ".join(f"{id_label(key, paper.language)} {value}" for key, value in seller.ids)
    page = escape(word("page")).format("<i></i>", "<i></i>")
    above, total = facts.rows_above_total(paper), (facts.total_name(paper), paper.amount(document.total))
    return f"""<!doctype html><html lang="{paper.language}" dir="{direction}"><meta charset="utf-8">
<title>{escape(paper.title)} {escape(paper.number)}</title>
<div class="foot"><b>{escape(paper.name(seller))}</b> · {escape(address)}<br>{escape(ids)}<span class="count">{page}</span></div>
<div class="head"><b>{escape(paper.name(seller))}</b><p><b>{escape(paper.title)}</b> {escape(paper.number)} · {paper.issue_day}
 · {escape(paper.name(document.buyer))}</p></div>
<div class="top"><div><h1>{escape(paper.title)}</h1><p class="number">{escape(paper.number)}</p></div>{logo(document)}</div>
<table class="hero"><tr>{"".join(f"<td><span>{escape(a)}</span>{escape(b)}</td>" for a, b in facts.dates_and_references(paper))}
<td class="due"><span>{escape(due)}</span>{escape(paper.currency())} <b>{amount}</b></td></tr></table>
<table class="parties"><tr><td><h2>{escape(word("billed_to"))}</h2>{party(paper, document.buyer)}</td>
<td><h2>{escape(word("from"))}</h2>{party(paper, seller)}</td></tr></table>
<table class="lines"><thead><tr>{cells("th", [word(key) for key in ("description", "quantity", "unit_price", "vat", "net_amount")])}
</tr></thead><tbody>{"".join(rows(paper))}</tbody></table>
<table class="closing"><tr><td><h2>{escape(word("in_words"))}</h2>{escape(document.amount_in_words)}
<table class="pay"><tr><td><img src="{data_url("image/svg+xml", qr_svg(document.qr_payload).encode())}"><br>
<small>{escape(word("scan_to_pay"))}</small></td><td><h2>{escape(word("payment"))}</h2><table>
{"".join(f"<tr>{cells('td', row)}</tr>" for row in [(word("terms"), document.payment_terms), *labelled(document.bank_details)])}
</table></td></tr></table></td><td><table class="sums">{"".join(f"<tr>{cells('td', row)}</tr>" for row in above)}
<tr class="total">{cells("td", total)}</tr></table></td></tr></table>
<div class="notes"><h2>{escape(word("notes"))}</h2>{escape(document.notes)}</div>"""


def cells(tag: str, texts: Iterable[str]) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def rows(paper: Paper[Document]) -> Iterable[str]:
    for item in paper.document.items:
        small = f"<small>{escape(item.description)}</small>" if item.description else ""
        numbers = [paper.quantity(item.quantity), paper.amount(item.unit_price), paper.rate(item.tax_rate)]
        numbers.append(paper.amount(facts.line_amount(paper.document, item)))
        yield f"<tr><td><b>{escape(item.name)}</b>{small}</td>{cells('td', numbers)}</tr>"


def party(paper: Paper[Document], values: Party) -> str:
    lines = "<br>".join(escape(line) for line in values.address_lines)
    ids = "".join(
        f"<span><em>{escape(id_label(key, paper.language))}</em> {escape(value)}</span>" for key, value in values.ids
    )
    contact = escape(" · ".join(text for text in (values.email, values.phone) if text))
    return f"<h3>{escape(paper.name(values))}</h3>{lines}<p>{ids}</p><p>{contact}</p>"


def logo(document: Document) -> str:
    return f'<img src="{data_url("image/png", document.logo)}">' if document.logo else ""


def data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
