"""What papers call their fields, by language, and where these names stand in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from extraction.engines.local.text import Token, squeezed

MOST_PARTS: Final = 9  # of one label
BILLS: Final = (
    "invoice", "inv", "tax invoice", "bill", "receipt", "credit note", "credit memo", "debit note", "rechnung", "rechnungs", "gutschrift",
    "gutschrifts",
    "beleg", "facture", "avoir", "factura", "fattura", "factuur", "fatura", "faktura", "nota de crédito", "nota di credito", "creditnota",
    "faktur", "número de factura", "commercial invoice", "proforma invoice", "pro forma invoice",
    "vat invoice", "sales invoice", "handelsrechnung", "schlussrechnung", "teilrechnung", "abschlagsrechnung", "baurechnung",
    "facture d'avoir", "note de crédit", "factura simplificada", "sales receipt", "invoice receipt",
    "mietrechnung", "sammelrechnung", "monatsrechnung", "jahresrechnung", "stromrechnung", "telefonrechnung", "endrechnung",
    "proformarechnung", "korrekturrechnung", "stornorechnung", "barrechnung", "reparaturrechnung", "honorarrechnung", "honorarnote",
    "warenrechnung", "lieferrechnung", "einzelrechnung", "dienstleistungsrechnung", "servicerechnung", "werkstattrechnung",
    "kostenrechnung", "abrechnung", "verbrauchsabrechnung", "anzahlungsrechnung", "teilschlussrechnung", "arztrechnung",
)  # fmt: skip
COUNTS: Final = (
    "no", "nr", "number", "num", "id", "nummer", "numero", "nro", "ref", "reference", "n", "code", "serial no", "numer",
)  # fmt: skip
NUMBERS: Final = (
    "numéro de facture", "n° de facture", "no de facture", "n° facture", "numéro facture", "facture n°", "facture numéro", "facture no",
    "réf facture", "référence facture", "référence de facture", "référence de la facture", "numéro de la facture", "n° de la facture",
    "n° d'avoir", "numéro d'avoir", "nº factura", "n° factura",
    "número de factura", "num factura", "nº de factura", "n° fattura", "numero fattura", "fattura n", "numero documento", "documento n°",
    "documento n", "documento nº", "document n°", "nº da fatura", "número da fatura",
    "fatura nº", "factuurnummer", "factuurnr", "rechnungsnummer", "rechnungsnr", "rechnungs-nr", "rechnung nr", "belegnummer", "belegnr",
    "gutschriftsnummer",
    "gutschriftnr", "rechnungskennung", "document number", "document no", "doc no", "fakturanummer", "fakturanr", "numer faktury",
    "faktura nr", "numéro de document",
    "number of invoice", "invoice sequence number", "our invoice", "your invoice number", "invoice document number",
    "رقم الفاتورة", "رقم فاتورة", "فاتورة رقم", "الفاتورة رقم", "رقم الفاتورة الضريبية", "رقم المستند", "رقم الاشعار", "رقم إشعار الدائن",
    "فاتورة ضريبية رقم", "الرقم التسلسلي", "رقم الفاتوره",
)  # fmt: skip
NAMED: Final[Mapping[str, Sequence[str]]] = {
    "number": NUMBERS,
    "bare_number": ("no", "nr", "number", "numéro", "n°", "nummer", "número", "numero", "رقم", "الرقم"),
    "bill": (*BILLS, "فاتورة", "الفاتورة", "فاتورة ضريبية", "فاتورة ضريبية مبسطة", "إشعار دائن", "اشعار دائن"),
    "date": (
        "raised on", "ausgestellt am", "en date du", "بتاريخ",
        "invoice date", "date of invoice", "inv date", "bill date", "billing date", "date of issue", "issue date", "issued", "issued on",
        "date issued",
        "issued at", "invoiced on", "tax invoice date", "invoice issue date", "date invoiced", "credit note date", "receipt date", "dated",
        "tax point", "tax point date", "rechnungsdatum", "rechnung vom", "datum der rechnung", "belegdatum", "ausstellungsdatum",
        "gutschriftsdatum", "rechnungsdat", "re-datum",
        "date de facture", "date de la facture", "date facture", "date de facturation", "date d'émission", "date d'édition", "facture du",
        "émise le", "émis le", "facturé le", "date de l'avoir", "établie le",
        "fecha de factura", "fecha factura", "fecha de emisión", "fecha emisión", "fecha de expedición", "data fattura", "data documento",
        "data di emissione", "data emissione",
        "data da fatura", "data de emissão", "data emissão", "factuurdatum", "fakturadatum", "fakturadato", "data wystawienia",
        "document date", "date d'invoice",
        "تاريخ الفاتورة", "تاريخ الإصدار", "تاريخ إصدار الفاتورة", "تاريخ اصدار الفاتورة", "تاريخ الاصدار", "تاريخ الفاتوره", "حررت في",
        "تاريخ التحرير",
    ),
    "bare_date": ("date", "datum", "fecha", "data", "le", "vom", "den", "التاريخ", "تاريخ", "dato", "päivämäärä"),
    "due": (
        "payment deadline", "deadline for payment", "to be paid by", "please pay before", "pay until", "payable until", "fällig zum",
        "zu zahlen bis zum", "zahlung bis", "payable jusqu'au", "à payer jusqu'au", "à régler le", "à payer au plus tard le",
        "scadenza pagamento", "fecha límite de pago", "data limite de pagamento", "موعد الدفع", "تستحق بتاريخ", "تاريخ الدفع",
        "موعد السداد", "موعد الاستحقاق", "يستحق بتاريخ", "آخر موعد للسداد",
        "due date", "payment due", "date due", "due on", "due by", "payment due date", "pay by", "due", "please pay by", "payable by",
        "pay before", "payment due by", "payable on", "invoice due date", "is due on", "please remit until", "last date of payment",
        "fällig am", "fälligkeit", "fälligkeitsdatum", "zahlbar bis", "fällig", "zahlungsziel", "zahlbar bis zum", "bis spätestens",
        "zahlungsfrist", "zu zahlen bis", "bis zum", "spätestens bis", "fällig bis",
        "date d'échéance", "échéance", "échéance le", "date limite de paiement", "à payer avant le", "à régler avant le", "payable le",
        "date limite", "à payer avant", "à payer le", "date échéance", "échéance au", "prélèvement le", "à régler avant",
        "date de règlement", "paiement avant le", "prélevé le",
        "fecha de vencimiento", "vencimiento", "fecha vencimiento", "scadenza", "data scadenza", "data di scadenza", "data de vencimento",
        "vencimento", "vervaldatum", "betalen voor", "te betalen voor", "uiterste betaaldatum", "förfallodatum", "forfaldsdato",
        "forfallsdato", "termin płatności",
        "تاريخ الاستحقاق", "تاريخ استحقاق الدفع", "يستحق في", "الاستحقاق", "تستحق في", "تاريخ السداد", "اخر موعد للدفع", "تاريخ استحقاق",
    ),
    "terms": (
        "payment terms", "terms", "terms of payment", "payment conditions", "zahlungsbedingungen", "zahlungsbedingung", "zahlbar",
        "conditions de paiement", "conditions de règlement", "condiciones de pago", "forma de pago", "condizioni di pagamento",
        "termini di pagamento", "betalingsvoorwaarden", "betalingstermijn", "condições de pagamento", "شروط الدفع", "شروط السداد",
        "مدة السداد", "delai de paiement", "mode et condition de règlement",
    ),
    "order": (
        "purchase order", "po", "po number", "po no", "p.o.", "p.o. number", "p.o. no", "purchase order number", "purchase order no",
        "your order", "your order no", "your order number", "customer po", "customer order", "order reference", "buyer order no",
        "your reference", "your ref", "customer reference", "buyer reference", "client ref", "customer ref", "po ref", "order ref",
        "buyer's order no", "customer order no", "your order ref",
        "bestellnummer", "bestell-nr", "bestellnr", "ihre bestellung", "ihre bestellnummer", "ihre bestell-nr", "ihr auftrag",
        "ihr zeichen", "ihre referenz", "kundenreferenz", "bestellung nr", "bestellung",
        "bon de commande", "n° de commande", "numéro de commande", "commande n°", "votre commande", "votre référence", "référence client",
        "réf client", "n° commande", "numéro commande", "n° bon de commande", "référence commande", "votre réf",
        "su pedido", "pedido", "orden de compra", "n° pedido", "número de pedido", "nº pedido", "ordine", "ordine di acquisto",
        "vostro ordine", "ordine n", "numero ordine", "uw referentie", "uw bestelnummer", "bestelnummer", "inkoopordernummer",
        "ordem de compra", "nº encomenda", "v/ referência",
        "أمر الشراء", "رقم أمر الشراء", "طلب الشراء", "رقم طلب الشراء", "مرجع العميل", "رقم امر الشراء",
    ),
    "total": (
        "total", "grand total", "total amount", "invoice total", "total incl vat", "total inc vat", "total including vat",
        "total including tax", "total incl tax", "total with tax", "total inclusive of vat", "total incl gst", "total inc gst",
        "total including gst", "amount incl vat",
        "invoice amount", "total due", "total payable", "total to pay", "total invoice amount", "total invoice", "total price",
        "total charges", "total charge", "gross total", "gross amount", "total gross", "total amount incl vat",
        "total amount including vat", "total amount with vat", "net payable", "bill total", "order total",
        "total value", "invoice value", "total invoice value", "total amount payable", "total amount after tax", "total after tax",
        "total new charges", "total this invoice", "amount total", "total of invoice", "total for this invoice", "total cost",
        "total sum", "total vat inclusive", "total credit", "credit total", "total (incl. tax)", "total in words", "charges total",
        "vat inclusive total",
        "gesamtbetrag", "gesamt", "gesamtsumme", "rechnungsbetrag", "endbetrag", "bruttobetrag", "bruttosumme", "summe brutto",
        "gesamt brutto", "summe inkl ust", "summe inkl mwst", "gesamtbetrag brutto", "gesamtbetrag inkl mwst", "gesamtbetrag inkl ust",
        "total inkl mwst", "gesamt inkl mwst", "rechnungssumme", "brutto", "summe inklusive mehrwertsteuer", "gesamtpreis",
        "gesamtbetrag inkl", "zu zahlender betrag brutto", "rechnungsendbetrag", "rechnungsgesamtbetrag", "rechnungssumme brutto",
        "total chf", "total eur", "gesamt eur", "gesamtbetrag eur", "rechnungsbetrag brutto", "gutschriftsbetrag", "endsumme",
        "gesamtrechnungsbetrag", "bruttorechnungsbetrag", "rechnungsbetrag inkl mwst", "gesamtsumme brutto", "summe gesamt",
        "totalbetrag", "rechnungstotal",
        "total ttc", "montant ttc", "montant total ttc", "total général", "montant total", "total toutes taxes comprises",
        "total facture", "montant de la facture", "total de la facture", "ttc", "total facturé", "montant facturé", "total ttc en euros",
        "total ttc en eur", "total de votre facture", "prix ttc", "total tvac", "total tvac eur", "montant tvac", "total avoir",
        "somme totale", "montant total de la facture", "total du montant ttc", "total t.t.c.",
        "total factura", "importe total", "total con iva", "total iva incluido", "importe factura", "total a pagar", "totale fattura",
        "totale documento", "totale", "importo totale", "totale da pagare", "totale iva inclusa", "totale complessivo", "totaal",
        "totaal incl btw", "totaalbedrag", "totaal inclusief btw", "te betalen totaal", "factuurbedrag", "factuurtotaal",
        "total da fatura", "valor total", "total com iva", "total geral", "total documento",
        "totalt", "summa", "att betala", "razem", "do zapłaty", "celkem", "i alt", "total i alt",
        "الإجمالي", "المجموع", "الإجمالي شامل الضريبة", "إجمالي الفاتورة", "المجموع الكلي", "الإجمالي الكلي", "المبلغ الإجمالي",
        "الإجمالي شامل ضريبة القيمة المضافة", "المجموع شامل الضريبة", "إجمالي المبلغ", "المجموع النهائي", "إجمالي المبلغ المستحق",
        "صافي الفاتورة", "القيمة الإجمالية", "الاجمالي مع الضريبة", "اجمالي المبلغ شامل الضريبة", "المبلغ الكلي",
        "اجمالي القيمة شامل الضريبة", "المبلغ الاجمالي شامل الضريبة", "الاجمالي النهائي", "الصافي", "المجموع العام",
        "المبلغ شامل الضريبة",
    ),
    "due_amount": (
        "amount due", "balance due", "balance", "amount payable", "due payable", "residual", "net due", "outstanding", "please pay",
        "amount to pay", "to pay", "pay this amount", "due amount", "balance payable", "payment amount", "outstanding balance",
        "remaining", "total balance", "amount owed", "total amount due", "amount owing", "total balance due", "balance outstanding",
        "zahlbetrag", "zu zahlen", "offener betrag", "restbetrag", "fälliger betrag", "noch zu zahlen", "zu zahlender betrag",
        "überweisungsbetrag", "forderungsbetrag", "zahlungsbetrag", "zu überweisen", "offener saldo", "verbleibender betrag",
        "zu bezahlen", "restzahlung", "auszahlungsbetrag",
        "net à payer", "reste à payer", "solde à payer", "solde", "montant dû", "à payer", "solde dû", "total à payer", "montant à payer",
        "net a payer ttc", "total dû", "net à payer en euros", "montant restant dû", "reste dû", "solde à régler", "montant prélevé",
        "net à déduire", "total ttc à payer", "somme à payer",
        "a pagar", "saldo", "importe a pagar", "líquido a pagar", "netto a pagare", "da pagare", "te betalen", "openstaand bedrag",
        "te voldoen", "saldo a pagar", "valor a pagar", "importo da pagare", "totaal te betalen", "te betalen bedrag",
        "المبلغ المستحق", "الرصيد المستحق", "المستحق", "المتبقي", "المبلغ المتبقي", "الرصيد", "صافي المستحق", "المطلوب سداده",
        "المبلغ المطلوب",
    ),
    "paid": (
        "paid", "amount paid", "payment", "payments", "prepaid", "deposit", "advance", "paid amount", "less paid", "payments received",
        "less payments", "payment received", "deposit paid", "cash", "tendered", "anzahlung", "erhaltene anzahlungen", "angezahlt",
        "bereits bezahlt", "bezahlt", "abzüglich anzahlung", "acompte", "déjà payé", "déjà réglé", "montant payé", "payé",
        "acompte versé", "acomptes", "avance", "anticipo", "acconto", "pagado", "pagato", "betaald", "reeds betaald", "aanbetaling",
        "المدفوع", "المبلغ المدفوع", "دفعة مقدمة", "previous balance", "last bill", "ancien solde", "last payment", "change", "rounding",
        "round off", "arrondi", "rundung",
    ),
    "subtotal": (
        "subtotal", "sub total", "net", "net amount", "net total", "total net", "total excl vat", "total ex vat", "total excluding vat",
        "total excl tax", "total without tax", "amount excl vat", "taxable amount", "taxable value", "total before tax",
        "amount before tax", "net value", "untaxed amount", "total exclusive of vat", "total ex gst", "total excl gst",
        "subtotal excl tax", "subtotal excl vat", "net amount excl vat", "net invoice amount", "total taxable amount", "total taxable",
        "total untaxed", "taxable total", "amount net", "total net amount", "total taxable value", "total amount before tax", "net price",
        "total net value", "net subtotal", "total vat exclusive", "subtotal before tax", "total amount excl vat",
        "total amount excluding vat", "net charges", "total excluding tax", "total amount without vat", "goods total", "total goods",
        "merchandise", "total amount net", "total hors tva", "subtotal without vat", "total taxable amount excluding vat",
        "total excluding gst",
        "netto", "nettobetrag", "summe netto", "nettosumme", "zwischensumme", "gesamt netto", "netto summe", "rechnungssumme ohne ust",
        "warenwert", "nettowert", "gesamtbetrag netto", "steuerpflichtiger betrag", "summe", "total netto", "netto betrag",
        "nettoentgelt", "rechnungsbetrag netto", "basisbetrag", "gesamtnetto", "positionssumme", "netto-summe", "rechnungssumme netto",
        "gesamtsumme netto", "nettogesamt", "nettorechnungsbetrag", "gesamtnettobetrag", "summe ohne mwst", "summe exkl mwst",
        "gesamt exkl mwst", "zwischensumme netto", "total exkl mwst", "nettogesamtbetrag", "steuerbetragsgrundlage",
        "bemessungsgrundlage", "gesamtbetrag ohne ust", "entgelt", "gesamtbetrag ohne mwst", "summe netto betrag", "warenwert netto",
        "netto-warenwert", "nettowarenwert", "summe positionen", "betrag netto", "total ohne mwst",
        "total ht", "montant ht", "sous-total", "sous total", "total hors taxes", "montant total ht", "total net ht", "base ht", "net ht",
        "total h.t.", "ht", "total hors taxe", "montant hors taxes", "total htva", "total hors tva", "sous-total ht", "total ht en euros",
        "total ht net", "montant htva", "montant net ht", "total brut ht", "base hors taxes", "base imposable", "total net",
        "total htva eur", "prix ht", "sous total ht", "net commercial", "montant net",
        "base imponible", "subtotal", "total sin iva", "importe neto", "base", "imponibile", "totale imponibile", "totale netto",
        "base imponibile", "totale merce", "totaal excl btw", "subtotaal", "totaal exclusief btw", "bedrag excl btw", "netto bedrag",
        "totaal excl", "total líquido", "total ilíquido", "base tributável", "incidência", "total sem iva", "suma", "valor neto",
        "base de incidência", "subtotal sin iva", "maatstaf van heffing", "grondslag",
        "delsumma", "subtotaali", "netto razem", "delsum",
        "المجموع الفرعي", "الإجمالي قبل الضريبة", "المجموع قبل الضريبة", "الإجمالي غير شامل الضريبة", "المبلغ الخاضع للضريبة",
        "الإجمالي الفرعي", "الإجمالي بدون الضريبة", "المبلغ قبل الضريبة", "إجمالي المبلغ الخاضع للضريبة",
        "الاجمالي غير شامل ضريبة القيمة المضافة", "المجموع غير شامل الضريبة", "الإجمالي الخاضع للضريبة", "الاجمالي الخاضع للضريبة",
        "القيمة قبل الضريبة", "الاجمالي بدون ضريبة القيمة المضافة", "اجمالي المبلغ الخاضع للضريبه غير شامل ضريبة القيمة المضافة",
        "المبلغ الصافي", "المجموع دون الضريبة",
    ),
    "tax": (
        "vat", "tax", "sales tax", "gst", "hst", "pst", "qst", "cgst", "sgst", "igst", "utgst", "cess", "vat amount", "tax amount",
        "total vat", "total tax", "vat total", "tax total", "total gst", "gst amount", "plus vat", "value added tax", "total taxes",
        "taxes", "total tax amount", "total vat amount", "gst total", "includes gst", "vat @", "output tax", "add vat", "add gst",
        "state tax", "county tax", "estimated tax", "vat payable", "standard rate vat", "vat standard", "tax payable", "service tax",
        "amount of vat", "vat rate", "vat at", "tax rate", "consumption tax", "total sales tax", "city tax", "central tax",
        "integrated tax", "local tax", "vat summary total",
        "umsatzsteuer", "mehrwertsteuer", "mwst", "ust", "mwst betrag", "ust betrag", "steuerbetrag", "zzgl mwst", "zzgl ust",
        "zuzüglich ust", "zuzüglich mwst", "zuzüglich umsatzsteuer", "zuzügl ust", "zuzügl mwst", "zzgl umsatzsteuer", "steuer",
        "gesamt ust", "gesamt mwst", "enthaltene mwst", "enthaltene ust", "summe mwst", "summe ust", "mehrwertsteuerbetrag",
        "umsatzsteuerbetrag", "zuzüglich mehrwertsteuer", "zzgl mehrwertsteuer", "summe umsatzsteuer", "summe steuern",
        "gesamtsteuerbetrag", "steuern", "steuersumme", "mwst gesamt", "ust gesamt", "darin enthaltene mwst", "gesamtbetrag der steuern",
        "gesamtbetrag ust", "gesamtbetrag mwst", "gesetzliche mwst", "gesetzliche mehrwertsteuer", "inkl mwst betrag",
        "zzgl gesetzl mwst", "zzgl gesetzlicher mwst", "mwst summe",
        "tva", "montant tva", "total tva", "montant de la tva", "dont tva", "taxe sur la valeur ajoutée", "total taxes", "montant taxe",
        "t.v.a.", "tps", "tvq", "taxes", "total t.v.a.", "total de la tva", "tva collectée", "montant total tva", "total montant tva",
        "tva à", "montant des taxes",
        "iva", "cuota iva", "importe iva", "total iva", "i.v.a.", "impuesto", "cuota", "importo iva", "totale iva", "imposta",
        "totale imposta", "igic", "btw", "btw bedrag", "totaal btw", "btw hoog", "btw laag", "bedrag btw", "valor iva", "impostos",
        "valor do iva", "importe del iva", "impuestos", "totale imposte", "moms", "mva", "vat kwota", "dph", "kdv", "totaal btw bedrag",
        "btw totaal", "total do iva",
        "ضريبة القيمة المضافة", "الضريبة", "مبلغ الضريبة", "قيمة الضريبة", "إجمالي الضريبة", "مجموع الضريبة",
        "إجمالي ضريبة القيمة المضافة", "مجموع ضريبة القيمة المضافة", "ضريبة", "قيمة ضريبة القيمة المضافة", "ض.ق.م",
        "مبلغ ضريبة القيمة المضافة", "الضرائب", "ضريبة المبيعات", "الرسم على القيمة المضافة", "الاداء على القيمة المضافة",
    ),
    "discount": (
        "discount", "less discount", "total discount", "discounts", "rebate", "trade discount", "discount amount", "promotion",
        "promotions", "promo", "voucher", "coupon", "total discounts", "allowance", "allowances", "savings", "special discount", "rabatt",
        "nachlass", "abschläge", "gesamtbetrag der abschläge", "abzüglich rabatt", "gesamtrabatt", "summe abschläge", "summe nachlässe",
        "gutschein", "sonderrabatt", "preisnachlass", "remise", "remises", "rabais", "escompte", "total remise", "remise globale",
        "réduction", "remise commerciale", "descuento", "dto", "sconto", "korting", "desconto", "descuentos", "sconti", "rabat", "الخصم",
        "خصم", "إجمالي الخصم", "مجموع الخصم", "الحسم", "التخفيض", "قيمة الخصم", "تخفيض", "اجمالي الخصومات", "الخصومات",
    ),
    "charge": (
        "shipping", "freight", "delivery", "shipping & handling", "shipping and handling", "postage", "handling", "s&h",
        "shipping charges", "shipping cost", "delivery charge", "delivery charges", "carriage", "shipping costs", "packing",
        "service charge", "postage and packing", "delivery fee", "transport", "surcharge", "total charges", "versand", "versandkosten",
        "fracht", "zuschläge", "gesamtbetrag der zuschläge", "lieferkosten", "porto", "verpackung", "zu-/abschlag", "summe zuschläge",
        "frachtkosten", "porto und verpackung", "versandkostenpauschale", "transportkosten", "frais de port", "port", "livraison",
        "frais de livraison", "transport ht", "expédition", "frais d'expédition", "frais de transport", "port ht", "gastos de envío",
        "portes", "envío", "spese di spedizione", "spedizione", "trasporto", "verzendkosten", "verzending", "portes de envio", "frakt",
        "الشحن", "رسوم الشحن", "التوصيل", "رسوم التوصيل", "تكلفة الشحن",
    ),
    "vat_id": (
        "nif emisor", "gst/hst no", "gst/hst number", "gst/hst registration no", "uen",
        "vat no", "vat number", "vat id", "vat reg no", "vat registration no", "vat registration number", "vat", "vat reg", "vat id no",
        "tax id", "tax number", "tax no", "tin", "trn", "gstin", "gst no", "gst number", "gstin/uin", "gst reg no", "gst registration no",
        "gst registration number", "abn", "ein", "fein", "federal tax id", "tax registration number", "tax reg no", "company vat no",
        "vat nr", "tax identification number", "vat tin", "gst", "hst no", "hst", "cst", "pan", "company gstin", "gst id", "vat code",
        "eu vat id", "vat registration", "taxpayer id", "employer identification number", "tax id no", "vat reg number", "our vat no",
        "seller vat", "supplier vat number", "vat ident no", "gst hst", "gst hst no", "gst hst number", "business number", "uid",
        "supplier gstin", "gstin no", "sales tax id", "uk vat", "eu vat", "vat number uk",
        "ust-id", "ust-idnr", "ust-id-nr", "ustid", "umsatzsteuer-id", "umsatzsteuer-identifikationsnummer", "ust-ident-nr",
        "ust-identnr", "ust-identifikationsnummer", "uid-nr", "uid nummer", "mwst-nr", "mwst nr", "mwst-nummer", "steuernummer",
        "steuer-nr", "st-nr", "stnr", "umsatzsteueridentnummer", "ust idnr", "umsatzsteuer-idnr", "umsatzsteuer-id-nr", "ustidnr",
        "ust-nr", "ust nr", "umsatzsteuer identnummer", "umsatzsteueridnr", "umsatzsteuer-ident-nr", "steuernr", "ust ident nr",
        "umsatzsteuer identifikationsnr", "umsatzsteuer ident nr", "ust-id nummer", "umsatzsteuernummer", "steuer-id", "id-nr",
        "eu-ust-id", "mwst-id",
        "n° tva", "tva", "tva intracommunautaire", "n° tva intracommunautaire", "numéro de tva", "n° de tva", "n° tva intra", "tva intra",
        "numéro tva", "id tva", "identifiant tva", "numéro de tva intracommunautaire", "n° de tva intracommunautaire", "n° id tva",
        "matricule fiscal", "matricule fiscale", "identifiant fiscal", "n° identification tva", "numéro d'identification tva", "ice",
        "if", "n° ice", "n° tva intracom", "tva intracom", "n° intracommunautaire", "n° intracom", "intracom",
        "numéro intracommunautaire", "n° tva fr", "nif", "mf", "n° d'identification tva", "code tva", "n° d'identification à la tva",
        "num tva", "tva no", "no tva", "id ce", "n° id ce", "n° identification intracommunautaire", "n° identifiant tva",
        "code tva intracommunautaire",
        "cif", "cif/nif", "nif/cif", "n.i.f.", "c.i.f.", "nif iva", "vat es", "p.iva", "partita iva", "p. iva", "cod fisc",
        "codice fiscale", "c.f.", "p.iva/c.f.", "btw-nummer", "btw nummer", "btw nr", "btw-nr", "btw", "btw id", "btw-id",
        "btw-identificatienummer", "contribuinte", "nipc", "nº contribuinte", "cnpj", "nip", "dič", "moms nr", "org nr", "orgnr",
        "org.nr.", "cvr", "cvr-nr", "cvr nr", "nif contribuinte", "n° contribuinte", "iva", "momsreg nr", "vat/nif",
        "organisasjonsnummer", "y-tunnus", "rfc", "ruc", "nit", "cuit", "vkn", "nº iva",
        "الرقم الضريبي", "الرقم الضريبي للمورد", "رقم التسجيل الضريبي", "رقم ضريبة القيمة المضافة", "رقم التسجيل في ضريبة القيمة المضافة",
        "الرقم الضريبي للبائع", "رقم تسجيل ضريبة القيمة المضافة", "رقم ضريبي", "المعرف الجبائي", "رقم التعريف الضريبي", "التعريف الجبائي",
        "رقم التعريف الجبائي", "رقم البطاقة الضريبية", "الرقم الضريبى", "رقم تسجيل ضريبي", "المعرف الضريبي", "رقم السجل الضريبي",
    ),
    "buyer_vat": (
        "customer vat number", "customer vat no", "customer vat", "customer vat id", "buyer vat", "your vat no", "your vat number",
        "your vat id", "client vat", "customer tax id", "customer gstin", "buyer gstin", "recipient gstin", "customer trn",
        "client gstin", "customer tax number", "customer vat reg no", "buyer trn", "your vat registration number", "customer abn",
        "vat no customer", "customer vat registration number", "your tax id", "buyer's vat no", "buyer tax id", "customer's vat no",
        "ihre ust-id", "ihre ust-idnr", "ust-id kunde", "ihre ust-id-nr", "ust-idnr kunde", "ihre umsatzsteuer-id", "kunden ust-id",
        "ust-idnr des kunden", "ihre ust id nr", "kunden ust-idnr", "ihre uid", "ust-id des kunden", "kunden ust id nr", "ihre mwst nr",
        "uid kunde",
        "n° tva client", "tva client", "votre tva", "votre n° tva", "numéro de tva client", "n° tva intracommunautaire client",
        "n° tva intracom client", "n° tva du client", "tva intracommunautaire client", "votre n° de tva", "votre numéro de tva",
        "votre n° tva intracommunautaire", "client tva", "n° de tva client", "n° tva acquéreur", "tva acheteur",
        "votre tva intracommunautaire",
        "nif cliente", "cif cliente", "p.iva cliente", "btw-nummer klant", "uw btw-nummer", "uw btw nr", "contribuinte cliente",
        "v/ contribuinte", "nº contribuinte cliente", "btw nummer klant", "btw klant",
        "الرقم الضريبي للعميل", "الرقم الضريبي للمشتري", "رقم ضريبة العميل", "رقم التسجيل الضريبي للعميل",
        "رقم تسجيل ضريبة القيمة المضافة للعميل", "الرقم الضريبي للزبون", "رقم ضريبة القيمة المضافة للعميل",
    ),
    "buyer": (
        "credit to", "credited to", "billed for", "addressed to", "deliver and invoice to", "adressée à", "émise à", "établie à",
        "ausgestellt an", "gutschrift an", "صادرة إلى", "إلى السادة", "مفوترة إلى", "موجهة إلى",
        "bill to", "billed to", "invoice to", "invoiced to", "customer", "client", "buyer", "sold to", "bill-to", "customer name",
        "client name", "billing address", "to", "invoice address", "recipient", "attention", "attn", "buyer (bill to)",
        "customer details", "bill to address", "customer address", "invoice recipient", "details of receiver", "receiver",
        "billing information", "prepared for", "client details", "billed party", "bill to party", "customer information", "buyer name",
        "invoice for", "details of receiver billed to", "issued to", "account holder name", "guest name", "passenger",
        "invoicing address", "purchaser", "billing details", "invoice to address", "billing to", "charge to",
        "kunde", "käufer", "rechnungsempfänger", "rechnungsadresse", "rechnungsanschrift", "rechnung an", "empfänger", "auftraggeber",
        "leistungsempfänger", "käufer/leistungsempfänger", "an", "debitor", "herr", "frau", "firma", "herrn", "besteller",
        "kundenadresse", "käuferin",
        "facturé à", "facturer à", "adressé à", "client(e)", "destinataire", "adresse de facturation", "acheteur", "à l'attention de",
        "facture à", "nom du client", "adresse facturation", "vos coordonnées", "facturation", "adresse client", "nom client", "à",
        "coordonnées client", "preneur", "madame", "monsieur", "locataire",
        "cliente", "facturar a", "datos del cliente", "comprador", "destinatario", "intestatario", "spett.le", "spett le", "klant",
        "factuuradres", "exmo(s) senhor(es)", "exmos senhores", "dirección de facturación", "cessionario/committente", "factureren aan",
        "cessionario", "committente", "facturado a", "razón social cliente", "faturado a", "faturar a", "nabywca", "odběratel", "köpare",
        "kund",
        "العميل", "المشتري", "اسم العميل", "السادة", "فاتورة إلى", "بيانات العميل", "بيانات المشتري", "الزبون", "اسم المشتري", "إلى",
        "معلومات العميل", "معلومات المشتري", "مطلوب من السادة", "المطلوب من", "السيد", "الحريف",
    ),
    "delivery_to": (
        "ship to", "shipped to", "deliver to", "delivery address", "shipping address", "ship-to", "delivered to", "consignee",
        "shipping information", "place of delivery", "place of supply", "ship to address", "consignee (ship to)", "shipping details",
        "lieferadresse", "lieferanschrift", "warenempfänger", "lieferung an", "leistungsort", "adresse de livraison", "livré à",
        "livrer à", "lieu de livraison", "livraison à", "dirección de envío", "dirección de entrega", "destinazione merce",
        "luogo di destinazione", "afleveradres", "local de descarga", "destinazione", "leveringsadres", "lieferort", "عنوان التسليم",
        "عنوان الشحن", "التسليم إلى", "مكان التسليم",
    ),
    "vendor": (
        "rechnungsersteller", "صادرة عن", "rechnungsaussteller",
        "from", "seller", "supplier", "vendor", "sold by", "billed by", "issued by", "bill from", "company name", "payee", "account name",
        "account holder", "beneficiary", "pay to", "remit to", "service provider", "seller details", "supplier name", "seller name",
        "vendor name", "beneficiary name", "name of account", "invoice from", "make checks payable to", "make cheques payable to",
        "make all checks payable to", "make all cheques payable to", "supplier details", "ship from", "account title",
        "bank account name", "payable to", "for", "issuer", "name of seller", "remit payment to", "provider", "merchant", "legal name",
        "registered name", "our details", "billing from", "bank account holder", "cheques payable to", "sold by name",
        "verkäufer", "lieferant", "rechnungssteller", "kontoinhaber", "leistungserbringer", "absender", "anbieter", "verkauf durch",
        "aussteller", "von", "zahlungsempfänger", "verkäuferin", "vertragspartner", "auftragnehmer", "dienstleister", "kreditor",
        "inhaber",
        "vendeur", "fournisseur", "émetteur", "émis par", "vendu par", "titulaire du compte", "titulaire", "prestataire", "de",
        "bénéficiaire", "raison sociale", "expéditeur", "bailleur", "créancier", "à l'ordre de", "facturé par", "nom du titulaire",
        "libellé du compte",
        "emisor", "vendedor", "proveedor", "titular", "fornitore", "cedente/prestatore", "intestato a", "leverancier", "verkoper",
        "tenaamstelling", "t.n.v.", "fornecedor", "cedente", "prestatore", "beneficiario", "razón social", "denominazione", "emitente",
        "sprzedawca", "dodavatel", "säljare", "ten name van", "intestazione", "intestatario conto",
        "البائع", "المورد", "اسم المورد", "اسم البائع", "من", "اسم الشركة", "الشركة", "بيانات البائع", "بيانات المورد", "اسم المستفيد",
        "المستفيد", "اسم الحساب", "مقدم الخدمة", "صادرة من", "صاحب الحساب", "المزود", "اسم المنشأة", "معلومات البائع", "معلومات المورد",
    ),
    "name": (
        "name", "nom", "nombre", "nome", "naam", "الاسم", "اسم", "firma", "company", "société", "business name", "trade name",
        "razon social",
    ),
    "iban": (
        "iban", "iban no", "iban nr", "iban number", "iban code", "رقم الآيبان", "الآيبان", "آيبان", "رقم الايبان", "account no iban",
        "bank account iban",
    ),
    "currency": (
        "currency", "invoice currency", "währung", "devise", "monnaie", "moneda", "valuta", "moeda", "العملة", "عملة الفاتورة",
        "currency code", "document currency", "devise de facturation", "rechnungswährung",
    ),
    # What is none of these, so that it is not taken for one of them
    "other": (
        "customer no", "customer number", "customer id", "client no", "client number", "client id", "account no", "account number",
        "account", "order no", "order number", "order id", "order", "order date", "delivery note", "delivery date", "date of delivery",
        "delivery note no", "ship date", "shipping date", "date of supply", "supply date", "service date", "service period",
        "billing period", "period", "statement date", "statement number", "contract no", "contract", "project", "project no", "job no",
        "quote no", "quotation no", "quote", "estimate no", "transaction id", "transaction no", "payment date", "paid on", "date paid",
        "page", "phone", "tel", "telephone", "fax", "mobile", "email", "e-mail", "website", "web", "bank", "bank name", "swift", "bic",
        "bic/swift", "swift code", "swift/bic", "sort code", "routing number", "routing no", "ifsc", "ifsc code", "branch", "branch code",
        "company no", "company number", "company registration no", "company reg no", "registration no", "reg no", "registered no",
        "cr no", "c.r.", "cr number", "cin", "pan no", "hsn", "sac", "hsn/sac", "hsn code", "sales person", "salesperson", "contact",
        "sales contact", "prepared by", "payment method", "method of payment", "reference", "ref", "ref no", "our reference", "our ref",
        "our order", "delivery terms", "incoterms", "agreement ref", "your customer no", "purchase date", "order placed", "date of order",
        "dispatch date", "despatch date", "packing slip", "way bill", "e-way bill no", "irn", "ack no", "ack date", "acknowledgement no",
        "document type", "booking date", "check in", "check out", "arrival", "departure", "ticket no", "booking id", "booking no",
        "serial number", "meter no", "policy no", "state code", "state", "printed on", "print date", "date printed", "created",
        "creation date", "original invoice", "original invoice no", "original invoice number", "original invoice date", "related invoice",
        "previous invoice", "corrected invoice", "credit card", "card no", "card number", "licence no", "username", "subscription",
        "subscription id", "due in", "days due", "valid until", "start date", "end date", "from date", "to date", "date from", "date to",
        "last invoice date", "next invoice date", "duns", "duns no", "eori", "eori no", "gln", "time", "invoice period", "invoice type",
        "invoice type code", "invoicing period", "invoice address id", "invoice line", "invoice details", "invoice summary", "vat rate",
        "number of pages", "number of items", "no of items", "total quantity", "total qty", "total weight", "total hours", "total items",
        "total units", "total pages", "total points", "total packages", "amount in words", "total amount in words", "total savings",
        "tax rate", "total number of items", "net weight", "gross weight", "tax category", "tax code", "total invoices", "number of days",
        "no of days",
        "kundennummer", "kunden-nr", "kundennr", "kd-nr", "kdnr", "kunden-id", "auftragsnummer", "auftrags-nr", "auftragsnr",
        "auftragsdatum", "auftrag", "lieferdatum", "leistungsdatum", "liefer- und leistungsdatum", "liefer- bzw leistungsdatum",
        "leistungszeitraum", "lieferschein", "lieferschein-nr", "lieferscheinnummer", "lieferschein-datum", "lieferscheindatum",
        "liefertermin", "bestelldatum", "bestellung vom", "seite", "telefon", "telefax", "mobil", "fon", "e-mail", "bank", "konto",
        "konto-nr", "kontonummer", "kto", "kto nr", "blz", "bankleitzahl", "bearbeiter", "sachbearbeiter", "ansprechpartner",
        "unser zeichen", "vertrags-nr", "vertragsnummer", "vertrags-datum", "vertragsdatum", "handelsregister", "handelsregisternummer",
        "amtsgericht", "registergericht", "hrb", "hra", "geschäftsführer", "geschäftsführung", "gerichtsstand", "lief-nr",
        "lieferantennummer", "lieferanten-nr", "artikelnummer", "art-nr", "versanddatum", "zahlungsart", "zahlungsweise", "gläubiger-id",
        "mandatsreferenz", "gläubiger-identifikationsnummer", "mandat", "abrechnungszeitraum", "buchungsreferenz", "zahlungsreferenz",
        "weitere referenz", "referenz", "projekt", "projektnummer", "angebot", "angebotsnummer", "valuta datum", "druckdatum",
        "vorgangsnummer", "vorgang", "zählpunkt", "zählernummer", "kostenstelle", "abteilung", "globale nummer", "betreff", "bemerkung",
        "bemerkungen", "steuersatz", "auftrag-nr-lief", "auftrag-datum-lief", "rechnungszeitraum", "rechnungsperiode", "rechnungsart",
        "originalrechnung", "ursprungsrechnung", "rechnungsnummer original", "zu rechnung", "zur rechnung", "zu rechnungsnummer",
        "mwst satz", "ust satz", "skonto", "skontobetrag", "gesamtgewicht", "gesamtmenge", "anzahl positionen", "prüfziffer", "lieferung",
        "lieferzeitpunkt", "erstellt am", "eingangsdatum",
        "n° client", "numéro client", "code client", "no client", "numéro de client", "n° de client", "compte client", "n° de compte",
        "compte", "date de commande", "date commande", "date de livraison", "date livraison", "bon de livraison", "n° bl", "devis",
        "n° devis", "période", "siret", "siren", "rcs", "r.c.s.", "ape", "code ape", "naf", "code naf", "rc", "cnss", "patente", "tél",
        "téléphone", "mobile", "courriel", "site", "banque", "rib", "code banque", "code guichet", "clé rib", "domiciliation",
        "mode de règlement", "mode de paiement", "moyen de paiement", "date de paiement", "date de prestation", "contact commercial",
        "interlocuteur", "vendeur conseil", "notre référence", "nos réf", "nos références", "réf marché", "facture liée", "référence",
        "réf", "contrat", "n° contrat", "n° de contrat", "capital", "au capital de", "référence du contrat", "rum", "ics", "agreement",
        "facture d'origine", "facture initiale", "période de facturation", "taux tva", "taux de tva", "date de valeur",
        "date de naissance", "date d'expédition", "date de début", "date de fin", "ligne", "identifiant", "n° siret", "n° siren",
        "assuré", "facture rectifiée", "total quantité", "nombre d'articles", "poids total", "dossier", "affaire", "date de l'opération",
        "suivi par", "dont éco-participation", "éco-participation", "facture annulée",
        "nº cliente", "código cliente", "fecha de pedido", "fecha pedido", "fecha de entrega", "albarán", "teléfono", "correo", "cuenta",
        "página", "pagina", "codice cliente", "data ordine", "data consegna", "telefono", "cellulare", "banca", "conto", "klantnummer",
        "debiteurnummer", "orderdatum", "leverdatum", "ordernummer", "kvk", "kvk-nummer", "k.v.k.", "telefoon", "bankrekening",
        "nº cliente", "cód cliente", "data de entrega", "telefone", "telemóvel", "banco", "ddt", "rea", "capitale sociale", "pec",
        "codice destinatario", "sdi", "codice sdi", "fecha operación", "fecha de operación", "periodo", "número de cuenta",
        "factura rectificada", "klantnr", "relatienummer", "debiteurnr", "data vencimento documento", "data de carga", "hora",
        "data carga",
        "رقم العميل", "رقم الطلب", "تاريخ الطلب", "تاريخ التوريد", "تاريخ التسليم", "السجل التجاري", "رقم السجل التجاري", "س.ت", "هاتف",
        "الهاتف", "جوال", "الجوال", "فاكس", "البريد الإلكتروني", "الموقع", "البنك", "اسم البنك", "رقم الحساب", "الحساب", "ص.ب",
        "الرمز البريدي", "العنوان", "طريقة الدفع", "طريقة السداد", "رقم العقد", "المشروع", "مندوب المبيعات", "المرجع", "رقم المرجع",
        "الصفحة", "صفحة", "الفرع", "المدينة", "تاريخ الاستلام", "رقم الجوال", "رقم الهاتف", "نسبة الضريبة", "الوقت", "المبلغ كتابة",
        "سويفت", "رمز السويفت", "الفاتورة المرجعية", "رقم الفاتورة الأصلية", "رقم الفاتورة المرجعية", "فترة الخدمة", "سعر الصرف",
        "نوع الفاتورة", "رقم المشروع", "رقم اذن التسليم", "رقم عرض السعر",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """A label in a cell: what it names, and the part of the cell's text that it is."""

    kinds: frozenset[str]
    start: int
    end: int
    first: int  # of the cell's tokens
    last: int


