"""Who is who on an invoice: names, numbers and domains as they are compared, and which of them are our own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from stdnum import iban
from stdnum.exceptions import InvalidComponent, ValidationError
from stdnum.iso7064 import mod_97_10

from extraction.domain.locating.sheet import RUN, plain
from extraction.intake.words import PageWords

WORDS: Final = re.compile(r"\S+")
LEGAL_FORMS: Final = frozenset(
    WORDS.findall(
        "ab ag aps as bv bvba co company corp corporation doo dba ek est establishment eurl ev fze fzco fzllc gbr gmbh inc "
        "incorporated kft kg kgaa llc llp limited ltd ltda lda mbh nv ohg oy plc private pte pty pvt sa sae sal saoc sarl sarlau "
        "sas sasu sc scs sl slu snc spa spzoo srl srls sro ug und "
        "شركه مؤسسه موسسه المحدوده محدوده ذمم شذمم شمم شم"
    )
)
SECOND_LEVEL: Final = frozenset(WORDS.findall("ac asso co com edu gob gouv gov ne net or org"))
# Hosts of anybody's mail and pages: they tell nothing of whose paper it is
SHARED_DOMAINS: Final = frozenset(
    WORDS.findall(
        "aol.com bbox.fr bluewin.ch facebook.com fb.com free.fr freenet.de github.com gmail.com gmx.at gmx.ch gmx.com gmx.de "
        "gmx.fr gmx.net goo.gl google.com googlemail.com hotmail.co.uk hotmail.com hotmail.de hotmail.fr hotmail.it icloud.com "
        "instagram.com laposte.net libero.it linkedin.com live.co.uk live.com live.fr mac.com mail.com mail.ru mailbox.org "
        "maktoob.com me.com menara.ma msn.com numericable.fr orange.fr outlook.com outlook.de outlook.fr outlook.sa "
        "paypal.com paypal.me pinterest.com posteo.de proton.me protonmail.com qq.com rediffmail.com sfr.fr stripe.com "
        "t-online.de tiktok.com tutanota.com twitter.com vimeo.com wa.me wanadoo.fr web.de whatsapp.com x.com yahoo.ca "
        "yahoo.co.in yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com youtube.com zoho.com"
    )
)
DOMAIN: Final = re.compile(r"(?:@|https?://|www\.)(?:www\.)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?![\w@-])")
LEAST_NUMBER: Final = 6  # characters of a number that tells somebody apart
LEAST_SEEN, LEAST_DIGITS = 8, 6  # of a number that tells somebody apart wherever it stands
MOST_NUMBERS: Final = 400
IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
IBAN_LIKE: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}")


def compact(text: str | None) -> str:
    """Return a number of a register without separators, in capitals."""
    return "".join(RUN.findall(plain(text or ""))).upper()


def name_key(name: str | None) -> str:
    """Return a name as names are compared: without case, signs and legal form."""
    words: list[str] = []
    for is_letter, group in groupby(RUN.findall(plain(name or "")), key=lambda run: len(run) == 1):
        runs = list(group)
        words += ["".join(runs)] if is_letter else runs  # S.A.R.L. is SARL
    return " ".join([word for word in words if word not in LEGAL_FORMS] or words)


def number_keys(number: str | None) -> frozenset[str]:
    """Return by what a tax number is compared: itself, and without the letters of its country."""
    key = compact(number)
    if len(key) < LEAST_NUMBER:
        return frozenset()
    return frozenset({key, key[2:] if key[:2].isalpha() and key[2:].isdigit() and len(key) > 8 else key})


def same_number(one: str | None, other: str | None) -> bool:
    """Return whether two tax numbers are one."""
    return bool(number_keys(one) & number_keys(other))


def iban_holds(text: str) -> bool:
    """Return whether an IBAN's form and check digits hold; of a country outside SWIFT's registry, its check digits alone.

    Morocco and Algeria, for two, print IBANs without being registered there.
    """
    key = compact(text)
    if IBAN.fullmatch(key) is None:
        return False
    try:
        iban.validate(key)
    except InvalidComponent:
        return bool(mod_97_10.is_valid(key[4:] + key[:4]))
    except ValidationError:
        return False
    return True


def ibans_in(text: str) -> frozenset[str]:
    """Return the IBANs that a free text holds."""
    found = set()
    for match in IBAN_LIKE.finditer(text.upper()):
        written = match[0].replace(" ", "")
        # What follows may be taken along: the check digits say where it ends.
        found |= {written[:end] for end in range(15, len(written) + 1) if iban_holds(written[:end])}
    return frozenset(found)


def registered(domain: str) -> str:
    """Return the part of a domain that somebody registered: ``example.co.uk`` of ``mail.example.co.uk``."""
    labels = domain.casefold().rstrip(".").split(".")
    is_deeper = len(labels) > 2 and labels[-2] in SECOND_LEVEL and len(labels[-1]) == 2
    return ".".join(labels[-3:] if is_deeper else labels[-2:])


def own_domains(addresses: Iterable[str]) -> frozenset[str]:
    """Return the domains of mail and web addresses, without those that anybody's mail may have."""
    found = {registered(match[1]) for address in addresses for match in DOMAIN.finditer(address.casefold())}
    return frozenset(found - SHARED_DOMAINS)


def domains_on(pages: Sequence[PageWords]) -> list[str]:
    """Return the domains of the mail and web addresses on pages, the most frequent first."""
    found: Counter[str] = Counter()
    for page in pages:
        for word in page.words:
            text = word.text
            if "." in text and ("@" in text or "www." in text.casefold() or "://" in text):
                found.update(registered(match[1]) for match in DOMAIN.finditer(plain(text)))
    return [domain for domain, _count in found.most_common() if domain not in SHARED_DOMAINS]


def numbers_on(pages: Sequence[PageWords]) -> list[str]:
    """Return what may be a tax number or an IBAN on pages, the first few hundred, as numbers are compared."""
    found: dict[str, None] = {}
    for page in pages:
        texts = [word.text for word in page.words]
        found |= dict.fromkeys(sorted(ibans_in(" ".join(texts))))
        for text in texts:
            if len(text) >= LEAST_SEEN and sum(map(str.isdigit, text)) >= LEAST_DIGITS:
                keys = number_keys(text.rpartition(":")[2])
                found |= dict.fromkeys(sorted(key for key in keys if len(key) >= LEAST_SEEN))
        if len(found) >= MOST_NUMBERS:
            break
    return list(found)[:MOST_NUMBERS]


def telling_domain(domains: Sequence[str], name: str) -> str:
    """Return the domain by which a vendor may be known again: the one like its name, else the only one, else none."""
    letters = name_key(name).replace(" ", "")
    first = name_key(name).split(" ")[0]
    for domain in domains:
        label = domain.split(".")[0].replace("-", "")
        if len(label) > 2 and (label in letters or (len(first) > 3 and first in label)):
            return domain
    return domains[0] if len(domains) == 1 else ""


@dataclass(frozen=True, slots=True)
class Ourselves:
    """By what our own business is known on a paper."""

    names: frozenset[str]
    numbers: frozenset[str]
    ibans: frozenset[str]
    domains: frozenset[str]

    def has_name(self, name: str | None) -> bool:
        """Return whether a name is ours."""
        return name_key(name) in self.names

    def has_number(self, number: str | None) -> bool:
        """Return whether a tax number is ours."""
        return not self.numbers.isdisjoint(number_keys(number))
