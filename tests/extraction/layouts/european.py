"""Layouts in French, German, Spanish, Italian and Dutch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.extraction.layouts.bills import Bill, Money, Party, line
from tests.extraction.layouts.degrading import Wear
from tests.extraction.layouts.english import columns
from tests.extraction.layouts.pieces import Facts, Head, Layout, Sums, Table

FRENCH = Money(thousands="\u00a0", point=",", after=" €")
GERMAN = Money(thousands=".", point=",", after=" €")
ATELIER = Party("Atelier Nord SARL", ("18 rue des Tanneurs", "59000 Lille"))
WERKSTATT = Party("Nordlicht Gestaltung GmbH", ("Hafenstraße 12", "24103 Kiel"))


def french_plain() -> Layout:
    bill = Bill(
        Party(
            "Menuiserie Caradec", ("4 venelle du Puits", "29200 Brest"), "FR68194973640", "FR3032454526459104444957050"
        ),
        ATELIER,
        "F2026-0187",
        date(2026, 3, 14),
        date(2026, 4, 13),
        "EUR",
        [line("Porte en chêne massif", 2, "1180.00", 20), line("Pose et ajustage (heures)", "7.5", "48.00", 20)],
        FRENCH,
        "%d/%m/%Y",
    )
    return Layout(
        "french-plain",
        bill,
        Facts([("Facture n°", "number"), ("Date :", "day"), ("Échéance :", "due")], x=350, y=140, reach=70),
        Table(
            columns(
                ("Désignation", "text", 250),
                ("Qté", "quantity", 60),
                ("P.U. HT", "price", 85),
                ("Montant HT", "amount", 100),
            )
        ),
        Sums([("Total HT", "subtotal"), ("TVA 20 %", "tax"), ("Total TTC", "total")]),
        title="FACTURE",
        title_at=(350, 110, 18),
        buyer=("Client", 50, 160),
        foot=[
            ["Menuiserie Caradec, SARL au capital de 8 000 €"],
            ["SIRET 194 973 640 00012", "TVA intracom. FR 68 194973640"],
            ["IBAN FR30 3245 4526 4591 0444 4957 050"],
        ],
    )


def french_two_rates() -> Layout:
    bill = Bill(
        Party("Au Four de Sainte-Anne", ("2 place du Marché", "35500 Vitré"), "FR70861303824"),
        ATELIER,
        "2026/11/042",
        date(2026, 11, 5),
        date(2026, 12, 5),
        "EUR",
        [
            line("Plateau-repas traditionnel", 24, "14.90", 10),
            line("Pain de campagne", 12, "4.20", "5.5"),
            line("Vin rouge 75 cl", 6, "9.50", 20),
        ],
        FRENCH,
        "%-d {fr} %Y",
    )
    return Layout(
        "french-three-rates-sentence",
        bill,
        Facts(
            [("Facture n°", "=2026/11/042 du 5 novembre 2026"), ("À régler avant le", "due")],
            kind="said",
            x=50,
            y=250,
            size=12,
            bold=True,
        ),
        Table(
            columns(
                ("Libellé", "text", 240),
                ("Quantité", "quantity", 70),
                ("Prix unitaire", "price+", 85),
                ("TVA", "rate", 45),
                ("Total HT", "amount+", 85),
            ),
            kind="striped",
            y=310,
        ),
        Sums(
            [
                ("Total hors taxes", "subtotal"),
                ("TVA à 5,5 %", "tax@5.5"),
                ("TVA à 10 %", "tax@10"),
                ("TVA à 20 %", "tax@20"),
                ("Net à payer", "total"),
            ],
            x=330,
        ),
        head=Head("centre", 18, says=("N° TVA : FR70861303824",)),
        buyer=("Adressée à", 350, 160),
        notes=["Pas d'escompte pour paiement anticipé. Indemnité forfaitaire pour frais de recouvrement : 40 €."],
        family="times",
        wear=Wear(dpi=200, skew=0.7),
    )


def french_micro() -> Layout:
    bill = Bill(
        Party("Elsa Marchetti", ("27 impasse des Glycines", "13005 Marseille")),
        Party("Studio Calanque", ("8 quai du Port", "13002 Marseille")),
        "EM-26-09",
        date(2026, 9, 30),
        date(2026, 10, 30),
        "EUR",
        [line("Traduction italien-français, mots", 6400, "0.11"), line("Relecture, heures", 3, "38.00")],
        Money(thousands=" ", point=",", after=" EUR"),
        "%d.%m.%Y",
        untaxed=True,
    )
    return Layout(
        "french-no-tax",
        bill,
        Facts(
            [("Numéro", "number"), ("Émise le", "day"), ("Payable jusqu'au", "due")],
            kind="above",
            x=50,
            y=270,
            reach=130,
        ),
        Table(
            columns(
                ("Prestation", "text", 270),
                ("Nombre", "quantity", 60),
                ("Tarif", "price", 70),
                ("Montant", "amount", 95),
            ),
            y=330,
        ),
        Sums([("À payer", "total")], x=380),
        title="Facture",
        title_at=(50, 235, 22),
        head=Head("right", 12, says=("SIRET 520 111 222 00017",)),
        buyer=("", 50, 140),
        notes=["TVA non applicable, art. 293 B du CGI."],
    )


def french_credit() -> Layout:
    bill = Bill(
        Party("Les Caves du Vexin", ("ZA des Marronniers", "95450 Vigny"), "FR78747349520"),
        ATELIER,
        "AV-000412",
        date(2026, 5, 18),
        None,
        "EUR",
        [line("Retour : caisses consignées", 8, "6.00", 20), line("Remise sur livraison du 4 mai", 1, "120.00", 20)],
        Money(thousands=".", point=",", after=" €"),
        "%d-%m-%Y",
    )
    return Layout(
        "french-credit-note",
        bill,
        Facts(
            [("Avoir N°", "number"), ("Date de l'avoir", "day"), ("Facture d'origine", "=FA-003977")],
            kind="boxed",
            x=250,
            y=150,
            reach=98,
        ),
        Table(
            columns(
                ("Réf.", "at", 40),
                ("Objet", "text", 240),
                ("Qté", "quantity", 50),
                ("PU", "price", 70),
                ("Total", "amount", 95),
            ),
            kind="grid",
        ),
        Sums([("Montant HT", "subtotal"), ("TVA (20,00 %)", "tax"), ("Montant TTC", "total")], kind="boxed"),
        title="AVOIR",
        title_at=(250, 115, 20),
        head=Head("left", 15, apart=True),
        buyer=("Client", 50, 170),
        foot=[["Les Caves du Vexin", "95450 Vigny"], ["N° TVA FR78747349520", "RCS Pontoise"]],
        wear=Wear(dpi=150, skew=0.3, noise=10),
    )


def moroccan() -> Layout:
    bill = Bill(
        Party("Zellige Atlas SARL", ("Quartier industriel Sidi Ghanem", "Marrakech"), "001523844000067"),
        Party("Riad Bab Doukkala", ("Médina, Marrakech",), "ICE : 002200119000034"),
        "FC 26/0311",
        date(2026, 4, 2),
        date(2026, 6, 1),
        "MAD",
        [
            line("Zellige 10 x 10 vert, m²", 38, "640.00", 20),
            line("Bejmat blanc, m²", "12.5", "410.00", 20),
            line("Livraison", 1, "500.00", 20),
        ],
        Money(thousands=" ", point=",", after=" DH"),
        "%d/%m/%y",
    )
    return Layout(
        "moroccan-dirhams",
        bill,
        Facts(
            [
                ("Facture N° :", "number"),
                ("Date :", "day"),
                ("Date d'échéance :", "due"),
                ("ICE :", "=001523844000067"),
            ],
            x=340,
            y=140,
            reach=90,
        ),
        Table(
            columns(
                ("Désignation", "text", 240),
                ("Qté", "quantity", 60),
                ("PU HT", "price", 85),
                ("Total HT", "amount", 110),
            ),
            kind="grid",
        ),
        Sums([("TOTAL HT", "subtotal#"), ("TVA 20%", "tax#"), ("TOTAL TTC (MAD)", "total#")], kind="boxed"),
        title="FACTURE",
        head=Head("left", 17),
        buyer=("Client :", 50, 170),
        notes=["Arrêtée la présente facture à la somme indiquée ci-dessus, toutes taxes comprises."],
    )


def german_plain() -> Layout:
    bill = Bill(
        Party("Bäckerei Lindenhof", ("Am Anger 3", "99084 Erfurt"), "DE193036426", "DE40618143618441367094"),
        WERKSTATT,
        "RE-2026-1044",
        date(2026, 6, 3),
        date(2026, 6, 17),
        "EUR",
        [
            line("Blechkuchen, ganzes Blech", 6, "38.50", 7),
            line("Belegte Brötchen", 120, "2.35", 7),
            line("Geschirrverleih, pauschal", 1, "75.00", 19),
        ],
        GERMAN,
        "%d.%m.%Y",
    )
    return Layout(
        "german-window",
        bill,
        Facts(
            [
                ("Rechnungsnummer", "number"),
                ("Rechnungsdatum", "day"),
                ("Kundennummer", "=20871"),
                ("Zahlbar bis", "due"),
            ],
            x=360,
            y=140,
            reach=95,
        ),
        Table(
            columns(
                ("Pos.", "at", 35),
                ("Bezeichnung", "text", 215),
                ("Menge", "quantity", 55),
                ("Einzelpreis", "price+", 75),
                ("MwSt.", "rate", 45),
                ("Gesamt", "amount+", 80),
            ),
            y=320,
        ),
        Sums(
            [
                ("Nettobetrag", "subtotal"),
                ("zzgl. 7 % MwSt.", "tax@7"),
                ("zzgl. 19 % MwSt.", "tax@19"),
                ("Rechnungsbetrag", "total"),
            ],
            x=340,
        ),
        title="Rechnung",
        title_at=(50, 285, 18),
        head=Head("window"),
        buyer=("", 50, 150),
        foot=[
            ["Bäckerei Lindenhof", "Am Anger 3, 99084 Erfurt"],
            ["USt-IdNr. DE193036426", "Steuer-Nr. 151/222/33344"],
            ["IBAN DE40 6181 4361 8441 3670 94"],
        ],
        wear=Wear(dpi=150, skew=-0.5),
    )


def german_sentence() -> Layout:
    bill = Bill(
        Party("Ingenieurbüro Falkner", ("Schlossgasse 9", "01067 Dresden"), "DE173235713"),
        WERKSTATT,
        "0326/B",
        date(2026, 3, 26),
        None,
        "EUR",
        [
            line(
                "Statische Berechnung Dachstuhl",
                1,
                "2850.00",
                19,
                more=["Bauvorhaben Hafenstraße 12", "nach DIN EN 1995-1-1"],
            ),
            line("Ortstermin", 2, "190.00", 19),
        ],
        GERMAN,
        "%-d. {de} %Y",
        more={"due_date": ...},  # it may be reckoned from the fourteen days
    )
    return Layout(
        "german-letter",
        bill,
        Facts([("Rechnung Nr.", "=0326/B vom 26. März 2026")], kind="said", x=50, y=280, size=13, bold=True),
        Table(
            columns(("Leistung", "text", 280), ("Anz.", "quantity", 50), ("à EUR", "price", 75), ("EUR", "amount", 90)),
            y=340,
        ),
        Sums([("Summe netto", "subtotal"), ("Umsatzsteuer 19 %", "tax"), ("Endbetrag", "total")], x=330),
        head=Head("right", 13, says=("Telefon 0351 000 000", "USt-ID: DE173235713")),
        buyer=("", 50, 160),
        loose=[(50, 310, 9, "Für unsere Arbeit erlauben wir uns zu berechnen:")],
        notes=["Bitte überweisen Sie den Betrag innerhalb von 14 Tagen ohne Abzug.", "Ihr Falkner"],
        family="times",
    )


def german_gross() -> Layout:
    bill = Bill(
        Party("Spielwaren Kobold", ("Marktplatz 1", "73525 Schwäbisch Gmünd"), "DE146961936"),
        Party("Familie Brandt", ("Gartenweg 5", "70173 Stuttgart")),
        "K-889120",
        date(2026, 12, 11),
        None,
        "EUR",
        [line("Holzeisenbahn Grundpackung", 1, "89.95", 19), line("Bilderbuch Der kleine Igel", 2, "14.00", 7)],
        Money(thousands=".", point=",", after=" EUR"),
        "%d.%m.%y",
        gross=True,
    )
    return Layout(
        "german-gross-prices",
        bill,
        Facts([("Beleg-Nr.:", "number"), ("Datum:", "day")], kind="ends", x=380, y=130, reach=165),
        Table(
            columns(
                ("Artikel", "text", 270), ("Anzahl", "quantity", 60), ("Preis", "price", 75), ("Summe", "amount", 90)
            ),
            kind="grey",
        ),
        Sums(
            [
                ("Gesamtbetrag", "total"),
                ("darin 19 % MwSt.", "tax@19"),
                ("darin 7 % MwSt.", "tax@7"),
                ("Nettowarenwert", "subtotal"),
            ],
            x=330,
            kind="plain",
        ),
        title="Rechnung",
        head=Head("left", 18, says=("Steuernummer/USt-IdNr.: DE146961936",)),
        buyer=("Rechnung an", 50, 170),
        notes=["Betrag dankend per Karte erhalten am 11.12.26"],
        family="courier",
        wear=Wear(dpi=200, quality=None, noise=0),
    )


def austrian() -> Layout:
    bill = Bill(
        Party("Almkäserei Hochtal OG", ("Dorf 44", "6867 Schwarzenberg"), "ATU98960428", "AT039517751801261407"),
        WERKSTATT,
        "AR260558",
        date(2026, 7, 20),
        date(2026, 8, 3),
        "EUR",
        [line("Bergkäse 12 Monate, kg", "18.4", "19.80", 10), line("Versand gekühlt", 1, "24.00", 20)],
        Money(thousands=".", point=",", before="€ "),
        "%-d.%-m.%Y",
        discount=Decimal("20.00"),
    )
    return Layout(
        "austrian-discount",
        bill,
        Facts(
            [("Rechnungs-Nr", "number"), ("Datum", "day"), ("Fällig am", "due"), ("UID", "=ATU98960428")],
            kind="above",
            x=50,
            y=250,
            reach=115,
        ),
        Table(
            columns(
                ("Artikel", "text", 250), ("Menge", "quantity", 70), ("Preis", "price", 80), ("Betrag", "amount", 95)
            ),
            y=310,
        ),
        Sums(
            [
                ("Zwischensumme", "sum"),
                ("Rabatt", "discount"),
                ("Summe exkl. USt", "subtotal"),
                ("+ 10 % USt", "tax@10"),
                ("+ 20 % USt", "tax@20"),
                ("Summe inkl. USt", "total"),
            ],
            x=330,
        ),
        title="RECHNUNG",
        title_at=(50, 220, 16),
        head=Head("centre", 20),
        buyer=("", 50, 140),
        notes=["Bankverbindung: AT03 9517 7518 0126 1407"],
    )


def swiss() -> Layout:
    bill = Bill(
        Party("Velo Zumstein AG", ("Seefeldstrasse 88", "8008 Zürich"), "CHE-406.024.366", "CH4500762362675704780"),
        Party("Gemeinde Erlenbach", ("Dorfstrasse 10", "8703 Erlenbach")),
        "44 / 2026",
        date(2026, 5, 6),
        date(2026, 6, 5),
        "CHF",
        [line("Dienstvelo Modell Stadt", 4, "1490.00", "8.1"), line("Jahresservice", 4, "95.00", "8.1")],
        Money(thousands="'"),
        "%d. {de} %Y",
    )
    return Layout(
        "swiss-apostrophes",
        bill,
        Facts(
            [("Rechnung", "number"), ("Datum", "day"), ("Zahlbar bis", "due"), ("MWST-Nr.", "=CHE-406.024.366 MWST")],
            x=330,
            y=140,
            reach=80,
        ),
        Table(
            columns(
                ("Beschreibung", "text", 260),
                ("Anzahl", "quantity", 60),
                ("Preis CHF", "price", 80),
                ("Total CHF", "amount", 95),
            )
        ),
        Sums([("Total exkl. MWST", "subtotal"), ("MWST 8.1%", "tax"), ("Total CHF inkl. MWST", "total")], x=320),
        title="Rechnung",
        buyer=("", 50, 160),
        wear=Wear(dpi=200, skew=1.3),
    )


def spanish() -> Layout:
    bill = Bill(
        Party(
            "Olivares del Sur S.L.",
            ("Camino de la Ermita, s/n", "23400 Úbeda (Jaén)"),
            "B27322338",
            "ES3199144915194082911349",
        ),
        Party("Mercado Central Hostelería S.A.", ("Gran Vía 20", "28013 Madrid"), "CIF: A58818501"),
        "A/1207",
        date(2026, 1, 15),
        date(2026, 2, 14),
        "EUR",
        [
            line("Aceite de oliva virgen extra 5 L", 40, "38.75", 4),
            line("Aceitunas aliñadas, cubo 3 kg", 15, "17.20", 10),
        ],
        Money(thousands=".", point=",", after="€"),
        "%d de {es} de %Y",
    )
    return Layout(
        "spanish-two-rates",
        bill,
        Facts([("Nº Factura:", "number"), ("Fecha:", "day"), ("Vencimiento:", "due")], x=330, y=150, reach=75),
        Table(
            columns(
                ("Concepto", "text", 240),
                ("Uds.", "quantity", 55),
                ("Precio", "price", 65),
                ("IVA", "rate%", 50),
                ("Importe", "amount", 85),
            ),
            kind="grey",
        ),
        Sums(
            [("Base imponible", "subtotal"), ("IVA 4%", "tax@4"), ("IVA 10%", "tax@10"), ("TOTAL FACTURA", "total")],
            x=350,
        ),
        title="FACTURA",
        head=Head("left", 16, says=("C.I.F. B27322338",)),
        buyer=("Cliente", 50, 165),
        notes=["Forma de pago: transferencia a ES31 9914 4915 1940 8291 1349"],
        wear=Wear(dpi=150, skew=-0.9),
    )


def spanish_withheld() -> Layout:
    bill = Bill(
        Party("Clínica Veterinaria Els Pins", ("Carrer Major 31", "17001 Girona"), "B39822366"),
        Party("Refugio Can Boix", ("Ctra. Vella 2", "17002 Girona")),
        "VET-2026/77",
        date(2026, 10, 8),
        None,
        "EUR",
        [
            line("Vacunación polivalente", 9, "32.00", 21),
            line("Esterilización", 2, "145.00", 21),
            line("Microchip e inscripción", 4, "38.50", 21),
        ],
        Money(thousands=" ", point=",", after=" €"),
        "%d-%m-%Y",
    )
    return Layout(
        "spanish-sums-beside",
        bill,
        Facts(
            [("Factura", "number"), ("Fecha de expedición", "day"), ("N.I.F. emisor", "=B39822366")],
            kind="boxed",
            x=54,
            y=240,
            reach=160,
        ),
        Table(
            columns(
                ("Descripción", "text", 270),
                ("Cantidad", "quantity", 60),
                ("P. unitario", "price", 75),
                ("Total", "amount", 90),
            ),
            y=310,
        ),
        Sums(
            [("BASE", "subtotal"), ("TIPO IVA", "=21 %"), ("CUOTA IVA", "tax"), ("TOTAL", "total")],
            kind="beside",
            x=50,
            end=545,
            size=11,
            y=620,
        ),
        head=Head("centre", 17),
        buyer=("Facturar a", 50, 150),
    )


def italian() -> Layout:
    bill = Bill(
        Party(
            "Torrefazione Bellacqua S.r.l.",
            ("Via dei Mulini 6", "34121 Trieste"),
            "IT08886650970",
            "IT10X0675902584737906427216",
        ),
        Party("Hotel Miramonti", ("Viale Stazione 1", "39100 Bolzano"), "P.IVA 00123456789"),
        "118/2026",
        date(2026, 2, 27),
        date(2026, 3, 29),
        "EUR",
        [line("Miscela bar 1 kg", 60, "15.40", 22), line("Decaffeinato 500 g", 12, "9.10", 22)],
        Money(thousands=".", point=",", before="€ "),
        "%d {it} %Y",
    )
    return Layout(
        "italian-plain",
        bill,
        Facts([("Fattura n.", "number"), ("Data", "day"), ("Scadenza", "due")], kind="below", x=330, y=140, reach=80),
        Table(
            columns(
                ("Descrizione", "text", 250),
                ("Q.tà", "quantity", 60),
                ("Prezzo", "price", 80),
                ("Importo", "amount", 105),
            ),
            kind="grid",
        ),
        Sums([("Imponibile", "subtotal"), ("IVA 22%", "tax"), ("Totale fattura", "total")]),
        title="FATTURA",
        title_at=(330, 115, 16),
        head=Head("left", 14, says=("P. IVA IT08886650970",)),
        buyer=("Spett.le", 50, 165),
        foot=[["Pagamento: bonifico bancario"], ["IBAN IT10X0675902584737906427216"]],
        family="times",
    )


def italian_split() -> Layout:
    bill = Bill(
        Party("Officine Grafiche Rovere snc", ("Via Cavour 120", "10123 Torino"), "01044490827"),
        Party("Teatro Vecchio", ("Piazza Teatro 1", "10100 Torino")),
        "FT-45",
        date(2026, 9, 12),
        date(2026, 11, 30),
        "EUR",
        [line("Stampa locandine 70x100", 350, "1.18", 22), line("Libretti di sala, 24 pag.", 1200, "0.865", 4)],
        Money(thousands=".", point=",", after=""),
        "%d/%m/%Y",
    )
    return Layout(
        "italian-tax-table",
        bill,
        Facts(
            [("Documento n°", "number"), ("del", "day"), ("Scadenza pagamento", "due"), ("Valuta", "=EUR")],
            x=330,
            y=140,
            reach=110,
        ),
        Table(
            columns(
                ("Cod.", "at", 35),
                ("Descrizione", "text", 230),
                ("Qtà", "quantity", 55),
                ("Prezzo un.", "price", 70),
                ("% IVA", "rate", 40),
                ("Totale", "amount", 65),
            ),
            kind="striped",
        ),
        Sums(
            [("Totale imponibile", "subtotal"), ("Totale imposta", "tax"), ("Totale documento", "total")],
            x=340,
            kind="boxed",
        ),
        title="Fattura immediata",
        title_at=(330, 115, 13),
        head=Head("left", 13, says=("Partita IVA 01044490827", "C.F. 01044490827")),
        buyer=("Destinatario", 50, 165),
        loose=[(50, 640, 8, "Riepilogo IVA: aliquota 22% e aliquota 4%")],
    )


def dutch() -> Layout:
    bill = Bill(
        Party(
            "Fietskoerier Maasstad",
            ("Witte de Withstraat 7", "3012 BK Rotterdam"),
            "NL244003804B01",
            "NL41RABO9507434723",
        ),
        Party("Apotheek De Linde", ("Lindelaan 2", "3034 CE Rotterdam")),
        "20260091",
        date(2026, 8, 31),
        date(2026, 9, 14),
        "EUR",
        [
            line("Bezorgingen augustus", 212, "4.75", 21),
            line("Spoedrit", 7, "12.50", 21),
            line("Weekendtoeslag", 1, "65.00", 21),
        ],
        Money(thousands=".", point=",", before="€ "),
        "%d-%m-%Y",
    )
    return Layout(
        "dutch-plain",
        bill,
        Facts(
            [("Factuurnummer", "number"), ("Factuurdatum", "day"), ("Vervaldatum", "due"), ("Klantnummer", "=C-118")],
            x=340,
            y=140,
            reach=90,
        ),
        Table(
            columns(
                ("Omschrijving", "text", 260),
                ("Aantal", "quantity", 60),
                ("Tarief", "price+", 80),
                ("Bedrag", "amount+", 95),
            )
        ),
        Sums([("Subtotaal", "subtotal"), ("21% btw", "tax"), ("Totaal te betalen", "total")]),
        title="FACTUUR",
        head=Head("right", 16),
        title_at=(50, 130, 18),
        buyer=("Aan", 50, 170),
        foot=[["KvK 24400380", "BTW-nr. NL244003804B01"], ["IBAN NL41 RABO 9507 4347 23"]],
        wear=Wear(dpi=150, skew=0.6, stamped=True),
    )


def belgian() -> Layout:
    bill = Bill(
        Party("Brouwerij 't Zoet Water bv", ("Molenstraat 15", "9000 Gent"), "BE0760427738", "BE70924652562180"),
        Party("Café Le Passage", ("Rue Haute 3", "1000 Bruxelles")),
        "VF26-00630",
        date(2026, 4, 28),
        date(2026, 5, 28),
        "EUR",
        [line("Tripel 24 x 33 cl", 15, "31.20", 21), line("Leeggoed bakken", 15, "4.50", 0)],
        Money(thousands=".", point=",", after=" EUR"),
        "%d {nl} %Y",
    )
    return Layout(
        "belgian-two-languages",
        bill,
        Facts(
            [("Factuur nr. / Facture n°", "number"), ("Datum / Date", "day"), ("Vervaldag / Échéance", "due")],
            x=300,
            y=140,
            reach=130,
        ),
        Table(
            columns(
                ("Omschrijving / Description", "text", 245),
                ("Aantal / Qté", "quantity", 80),
                ("Prijs / Prix", "price", 75),
                ("Bedrag / Montant", "amount", 95),
            ),
            size=8,
        ),
        Sums([("Netto / Net", "subtotal"), ("BTW / TVA 21 %", "tax"), ("Totaal / Total", "total")], x=340),
        title="FACTUUR / FACTURE",
        title_at=(300, 115, 13),
        head=Head("left", 15),
        buyer=("Klant / Client", 50, 165),
        foot=[["BTW / TVA BE 0760.427.738"], ["IBAN BE70 9246 5256 2180"]],
    )


def german_many_days() -> Layout:
    bill = Bill(
        Party(
            "Gerüstbau Ziegler e. K.", ("Industriering 17", "90431 Nürnberg"), "DE146961936", "DE40618143618441367094"
        ),
        WERKSTATT,
        "G 26-118",
        date(2026, 10, 30),
        date(2026, 11, 13),
        "EUR",
        [
            line("Fassadengerüst, m²", 420, "7.80", 19),
            line("Vorhaltung je Woche, m²", 1680, "0.55", 19),
            line("An- und Abfahrt", 2, "85.00", 19),
        ],
        GERMAN,
        "%d.%m.%Y",
    )
    return Layout(
        "german-many-days",
        bill,
        Facts(
            [
                ("Ihre Bestellung vom", "=02.09.2026"),
                ("Leistungszeitraum", "=07.09.2026 - 16.10.2026"),
                ("Rechnungs-Nr.", "number"),
                ("Rechnungsdatum", "day"),
                ("Fällig bis", "due"),
                ("Unser Zeichen", "=ZG/kl 4471"),
            ],
            kind="ends",
            x=330,
            y=120,
            reach=215,
        ),
        Table(
            columns(
                ("Nr.", "at", 30),
                ("Leistung", "text", 225),
                ("Menge", "quantity", 65),
                ("EP", "price", 75),
                ("GP", "amount", 100),
            ),
            y=300,
        ),
        Sums(
            [("Netto", "subtotal"), ("MwSt. 19,0 %", "tax"), ("Brutto", "total"), ("Zahlbetrag", "total")],
            x=350,
            kind="boxed",
        ),
        title="Schlussrechnung",
        title_at=(50, 260, 15),
        head=Head("foot"),
        buyer=("", 50, 150),
        foot=[
            ["Gerüstbau Ziegler e. K.", "Industriering 17, 90431 Nürnberg"],
            ["USt-IdNr. DE146961936"],
            ["DE40 6181 4361 8441 3670 94"],
        ],
        notes=["Zahlbar bis 06.11.2026 mit 2 % Skonto."],
    )


LAYOUTS = (
    french_plain,
    french_two_rates,
    french_micro,
    french_credit,
    moroccan,
    german_plain,
    german_sentence,
    german_gross,
    german_many_days,
    austrian,
    swiss,
    spanish,
    spanish_withheld,
    italian,
    italian_split,
    dutch,
    belgian,
)