@cache
def known() -> dict[str, frozenset[str]]:
    """Return what each label names, by its letters and digits alone. One may name several things."""
    found: dict[str, set[str]] = {}
    for kind, names in NAMED.items():
        for name in names:
            found.setdefault(squeezed(name), set()).add(kind)
    for bill in BILLS:
        for count in COUNTS:
            found.setdefault(squeezed(bill) + squeezed(count), set()).add("number")
    return {name: frozenset(kinds) for name, kinds in found.items() if name}


@cache
def longest() -> int:
    """Return how many letters the longest label has."""
    return max(map(len, known()))


def labels_in(tokens: Sequence[Token]) -> list[Label]:
    """Return the labels of a cell in their order, each as long as can be."""
    names, most, found = known(), longest(), []
    at = 0
    while at < len(tokens):
        squeezed_text, best = "", None
        for last in range(at, min(at + MOST_PARTS, len(tokens))):
            squeezed_text += tokens[last].text
            if len(squeezed_text) > most:
                break
            if squeezed_text in names and not is_in_code(tokens, last):
                best = last, names[squeezed_text]
        if best is None:
            at += 1
            continue
        last, kinds = best
        found.append(Label(kinds, tokens[at].start, tokens[last].end, at, last))
        at = last + 1
    return found


def is_in_code(tokens: Sequence[Token], last: int) -> bool:
    """Return whether digits follow a word at once: ``PO445`` is a number, ``PO: 445`` a label and its number."""
    if last + 1 >= len(tokens):
        return False
    token, after = tokens[last], tokens[last + 1]
    is_sign = token.end - token.start < len(token.text)
    return token.end == after.start and after.text.isdigit() and not is_sign


def of_kind(labels: Sequence[Label], *kinds: str) -> Iterator[Label]:
    """Yield the labels that may name one of some things."""
    return (label for label in labels if not label.kinds.isdisjoint(kinds))
