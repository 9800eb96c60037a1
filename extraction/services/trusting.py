"""How far what was read is to be believed: whose paper it is, what holds of it, and where its values stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from extraction import reconcile
from extraction.domain.confidence import Evidence, confidence_of
from extraction.domain.locating.places import locate
from extraction.domain.locating.sheet import Place, Sheet
from extraction.domain.parties import Ourselves, compact, domains_on, numbers_on
from extraction.intake.words import PageWords
from extraction.models import Document
from extraction.queries import Known, checks_against_others, ourselves, vendor_known
from extraction.reconcile import Check

# What a check says of the reading itself stays as it was, whatever a person changes afterwards
MARKS: Final = ("vendor_tax_id", "vendor_iban")
OF_READING: Final = ("known_vendor", "not_ourselves", "xml_matches_page")


@dataclass(frozen=True)
class Judging:
    """A document's data being judged, by its pages and by what else the business has. ``values`` is loaded data."""

    document: Document
    values: Mapping[str, Any]
    pages: Sequence[PageWords]
    sheet: Sheet

    @cached_property
    def places(self) -> dict[str, Place] | None:
        """Where the values stand; None where the pages have too few words to judge by."""
        return locate(self.values, self.sheet) if self.sheet.is_judged else None

    @cached_property
    def us(self) -> Ourselves:
        """By what our own business is known."""
        return ourselves(self.document.business)

    @cached_property
    def domains(self) -> list[str]:
        """The domains on the pages that are not our own."""
        return [domain for domain in domains_on(self.pages) if domain not in self.us.domains]

    @cached_property
    def known(self) -> Known | None:
        """The vendor, where it was verified before; by marks that stand on the pages, as far as these can be judged."""
        marks = {name: self.values[name] for name in MARKS}
        if self.sheet.is_judged:
            printed = locate(marks, self.sheet)
            marks = {name: value if name in printed else None for name, value in marks.items()}
        others = (
            [] if any(marks.values()) else [each for each in numbers_on(self.pages) if not self.us.has_number(each)]
        )
        business_id = self.document.business_id
        return vendor_known(business_id=business_id, data=marks, domains=self.domains, numbers=others)

    def look_up(self) -> None:
        """Find out now what takes time."""
        for slow in ("places", "known"):
            getattr(self, slow)

    def checks(self) -> list[Check]:
        """Return what holds and what does not, now."""
        of_others = checks_against_others(self.document, self.values, self.known)
        return [*reconcile.checks_of(self.values), *reconcile.page_checks(self.pages), *of_others]

    def confidence(
        self, checks: Iterable[Check], evidence: Evidence, by_person: Iterable[str] = ()
    ) -> dict[str, dict[str, Any]]:
        """Return the confidence of each value."""
        holds = {check.name: check.ok for check in checks}
        return confidence_of(self.values, holds, evidence, self.places, by_person=by_person)


def with_parties(judging: Judging) -> tuple[Judging, list[Check], str]:
    """Return what was read with its vendor put right, the checks that say so, and by what the vendor is known."""
    values, of_us = without_us(judging.values, judging.us)
    judging = replace(judging, values=values)
    known = judging.known
    if known is None:
        return judging, of_us, ""
    read = reconcile.shown_safely(values["vendor_name"] or "-")
    named = replace(judging, values={**values, "vendor_name": known.vendor.name})
    return named, [*of_us, Check("known_vendor", ok=True, values={"read": read})], known.by


def without_us(values: Mapping[str, Any], us: Ourselves) -> tuple[dict[str, Any], list[Check]]:
    """Return data in which our own business is not the vendor: the other party is, where one was read, else nobody."""
    data = dict(values)
    if compact(data["vendor_iban"]) in us.ibans:
        data["vendor_iban"] = None
    is_name_ours, is_number_ours = us.has_name(data["vendor_name"]), us.has_number(data["vendor_tax_id"])
    if not (is_name_ours or is_number_ours):
        return data, [Check("not_ourselves", ok=True)] if data["vendor_name"] else []
    read = reconcile.shown_safely(data["vendor_name" if is_name_ours else "vendor_tax_id"])
    is_other_ours = us.has_name(data["buyer_name"]) or us.has_number(data["buyer_tax_id"])
    # A name of ours beside somebody else's number is a mistake in the name alone, and the other way round.
    is_all_ours = (is_name_ours or not data["vendor_name"]) and (is_number_ours or not data["vendor_tax_id"])
    for kind, is_ours in (("name", is_name_ours), ("tax_id", is_number_ours)):
        if is_all_ours or is_ours:
            ours, other = data[f"vendor_{kind}"], data[f"buyer_{kind}"]
            data[f"vendor_{kind}"] = None if is_other_ours else other
            data[f"buyer_{kind}"] = other if is_other_ours else ours
    if is_all_ours:
        data["vendor_address"] = None
    return data, [Check("not_ourselves", ok=False, values={"read": read})]


def xml_checks(judging: Judging, inside: Mapping[str, Any] | None) -> list[Check]:
    """Return the check of the data inside a file against its pages, where there is any and the pages can be judged."""
    if inside is None or judging.places is None:
        return []
    return [reconcile.against_page(inside, locate(inside, judging.sheet))]
