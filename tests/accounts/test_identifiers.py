from __future__ import annotations

from collections import Counter

import pytest

from accounts.identifiers import ALPHABET, new_id, new_token


@pytest.mark.parametrize("length", [1, 20, 32])
def test_token_has_the_length_asked_for(length: int) -> None:
    assert {len(new_token(length)) for _ in range(200)} == {length}


def test_each_character_may_stand_in_each_place() -> None:
    tokens = [new_token(3) for _ in range(62 * 40)]
    for place in range(3):
        counts = Counter(token[place] for token in tokens)
        assert set(counts) == set(ALPHABET)
        assert max(counts.values()) < 100  # 40 each on average: over nine times the deviation


def test_tokens_do_not_repeat() -> None:
    assert len({new_token() for _ in range(2000)}) == 2000


def test_id_names_its_kind() -> None:
    prefix, _separator, token = new_id("inv").partition("_")
    assert (prefix, len(token)) == ("inv", 20)
