from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image

from accounts import storage
from accounts.choices import Role
from accounts.errors import Conflict, Invalid, LostUpdate, NotAllowed, NotFound
from accounts.models import ApiKey, Business, Membership, User
from accounts.services import businesses
from accounts.services.api_keys import create_api_key
from accounts.tenancy import Actor
from tests.accounts.threads import at_once
from tests.factories.accounts import make_actor, make_business, make_member, make_user, owner_of
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MANAGERS = (Role.OWNER, Role.ADMIN)
OTHERS = (Role.MEMBER, Role.VIEWER)


def update(business: Business, **data: Any) -> Business:
    actor = make_actor(user=owner_of(business))
    return businesses.update_business(actor=actor, business=business, data=data, at=NOW)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 0).save(out, kind)
    return out.getvalue()


# Opening


def test_create_business_makes_its_opener_the_owner() -> None:
    user = make_user()
    business = businesses.create_business(
        actor=make_actor(user=user), data={"name": "Studio", "country": "ma", "language": "fr"}, at=NOW
    )
    user.refresh_from_db()
    assert (business.country, business.currency, business.language, business.timezone) == ("MA", "MAD", "fr", "UTC")
    assert (owner_of(business), user.default_business) == (user, business)


def test_create_business_leaves_the_default_one() -> None:
    first = make_business()
    user = owner_of(first)
    businesses.create_business(actor=make_actor(user=user), data={"name": "Second"}, at=NOW)
    user.refresh_from_db()
    assert (user.default_business, user.memberships.count()) == (first, 2)


def test_create_business_refuses_an_api_key() -> None:
    business = make_business()
    key = Actor(roles={business.pk: Role.OWNER}, api_key_id="key_1")
    with pytest.raises(NotAllowed):
        businesses.create_business(actor=key, data={"name": "Second"}, at=NOW)


def test_create_business_needs_a_name() -> None:
    with pytest.raises(Invalid) as caught:
        businesses.create_business(actor=make_actor(user=make_user()), data={}, at=NOW)
    assert (caught.value.errors, Business.objects.count()) == ({"name": ["This is needed."]}, 0)


@pytest.mark.parametrize(
    ("country", "paper"),
    [
        ("US", ("letter", False)),
        ("CA", ("letter", False)),
        ("MA", ("a4", True)),
        ("SA", ("a4", False)),
        ("", ("a4", False)),
    ],
)
def test_create_business_gives_it_the_paper_of_its_country(country: str, paper: tuple[str, bool]) -> None:
    actor = make_actor(user=make_user())
    business = businesses.create_business(actor=actor, data={"name": "Studio", "country": country}, at=NOW)
    assert (business.paper_size, business.signature_frame) == paper
    assert (business.look, business.digits, business.second_language) == ("modern", "latn", "auto")


def test_create_business_prefers_the_paper_that_is_chosen() -> None:
    chosen = {"name": "Studio", "country": "US", "paper_size": "a4"}
    business = businesses.create_business(actor=make_actor(user=make_user()), data=chosen, at=NOW)
    assert business.paper_size == "a4"


def test_update_business_gives_the_paper_of_the_first_country_told() -> None:
    business = update(make_business(), country="CA")
    assert business.paper_size == "letter"
    assert update(business, country="MA").signature_frame is False
    assert update(make_business(paper_size="letter"), country="MA").paper_size == "letter"


