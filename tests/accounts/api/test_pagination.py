from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from django.conf import settings

from accounts.api.pagination import Cursor
from accounts.models import Delivery
from tests.accounts.api.conftest import make_thing

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.api.views")]

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def things(business) -> list[Delivery]:
    """Twelve things, two at a time of the same moment, each third without ``sent_at``."""
    return [
        make_thing(
            business,
            f"s{number % 5}",
            created_at=START + timedelta(hours=number // 2),
            sent_at=None if number % 3 == 0 else START + timedelta(days=number % 4),
            attempts=number,
        )
        for number in range(12)
    ]


def joined(pages):
    return list(chain.from_iterable(pages))


def follow(api, path, link="next"):
    """Return the pages from ``path`` on, each as the ids of its rows, and the last answer."""
    pages = []
    while path is not None:
        answer = api.client.get(path)
        assert answer.status_code == 200, answer.content
        pages.append([row["id"] for row in answer.json()["results"]])
        last, path = answer.json(), answer.json()[link]
    return pages, last


def test_page_is_as_described(api, things):
    answer = api.get("/things?page=2&page_size=5").json()
    assert list(answer) == ["count", "next", "previous", "page", "page_size", "results"]
    assert (answer["count"], answer["page"], answer["page_size"], len(answer["results"])) == (12, 2, 5, 5)
    assert answer["next"] == f"{settings.PUBLIC_URL}/api/v1/things?page=3&page_size=5"
    assert answer["previous"] == f"{settings.PUBLIC_URL}/api/v1/things?page_size=5"


def test_pages_show_each_row_once_newest_first(api, things):
    pages, last = follow(api, "/api/v1/things?page_size=5")
    newest_first = sorted(things, key=lambda thing: (thing.created_at, thing.pk), reverse=True)
    assert [pk for page in pages for pk in page] == [thing.pk for thing in newest_first]
    assert (len(pages), last["next"], len(last["results"])) == (3, None, 2)


def test_ten_rows_a_page_by_default(api, things):
    answer = api.get("/things").json()
    assert (answer["page"], answer["page_size"], len(answer["results"])) == (1, 10, 10)


def test_empty_list_has_a_first_page(api):
    empty: dict[str, object] = {"count": 0, "next": None, "previous": None, "page": 1, "page_size": 10, "results": []}
    assert api.get("/things").json() == empty
    assert api.get("/things?cursor=").json() == {"next": None, "previous": None, "results": []}


def test_page_past_the_end_is_a_404(api, things):
    answer = api.get("/things?page=3")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no page 3.")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=", "page"),
        ("page=1.0", "page"),
        ("page=٣", "page"),
        ("page=99999999999999999999", "page"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page_size=all", "page_size"),
        ("cursor=x&page_size=0", "page_size"),
        ("cursor=x", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=&page=1", "page"),
        ("ordering=nonsense", "ordering"),
        ("ordering=--subject", "ordering"),
        ("ordering=", "ordering"),
        ("ordering=text", "ordering"),
    ],
)
def test_malformed_value_is_a_400_that_names_it(api, things, query, name):
    answer = api.get(f"/things?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


def test_pages_end_at_ten_thousand_rows(api, things):
    assert api.get("/things?page=100&page_size=100").status_code == 404
    answer = api.get("/things?page=101&page_size=100")
    assert (answer.status_code, answer.json()["detail"]) == (400, "Pages end at 10000 rows. Use cursor= to go on.")


def test_page_costs_two_queries_and_cursor_one(api, things, django_assert_num_queries):
    with django_assert_num_queries(4):  # user and memberships besides
        api.get("/things")
    with django_assert_num_queries(3):
        api.get("/things?cursor=")


ORDERINGS = [
    "business",
    "-length,attempts",
    "-created_at",
    "created_at",
    "sent_at",
    "-sent_at",
    "subject,-attempts",
    "-subject",
    "sent_at,-subject",
]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("size", [1, 4, 12])
def test_cursor_goes_through_all_rows_and_back(api, things, ordering, size):
    in_order, _last = follow(api, f"/api/v1/things?ordering={ordering}&page_size=100")
    forth, last = follow(api, f"/api/v1/things?cursor=&ordering={ordering}&page_size={size}")
    assert joined(forth) == in_order[0]
    assert [len(page) for page in forth] == [size] * (12 // size)
    if last["previous"] is not None:
        back, first = follow(api, last["previous"], "previous")
        assert joined(reversed(back)) + [row["id"] for row in last["results"]] == in_order[0]
        again, _end = follow(api, first["next"])
        assert joined(again) == in_order[0][size:]


def test_absent_values_come_last_upwards_and_first_downwards(api, things):
    upwards = api.get("/things?ordering=sent_at&page_size=100").json()["results"]
    downwards = api.get("/things?ordering=-sent_at&page_size=100").json()["results"]
    assert [row["sent_at"] is None for row in upwards] == [False] * 8 + [True] * 4
    assert [row["sent_at"] is None for row in downwards] == [True] * 4 + [False] * 8


def test_several_orderings_count_in_their_order(api, things):
    rows = api.get("/things?ordering=-subject,attempts&page_size=100").json()["results"]
    keys = [(-int(row["subject"][1:]), row["attempts"]) for row in rows]
    assert keys == sorted(keys)


def test_cursor_stands_still_when_rows_come_and_go(api, business, things):
    first = api.get("/things?cursor=&page_size=3").json()
    make_thing(business, "new", created_at=START + timedelta(days=9))
    Delivery.objects.filter(pk=first["results"][2]["id"]).delete()
    second = api.client.get(first["next"]).json()
    newest_first = sorted(things, key=lambda thing: (thing.created_at, thing.pk), reverse=True)
    assert [row["id"] for row in second["results"]] == [thing.pk for thing in newest_first[3:6]]


def test_cursor_leads_back_from_an_end_that_was_deleted(api, things):
    first = api.get("/things?cursor=&page_size=9").json()
    kept = [row["id"] for row in first["results"]]
    Delivery.objects.exclude(pk__in=kept).delete()
    end = api.client.get(first["next"]).json()
    assert (end["results"], end["next"]) == ([], None)
    assert [row["id"] for row in api.client.get(end["previous"]).json()["results"]] == kept


def test_cursor_works_with_sparse_fields_and_shows_nothing_more(api, things):
    pages, _last = follow(api, "/api/v1/things?cursor=&page_size=5&fields=id&ordering=-attempts")
    assert joined(pages) == [thing.pk for thing in reversed(things)]
    assert api.get("/things?cursor=&page_size=1&fields=subject&ordering=-attempts").json()["results"] == [
        {"subject": "s1"}
    ]


def test_cursor_of_another_ordering_is_refused(api, things):
    token = api.get("/things?cursor=&page_size=3").json()["next"].partition("cursor=")[2].partition("&")[0]
    answer = api.get(f"/things?cursor={token}&ordering=subject")
    assert answer.json()["errors"] == {"cursor": ["This cursor belongs to another ordering."]}


def test_cursor_cannot_be_made_up(api, things):
    token = Cursor("-created_at", (START, "dlv_1")).dumps()
    assert api.client.get("/api/v1/things", {"cursor": token}).status_code == 200
    assert (
        api.client.get("/api/v1/things", {"cursor": token[:-1] + ("a" if token[-1] != "a" else "b")}).status_code == 400
    )
