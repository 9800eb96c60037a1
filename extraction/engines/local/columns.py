"""The head of a table of items: what its columns are called, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from extraction.engines.local.sheet import Cell, Row
from extraction.engines.local.text import Token, squeezed

MOST_PARTS: Final = 6
NUMERIC: Final = ("quantity", "unit_price", "amount", "gross", "tax_rate", "tax_amount", "discount", "list_price")
COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "description": (
        "description", "item", "items", "product", "service", "details", "particulars", "article", "name", "item description",
        "product description", "description of goods", "description of services", "product name", "item name", "service description",
        "activity", "title", "product/service", "goods", "item details", "task", "description of goods and services", "charges", "work",
        "material", "services", "products", "description of supply", "nature of goods", "item & description", "items and description",
        "product details", "service details", "charge description", "line item", "room", "plan", "type", "description of charges",
        "beschreibung", "bezeichnung", "artikel", "leistung", "produkt", "artikelbezeichnung", "artikelbeschreibung", "text", "position",
        "leistungsbeschreibung", "warenbezeichnung", "gegenstand", "produktbezeichnung", "bezeichnung der leistung", "dienstleistung",
        "ware", "tätigkeit", "artikel bezeichnung", "artikelname",
        "désignation", "libellé", "produit", "prestation", "prestations", "intitulé", "détail", "désignation des produits",
        "désignation du produit", "nature", "désignation article", "description du produit", "libellé article", "service rendu",
        "désignations", "rubrique",
        "descripción", "concepto", "artículo", "producto", "descrizione", "prodotto", "articolo", "servicio", "omschrijving",
        "artikelomschrijving", "dienst", "descrição", "designação", "produto", "artigo", "serviço", "detalle", "descrizione dei beni",
        "benämning", "beskrivning", "beskrivelse", "nazwa", "nazwa towaru", "popis", "kuvaus",
        "الوصف", "البيان", "الصنف", "المنتج", "الخدمة", "وصف", "اسم الصنف", "وصف السلعة", "وصف المنتج", "تفاصيل", "التفاصيل",
        "اسم المنتج", "السلعة", "البند", "وصف السلعة أو الخدمة", "المنتج أو الخدمة", "التعيين", "طبيعة السلع او الخدمات",
        "تفاصيل السلع والخدمات", "وصف الصنف",
    ),
    "quantity": (
        "quantity", "qty", "units", "hours", "hrs", "no of units", "qty shipped", "count", "nos", "billed qty", "quantity shipped", "pcs",
        "pieces", "qnty", "qty ordered", "quant", "hrs/qty", "hours/qty", "days", "nights", "usage", "qty/hrs", "quantity/hours", "time",
        "quantity billed", "qty billed", "no of nights", "invoiced qty",
        "menge", "anzahl", "stück", "stk", "mge", "anz", "std", "stunden", "liefermenge", "menge einheit", "stückzahl", "tage",
        "menge/einheit",
        "quantité", "qté", "qte", "nombre", "nb", "quant.", "qtés", "heures", "jours", "qté facturée", "nbre",
        "cantidad", "cant", "uds", "unidades", "quantità", "q.tà", "qta", "q.ta", "quantita", "aantal", "quantidade", "qtd", "qtde",
        "quant", "qt", "horas", "ore", "antal", "antall", "ilość", "mängd", "množství", "määrä", "unid",
        "الكمية", "كمية", "العدد", "عدد", "الكميه", "الساعات", "عدد الساعات",
    ),
    "unit": (
        "unit", "uom", "unit of measure", "u/m", "um", "per", "einheit", "me", "eh", "ein", "einh", "unité", "u", "unidad", "unità",
        "u.m.", "eenheid", "unidade", "un", "الوحدة", "وحدة", "وحدة القياس", "jm", "enhet", "udm", "units of measure", "mengeneinheit",
    ),
    "unit_price": (
        "excl price", "price excl", "unit price excl", "u/price", "price per hour", "pro einheit", "الإفرادي",
        "unit price", "price", "rate", "unit cost", "price per unit", "price each", "unit rate", "unit price excl vat", "cost", "each",
        "price/unit", "net unit price", "unit net price", "net price", "item price", "price excl vat", "unit price ex vat", "hourly rate",
        "unit value", "rate per unit", "unit price (excl vat)", "price (excl vat)", "per unit", "unit price net", "rate/hr", "price ea",
        "unit price without vat", "sale price", "selling price", "net unit", "unit amount", "daily rate", "price w/o tax unit",
        "price per item", "rate/item", "basic rate", "price ex gst", "net rate", "unit net",
        "einzelpreis", "stückpreis", "preis", "e-preis", "ep", "einzel", "nettopreis", "einzelpreis netto", "preis/einheit",
        "preis pro einheit", "stundensatz", "einheitspreis", "vk-preis", "e.-preis", "einzelpr", "ep netto", "preis je einheit", "epreis",
        "einzelpreis eur", "preis netto", "einzel-preis", "einzelbetrag", "e preis", "nettoeinzelpreis", "netto-preis", "preis eur",
        "stück preis", "preis €", "preis/stk",
        "prix unitaire", "pu", "p.u.", "pu ht", "prix unitaire ht", "prix unit", "p.u. ht", "prix", "prix unit ht", "prix u", "tarif",
        "prix u ht", "p.u", "prix unitaire h.t.", "taux horaire", "pu net", "pu net ht", "prix unitaire net", "tarif unitaire",
        "prix ht unitaire", "prix net", "pu h.t", "p u ht", "prix u. ht", "pu € ht", "prix unitaire en euros", "montant unitaire ht",
        "pu brut",
        "precio", "precio unitario", "precio unidad", "p. unit", "precio ud", "prezzo", "prezzo unitario", "prezzo unit", "prijs",
        "stukprijs", "eenheidsprijs", "prijs per stuk", "preço", "preço unitário", "preço unit", "p.unit", "preço un", "prezzo u",
        "pr. unitário", "tarief", "à-pris", "a pris", "pris", "enhetspris", "stykpris", "cena", "cena netto", "jednotková cena",
        "uurtarief", "p/u", "valor unitario", "valor unitário", "prezzo netto", "precio/unidad", "importo unitario",
        "السعر", "سعر الوحدة", "سعر", "الثمن", "سعر الوحده", "السعر الإفرادي", "ثمن الوحدة", "السعر الافرادي", "سعر القطعة",
        "سعر الوحدة قبل الضريبة", "السعر للوحدة", "الثمن الفردي",
    ),
    "amount": (
        "total excl", "excl total", "total (excl)", "amount excl", "total before vat", "total hors tva", "القيمة الإجمالية",
        "amount", "line total", "net amount", "total", "extended price", "subtotal", "net", "sub total", "ext price", "total excl vat",
        "total price", "line amount", "net total", "amount excl vat", "taxable amount", "taxable value", "value", "total net",
        "total ex vat", "extended amount", "net value", "extension", "total cost", "sum", "total value", "amount (excl vat)",
        "total amount", "price total", "total (excl vat)", "taxable", "net price total", "extended", "line net", "total excl tax",
        "item total", "price w/o tax", "total without vat", "amount net", "line value", "total ex gst", "item subtotal",
        "item subtotal excl vat", "amount ex vat", "net line total", "charge", "total charges", "row total", "subtotal excl vat",
        "gesamtpreis", "gesamt", "betrag", "summe", "gesamtbetrag", "nettobetrag", "netto", "g-preis", "gp", "nettowert", "gesamt netto",
        "gesamtpreis netto", "wert", "betrag netto", "nettogesamt", "gesamtnetto", "positionsbetrag", "positionssumme", "gesamtpr",
        "summe netto", "netto-betrag", "warenwert", "gpreis", "gesamtsumme", "gesamt preis", "zeilensumme", "netto betrag",
        "gesamt-preis", "endpreis", "nettosumme",
        "total ht", "montant ht", "montant", "total", "prix total", "total ligne", "prix ht", "prix total ht", "montant total", "net ht",
        "montant total ht", "total h.t.", "montant net", "montant net ht", "total net ht", "montant h.t.", "total net", "total htva",
        "sous-total", "prix tot", "total € ht", "mt ht", "montant htva", "total hors taxe", "total hors taxes",
        "importe", "subtotal", "importe neto", "importo", "totale", "importo netto", "bedrag", "totaal", "subtotaal", "totaalprijs",
        "valor", "total líquido", "prezzo totale", "netto bedrag", "precio total", "belopp", "beløb", "beløp", "summa", "sum",
        "wartość netto", "wartość", "bedrag excl btw", "totaal excl btw", "total sin iva", "totale netto", "imponibile", "valor líquido",
        "valor total", "regeltotaal",
        "المبلغ", "المجموع", "الإجمالي", "القيمة", "الإجمالي قبل الضريبة", "المبلغ الخاضع للضريبة", "المجموع الفرعي",
        "الإجمالي بدون الضريبة", "الاجمالي غير شامل الضريبة", "إجمالي السعر", "المجموع قبل الضريبة", "صافي المبلغ", "الصافي",
        "القيمة قبل الضريبة", "المبلغ الاجمالي", "السعر الإجمالي", "الثمن الجملي", "المبلغ قبل الضريبة",
    ),
    "gross": (
        "total incl vat", "gross", "gross amount", "amount incl vat", "total inc vat", "total incl tax", "total with vat",
        "total inc gst", "subtotal incl vat", "item subtotal including vat", "total including vat", "brutto", "gesamt brutto",
        "bruttobetrag", "gesamtpreis brutto", "total ttc", "montant ttc", "prix ttc", "ttc", "total t.t.c.", "total con iva",
        "totaal incl btw", "total incl gst", "wartość brutto", "total inclusive of vat", "item subtotal incl vat", "incl vat",
        "inkl mwst", "inkl ust", "montant tvac", "total tvac",
        "الإجمالي شامل الضريبة", "المجموع شامل الضريبة", "المبلغ شامل الضريبة", "الاجمالي شامل ضريبة القيمة المضافة",
        "المجموع شامل ضريبة القيمة المضافة", "الاجمالي مع الضريبة",
    ),
    "tax_rate": (
        "vat", "vat %", "tax", "tax rate", "vat rate", "tax %", "gst", "gst %", "gst rate", "% vat", "% tax", "cgst %", "igst %", "% gst",
        "taxes", "mwst", "ust", "mwst %", "ust %", "steuer", "steuersatz", "mwst satz", "ust satz", "mwst-%", "% mwst", "% ust",
        "steuer %", "mwst-satz", "st", "ust-satz",
        "tva", "taux tva", "% tva", "tva %", "taux", "taxe", "tx tva", "taux de tva", "taxes", "iva", "% iva", "iva %", "tipo iva",
        "aliquota", "aliquota iva", "btw", "btw %", "% btw", "taxa iva", "taxa", "impuesto", "moms", "moms %", "mva", "stawka vat", "dph",
        "btw-tarief", "al. iva", "aliq", "iva%",
        "نسبة الضريبة", "الضريبة", "الضريبة %", "معدل الضريبة", "ضريبة القيمة المضافة", "نسبة ضريبة القيمة المضافة", "الضريبه", "نسبة", "ض",
    ),
    "tax_amount": (
        "vat amount", "tax amount", "gst amount", "mwst betrag", "ust betrag", "steuerbetrag", "montant tva", "importe iva",
        "importo iva", "btw bedrag", "valor iva", "kwota vat", "mwst-betrag", "tax amt", "cgst", "sgst", "igst", "cgst amount",
        "sgst amount", "igst amount", "cess", "مبلغ الضريبة", "قيمة الضريبة", "مبلغ ضريبة القيمة المضافة", "قيمة ضريبة القيمة المضافة",
    ),
    "discount": (
        "discount", "disc", "disc %", "discount %", "rabatt", "rab", "rabatt %", "nachlass", "remise", "rem", "rem %", "% rem",
        "remise %", "% remise", "r %", "descuento", "dto", "% dto", "dto %", "sconto", "sc %", "sconto %", "korting", "korting %", "desc",
        "desconto", "desc %", "% desc", "rabat", "خصم", "الخصم", "نسبة الخصم", "الحسم", "less", "disc amt", "discount amount",
    ),
    "list_price": (
        "list price", "gross price", "bruttopreis", "listenpreis", "prix brut", "mrp", "tarif public", "rrp", "brutto preis", "uvp",
        "gross unit price", "pu ttc", "prix unitaire ttc", "prix ttc unitaire", "unit price incl vat", "einzelpreis brutto",
    ),
    "sku": (
        "sku", "item no", "item code", "code", "product code", "part no", "part number", "item #", "article no", "item number",
        "product no", "model", "catalog no", "ref", "reference", "article code", "stock code", "material no", "product id", "item id",
        "part", "article number", "model no", "stock no", "product number", "sku code", "asin", "ean", "isbn", "gtin", "upc",
        "artikelnummer", "artikel-nr", "art-nr", "artnr", "art.nr", "artikelnr", "best-nr", "bestellnummer", "art.-nr.", "materialnummer",
        "art.nr.", "produktnummer", "art-nr-lieferant", "art-nr-lief", "art-nr-kunde", "artikel nr", "art nr", "produkt-nr",
        "référence", "réf", "code article", "réf article", "référence article", "code produit", "ref produit", "réf produit", "código",
        "cód", "referencia", "codice", "cod", "cod articolo", "codice articolo", "artikelcode", "artikelnummer", "referência",
        "cód. artigo", "cod art", "art.nr", "varenr", "artnr",
        "رمز", "الرمز", "رقم الصنف", "الكود", "كود الصنف", "رمز المنتج", "كود", "رمز الصنف", "رقم المنتج",
    ),
    "position": (
        "pos", "no", "sr no", "s no", "sl no", "line", "#", "nr", "sr", "line no", "sno", "s.n.", "si no", "pos nr", "lfd nr", "lfd",
        "zeile", "pos-nr", "position nr", "ligne", "n°", "nº", "riga", "regel", "linha", "num", "م", "رقم", "الرقم", "ت", "التسلسل",
        "l.p.", "lp", "sl", "serial no", "posten", "item no.",
    ),
    "other": (
        "hsn", "sac", "hsn/sac", "hsn code", "hsn/sac code", "date", "datum", "fecha", "data", "التاريخ", "lieferdatum", "lot", "batch",
        "batch no", "exp", "weight", "gewicht", "poids", "tax category", "tax code", "period", "periode", "période", "zeitraum", "from",
        "to", "vke/geb", "von", "bis", "warehouse", "serial", "country of origin", "order", "delivery", "condition", "commodity code",
        "employee", "location", "project", "durée", "period of service", "per",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Column:
    """A column by its head, in points."""

    kind: str
    left: float
    right: float


@cache
def known() -> dict[str, str]:
    """Return what each head names; where two share a name the later one of ``COLUMNS`` does not count."""
    found: dict[str, str] = {}
    for kind, names in COLUMNS.items():
        for name in names:
            found.setdefault(squeezed(name), kind)
    return {name: kind for name, kind in found.items() if name}


def columns_of(rows: Sequence[Row]) -> list[Column]:
    """Return the columns that rows, read as one head, name; empty where that is no head of items."""
    found = [column for row in rows for cell in row.cells for column in heads_in(cell)]
    merged = merge(found)
    kinds = {column.kind for column in merged}
    worth = kinds & {"amount", "gross", "unit_price"}
    others = kinds & {"description", "quantity", "unit_price", "sku", "tax_rate", "position"}
    enough = bool(worth) and len(worth | others) >= 2 and bool(kinds & {"description", "quantity"} or len(kinds) >= 4)
    return merged if enough else []


def heads_in(cell: Cell) -> list[Column]:
    """Return the heads in a cell, each as long as can be; none where most of it is something else."""
    names, found, at, matched = known(), [], 0, 0
    tokens = cell.tokens[:24]
    while at < len(tokens):
        last, kind = longest_at(tokens, at, names)
        if not kind:
            at += 1
            continue
        left, right = cell.extent(tokens[at].start, tokens[last].end)
        found.append(Column(kind, left, right))
        matched += sum(len(token.text) for token in tokens[at : last + 1])
        at = last + 1
    letters = sum(len(token.text) for token in tokens if token.text != "%")
    return found if letters and matched >= 0.6 * letters else []


def heads_in_text(text: str) -> bool:
    """Return whether a text is nothing but the head of a column, with what may stand in brackets behind it."""
    return squeezed(text.partition("(")[0]) in known()


def longest_at(tokens: Sequence[Token], at: int, names: Mapping[str, str]) -> tuple[int, str]:
    """Return the last part of the longest head that begins at a part, and what it names."""
    text, best = "", (at, "")
    for last in range(at, min(at + MOST_PARTS, len(tokens))):
        text += tokens[last].text
        if text in names:
            best = last, names[text]
    return best


def merge(found: list[Column]) -> list[Column]:
    """Return columns from left to right; heads one above the other are one column, named by the plainer one."""
    merged: list[Column] = []
    for column in sorted(found, key=lambda each: each.left):
        over = next((each for each in merged if min(each.right, column.right) - max(each.left, column.left) > 1), None)
        if over is None:
            merged.append(column)
            continue
        if over.kind in {"other", "position", "sku"} or (over.kind == "amount" and column.kind in NUMERIC):
            over.kind = column.kind if column.kind not in {"other", "position"} else over.kind
        over.left, over.right = min(over.left, column.left), max(over.right, column.right)
    return merged