@pytest.mark.parametrize("wrong", ["red", "#12345", "#1234567", "#GGGGGG", "0B6B50", "rgb(0,0,0)", "#0B6B50;x", ""])
def test_a_colour_is_six_hexadecimal_digits(wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        update(make_business(), brand_colour=wrong)
    sentence = "Write a colour as # and six digits or letters from A to F, such as #0B6B50."
    assert caught.value.errors == {"brand_colour": [sentence if wrong else "This is needed."]}


# Changing

SOUND: dict[str, tuple[Any, Any]] = {
    "name": (" Studio  ", "Studio"),
    "legal_name": ("Studio SARL", "Studio SARL"),
    "legal_name_ar": ("أستوديو", "أستوديو"),
    "country": ("sa", "SA"),
    "currency": ("eur", "EUR"),
    "language": ("ar", "ar"),
    "timezone": ("Africa/Casablanca", "Africa/Casablanca"),
    "address": ("1 Example Street", {"text": "1 Example Street"}),
    "address_ar": ({"city": "الرياض"}, {"city": "الرياض"}),
    "vat_number": ("300000000000003", "300000000000003"),
    "cr_number": ("1010000000", "1010000000"),
    "tax_ids": ([{"type": "ice", "value": "001561191000066"}], [{"type": "ICE", "value": "001561191000066"}]),
    "phone": ("+212 612-345678", "+212612345678"),
    "email": ("Own@Example.com", "Own@example.com"),
    "website": ("https://studio.example", "https://studio.example"),
    "brand_colour": ("#aabbcc", "#AABBCC"),
    "look": ("compact", "compact"),
    "paper_size": ("letter", "letter"),
    "digits": ("arab", "arab"),
    "second_language": ("fr", "fr"),
    "signature_frame": (True, True),
    "bank_details": ("Bank\r\nIBAN", "Bank\nIBAN"),
    "notes": ("Thanks", "Thanks"),
    "footer": ("Foot", "Foot"),
    "payment_terms": ("Net 30", "Net 30"),
    "tax_rate": ("20.5", Decimal("20.5")),
    "slug": ("Studio-9", "studio-9"),
    "payment_link": ("https://pay.example/x", "https://pay.example/x"),
}
UNSOUND: dict[str, Any] = {
    "name": "", "country": "XX", "currency": "", "language": "de", "timezone": "Mars/Base", "address": {"planet": "x"},
    "vat_number": "1" * 40, "tax_ids": [{"type": "ICE", "value": "1"}], "phone": "12", "email": "x", "website": "ftp://x",
    "brand_colour": "red", "look": "band", "paper_size": "a5", "digits": "deva", "second_language": "de",
    "signature_frame": "yes", "notes": "x" * 5001, "tax_rate": "101", "slug": "a", "payment_link": "x",
    "number_formats": {"invoice": "no sequence"}, "next_numbers": {"invoice": 0}, "inbox_token": "mine",
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_update_business_cleans_and_stores_each_field(name: str) -> None:
    business = make_business()
    given, kept = SOUND[name]
    changed = update(business, **{name: given})
    business.refresh_from_db()
    assert (getattr(business, name), business.version) == (kept, 2)
    assert getattr(changed, name) == kept


@pytest.mark.parametrize(
    "address",
    [
        "https://user:pw@pay.example/",
        "https://stripe.com@pay.example/",
        "https://pay.example\\@elsewhere.example/",
        "https://pay.example/\nSet-Cookie: a=b",
        "https://pay.example:99999/",
        "javascript:alert(1)",
        "https:javascript:alert(1)",
        "http://pay.example",
    ],
)
def test_a_payment_link_that_leads_astray_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        update(make_business(), payment_link=address)
    assert list(caught.value.errors) == ["payment_link"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://münchen.example:8443/pay?a=b#c", "https://xn--mnchen-3ya.example:8443/pay?a=b#c"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("HTTPS://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_the_host_of_a_payment_link_is_kept_in_ascii(given: str, kept: str) -> None:
    assert update(make_business(), payment_link=given).payment_link == kept


@pytest.mark.parametrize("name", UNSOUND)
def test_update_business_refuses_each_field_by_its_name(name: str) -> None:
    business = make_business(name="Studio")
    with pytest.raises(Invalid) as caught:
        update(business, **{"legal_name": "New", name: UNSOUND[name]})
    business.refresh_from_db()
    assert [key.partition(".")[0].partition("[")[0] for key in caught.value.errors] == [name]
    assert (business.legal_name, business.version) == ("", 1)


def test_update_business_reads_numbers_in_the_country_given_with_them() -> None:
    business = make_business(country="FR")
    changed = update(business, country="MA", phone="0612345678")
    assert changed.phone == "+212612345678"
    with pytest.raises(Invalid) as caught:
        update(business, country="SA", vat_number="12")
    assert list(caught.value.errors) == ["vat_number"]


def test_update_business_asks_upper_apps_about_numbering() -> None:
    business = update(make_business(), number_formats={"invoice": "F-{YYYY}-{seq}"}, next_numbers={"invoice": 7})
    kinds = {each.kind: (each.format, each.next_number, each.example) for each in businesses.numbering(business, NOW)}
    assert kinds == {
        "invoice": ("F-{YYYY}-{seq}", 7, "F-2026-7"),
        "credit_note": ("CN-{YYYY}-{seq:04}", 1, "CN-2026-0001"),
        "debit_note": ("DN-{YYYY}-{seq:04}", 1, "DN-2026-0001"),
    }


def test_numbering_shows_the_day_in_the_business_s_time_zone() -> None:
    business = make_business(timezone="Asia/Riyadh")
    late = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
    assert businesses.numbering(business, late)[0].example == "INV-2027-0001"


def test_update_business_refuses_a_taken_short_name() -> None:
    make_business(slug="studio")
    with pytest.raises(Invalid) as caught:
        update(make_business(), slug="STUDIO")
    assert caught.value.errors == {"slug": ["This short name is taken."]}


def test_update_business_keeps_its_own_short_name() -> None:
    assert update(make_business(slug="studio"), slug="studio").slug == "studio"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("transactional_db")
def test_two_businesses_cannot_take_a_short_name_at_the_same_moment() -> None:
    both = [make_business(), make_business()]
    actors = [make_actor(user=owner_of(business)) for business in both]

    def take(number: int) -> Business:
        data = {"slug": "studio"}
        return businesses.update_business(actor=actors[number], business=both[number], data=data, at=NOW)

    results = at_once(2, take)
    assert sorted(type(result).__name__ for result in results) == ["Business", "Invalid"]
    assert [result.errors for result in results if isinstance(result, Invalid)] == [
        {"slug": ["This short name is taken."]}
    ]


def test_store_refuses_a_short_name_that_the_check_came_too_early_for(monkeypatch: pytest.MonkeyPatch) -> None:
    make_business(slug="studio")
    monkeypatch.setattr(businesses, "clean_slug", lambda value, business: value)
    with pytest.raises(Invalid) as caught:
        update(make_business(), slug="studio")
    assert caught.value.errors == {"slug": ["This short name is taken."]}


def test_update_business_refuses_a_stale_version() -> None:
    business = make_business()
    update(business, name="First")
    actor = make_actor(user=owner_of(business))
    with pytest.raises(LostUpdate):
        businesses.update_business(actor=actor, business=business, data={"name": "Second"}, at=NOW, version=1)
    assert Business.objects.get(pk=business.pk).name == "First"


@pytest.mark.parametrize("role", MANAGERS)
def test_managers_may_change_a_business(role: str) -> None:
    business = make_business()
    actor = make_actor(business, role)
    assert businesses.update_business(actor=actor, business=business, data={"name": "New"}, at=NOW).name == "New"


@pytest.mark.parametrize("role", OTHERS)
def test_others_may_not_change_a_business(role: str) -> None:
    business = make_business(name="Studio")
    actor = make_actor(business, role)
    acts: list[Any] = [
        lambda: businesses.update_business(actor=actor, business=business, data={"name": "New"}, at=NOW),
        lambda: businesses.set_logo(actor=actor, business=business, upload=picture(), at=NOW),
        lambda: businesses.remove_logo(actor=actor, business=business, at=NOW),
        lambda: businesses.archive_business(actor=actor, business=business, at=NOW),
        lambda: businesses.delete_business(actor=actor, business=business),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert list(Business.objects.values_list("name", "version")) == [("Studio", 1)]


def test_strangers_do_not_learn_of_a_business() -> None:
    business, stranger = make_business(), make_actor()
    membership = business.memberships.get()
    acts: list[Any] = [
        lambda: businesses.update_business(actor=stranger, business=business, data={}, at=NOW),
        lambda: businesses.set_logo(actor=stranger, business=business, upload=picture(), at=NOW),
        lambda: businesses.remove_logo(actor=stranger, business=business, at=NOW),
        lambda: businesses.archive_business(actor=stranger, business=business, at=NOW),
        lambda: businesses.delete_business(actor=stranger, business=business),
        lambda: businesses.change_role(actor=stranger, membership=membership, role=Role.VIEWER, at=NOW),
        lambda: businesses.remove_member(actor=stranger, membership=membership, at=NOW),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert Membership.objects.filter(pk=membership.pk, role=Role.OWNER).count() == 1


# The logo


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_set_logo_keeps_a_picture_as_png(kind: str) -> None:
    business = make_business()
    changed = businesses.set_logo(
        actor=make_actor(user=owner_of(business)), business=business, upload=picture(kind), at=NOW
    )
    with Image.open(io.BytesIO(storage.read(changed.logo_key))) as kept:
        assert (kept.format, kept.size, changed.logo_key[:6], changed.version) == ("PNG", (40, 20), "logos/", 2)


def test_set_logo_makes_a_large_picture_smaller() -> None:
    content = businesses.redrawn(picture(size=(4000, 1000)))
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (1200, 300)


def test_set_logo_drops_what_a_file_carries_beside_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # turned by 90°
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", exif=exif)
    content = businesses.redrawn(out.getvalue())
    with Image.open(io.BytesIO(content)) as kept:
        assert (kept.size, kept.info, b"taken at home" in content) == ((20, 40), {}, False)


def test_set_logo_keeps_transparency() -> None:
    with Image.open(io.BytesIO(businesses.redrawn(picture(mode="RGBA")))) as kept:
        assert kept.getpixel((0, 0)) == (0, 0, 0, 0)


# A picture of 65,535 × 65,535 in a few bytes.
BOMB = b"GIF89a\xff\xff\xff\xff\x80\x00\x00" + bytes(6) + b",\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02L\x01\x00;"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"", "This is not a picture in PNG, JPEG, WebP or GIF."),
        (SVG, "This is not a picture in PNG, JPEG, WebP or GIF."),
        (picture("BMP"), "This is not a picture in PNG, JPEG, WebP or GIF."),
        (picture("TIFF"), "This is not a picture in PNG, JPEG, WebP or GIF."),
        (picture()[:60], "This is not a picture in PNG, JPEG, WebP or GIF."),
        (b"x" * 2_000_001, "The picture may have at most 2 MB."),
        (picture(size=(5001, 5000)), "The picture may have at most 25 million pixels."),
        (BOMB, "The picture may have at most 25 million pixels."),
    ],
    ids=["nothing", "svg", "bmp", "tiff", "cut", "heavy", "many-pixels", "bomb"],
)
def test_set_logo_refuses(upload: bytes, sentence: str) -> None:
    business = make_business()
    with pytest.raises(Invalid) as caught:
        businesses.set_logo(actor=make_actor(user=owner_of(business)), business=business, upload=upload, at=NOW)
    assert (caught.value.errors, Business.objects.get().logo_key) == ({"logo": [sentence]}, "")


def test_remove_logo_leaves_the_file_for_papers_that_were_issued() -> None:
    business = make_business()
    actor = make_actor(user=owner_of(business))
    key = businesses.set_logo(actor=actor, business=business, upload=picture(), at=NOW).logo_key
    assert businesses.remove_logo(actor=actor, business=business, at=NOW).logo_key == ""
    assert storage.read(key)[:4] == b"\x89PNG"


# The end


def test_archive_business_hides_it_and_bring_back_shows_it_again() -> None:
    business = make_business()
    user = owner_of(business)
    actor = make_actor(user=user)
    archived = businesses.archive_business(actor=actor, business=business, at=NOW)
    user.refresh_from_db()
    assert (archived.archived_at, user.default_business) == (NOW, business)
    assert businesses.bring_back(Business.objects.all(), at=NOW) == 1
    assert Business.objects.get().archived_at is None
    assert businesses.bring_back(Business.objects.all(), at=NOW) == 0


def test_delete_business_removes_an_empty_one() -> None:
    business = make_business()
    user = owner_of(business)
    businesses.delete_business(actor=make_actor(user=user), business=business)
    user.refresh_from_db()
    assert (Business.objects.count(), Membership.objects.count(), user.default_business) == (0, 0, None)


def test_delete_business_takes_its_drafts_along() -> None:
    business = make_business()
    make_draft(business)
    businesses.delete_business(actor=make_actor(user=owner_of(business)), business=business)
    assert Business.objects.count() == 0


def test_delete_business_refuses_where_documents_are_kept() -> None:
    business = make_business()
    make_issued(business)
    with pytest.raises(Conflict) as caught:
        businesses.delete_business(actor=make_actor(user=owner_of(business)), business=business)
    assert str(caught.value.detail) == "This business has documents that must be kept. Archive it instead."
    assert Business.objects.count() == 1


def test_an_admin_may_neither_archive_nor_delete() -> None:
    business = make_business()
    actor = make_actor(business, Role.ADMIN)
    with pytest.raises(NotAllowed):
        businesses.archive_business(actor=actor, business=business, at=NOW)
    with pytest.raises(NotAllowed):
        businesses.delete_business(actor=actor, business=business)


# Members


def member(business: Business, role: str) -> Membership:
    return Membership.objects.get(business=business, user=make_member(business, role))


def change(actor: Actor, membership: Membership, role: str) -> str:
    return businesses.change_role(actor=actor, membership=membership, role=role, at=NOW).role


@pytest.mark.parametrize("role", Role.values)
def test_an_owner_gives_any_role(role: str) -> None:
    business = make_business()
    assert change(make_actor(user=owner_of(business)), member(business, Role.MEMBER), role) == role


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
def test_an_admin_gives_roles_below_owner(role: str) -> None:
    business = make_business()
    assert change(make_actor(business, Role.ADMIN), member(business, Role.MEMBER), role) == role


def test_an_admin_makes_and_unmakes_no_owner() -> None:
    business = make_business()
    admin = make_actor(business, Role.ADMIN)
    second = member(business, Role.OWNER)
    for membership, role in ((member(business, Role.MEMBER), Role.OWNER), (second, Role.MEMBER)):
        with pytest.raises(NotAllowed):
            change(admin, membership, role)
    with pytest.raises(NotAllowed):
        businesses.remove_member(actor=admin, membership=second, at=NOW)


@pytest.mark.parametrize("role", OTHERS)
def test_others_give_no_roles_and_send_nobody_away(role: str) -> None:
    business = make_business()
    actor, colleague = make_actor(business, role), member(business, Role.VIEWER)
    with pytest.raises(NotAllowed):
        change(actor, colleague, Role.ADMIN)
    with pytest.raises(NotAllowed):
        businesses.remove_member(actor=actor, membership=colleague, at=NOW)


@pytest.mark.parametrize("role", ["", "boss", None])
def test_change_role_refuses_what_is_no_role(role: Any) -> None:
    business = make_business()
    with pytest.raises(Invalid) as caught:
        change(make_actor(user=owner_of(business)), member(business, Role.MEMBER), role)
    assert list(caught.value.errors) == ["role"]


def test_the_last_owner_stays_owner() -> None:
    business = make_business()
    actor, only = make_actor(user=owner_of(business)), business.memberships.get()
    with pytest.raises(Conflict):
        change(actor, only, Role.ADMIN)
    with pytest.raises(Conflict):
        businesses.remove_member(actor=actor, membership=only, at=NOW)
    assert change(actor, only, Role.OWNER) == Role.OWNER
    member(business, Role.OWNER)
    assert change(actor, only, Role.ADMIN) == Role.ADMIN


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("transactional_db")
def test_two_owners_cannot_leave_at_the_same_moment() -> None:
    business = make_business()
    memberships = [business.memberships.get(), member(business, Role.OWNER)]
    actors = [make_actor(user=each.user) for each in memberships]

    def leave(number: int) -> None:
        businesses.remove_member(actor=actors[number], membership=memberships[number], at=NOW)

    results = at_once(2, leave)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    assert business.memberships.filter(role=Role.OWNER).count() == 1


@pytest.mark.parametrize("role", Role.values)
def test_everybody_may_leave(role: str) -> None:
    business = make_business()
    user = make_member(business, role)
    user.default_business = business
    user.save()
    membership = business.memberships.get(user=user)
    businesses.remove_member(actor=make_actor(user=user), membership=membership, at=NOW)
    assert (user.memberships.count(), User.objects.filter(pk=user.pk, default_business=None).count()) == (0, 1)


def test_an_admin_sends_a_member_away() -> None:
    business = make_business()
    leaving = member(business, Role.MEMBER)
    businesses.remove_member(actor=make_actor(business, Role.ADMIN), membership=leaving, at=NOW)
    assert Membership.objects.filter(pk=leaving.pk).exists() is False


# Keys of those who go


def key_by(actor: Actor, business: Business, *scopes: str) -> ApiKey:
    key, _text = create_api_key(actor=actor, business=business, data={"name": "x", "scopes": list(scopes)}, at=NOW)
    return key


def test_keys_end_with_the_membership_of_who_made_them() -> None:
    business, elsewhere = make_business(), make_business()
    user = make_member(business, Role.ADMIN)
    Membership.objects.create(user=user, business=elsewhere, role=Role.ADMIN)
    own = key_by(make_actor(user=user), business, "read")
    owners = key_by(make_actor(user=owner_of(business)), business, "read")
    others = key_by(make_actor(user=user), elsewhere, "read")
    membership = Membership.objects.get(user=user, business=business)
    businesses.remove_member(actor=make_actor(user=owner_of(business)), membership=membership, at=NOW)
    for key, revoked_at in ((own, NOW), (owners, None), (others, None)):
        key.refresh_from_db()
        assert key.revoked_at == revoked_at


@pytest.mark.parametrize(("role", "ended"), [(Role.OWNER, []), (Role.MEMBER, []), (Role.VIEWER, ["write"])])
def test_keys_that_may_more_than_the_new_role_end(role: str, ended: list[str]) -> None:
    business = make_business()
    user = make_member(business, Role.ADMIN)
    for scope in ("read", "write"):
        key_by(make_actor(user=user), business, scope)
    membership = Membership.objects.get(user=user, business=business)
    businesses.change_role(actor=make_actor(user=owner_of(business)), membership=membership, role=role, at=NOW)
    gone = ApiKey.objects.exclude(revoked_at=None)
    assert [scope for key in gone for scope in key.scopes if scope == "write"] == ended
    assert gone.count() == len(ended)
