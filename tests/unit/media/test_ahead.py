"""Working ahead changes neither what comes, nor in which order, nor what goes wrong."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Generator

import pytest

from matchcut.media.ahead import ahead


class Counting:
    """Numbers from 0 on, and what became of them."""

    def __init__(self, end: int, failure: Exception | None = None) -> None:
        self.made: list[int] = []
        self.closed = False
        self._end = end
        self._failure = failure

    def items(self) -> Generator[int, None, None]:
        try:
            for number in range(self._end):
                self.made.append(number)
                yield number
            if self._failure is not None:
                raise self._failure
        finally:
            self.closed = True


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("ahead")}


@pytest.mark.parametrize("count", [1, 3, 50])
def test_every_item_comes_once_in_order(count: int) -> None:
    counting = Counting(20)
    assert list(ahead(counting.items(), count)) == list(range(20))
    assert counting.closed
    assert not threads()


def test_it_works_no_further_ahead_than_was_said() -> None:
    counting = Counting(1000)
    items = ahead(counting.items(), 4)
    assert [next(items), next(items)] == [0, 1]
    items.close()
    assert len(counting.made) <= 6


def test_stopping_early_closes_what_was_read_and_ends_the_thread() -> None:
    counting = Counting(1000)
    items = ahead(counting.items(), 4)
    next(items)
    assert len(threads()) == 1
    items.close()
    assert counting.closed
    assert not threads()


def test_forgetting_the_iterator_ends_the_thread_too() -> None:
    counting = Counting(1000)
    items = ahead(counting.items(), 4)
    next(items)
    del items
    assert counting.closed
    assert not threads()


def test_an_error_comes_after_the_items_before_it_and_says_where_it_was() -> None:
    counting = Counting(3, ValueError("broken"))
    items = ahead(counting.items(), 8)
    assert [next(items) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="broken") as caught:
        next(items)
    assert "items" in [place.name for place in traceback.extract_tb(caught.value.__traceback__)]
    assert counting.closed
    assert not threads()


def test_nothing_at_all_is_nothing() -> None:
    assert list(ahead(Counting(0).items(), 3)) == []
