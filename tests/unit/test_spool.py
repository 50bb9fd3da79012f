"""Rows of archives that have no room in memory lie in a file, and are the same rows."""

from __future__ import annotations

import numpy as np
import pytest

from matchcut.flavors._aligned import AlignedIoU
from matchcut.flavors._parts import SilhouetteIoU
from matchcut.similarity import spool
from matchcut.similarity.spool import Spool
from tests.property.test_sifting import silhouettes


@pytest.mark.parametrize("room", [0, 100, 1 << 20])
def test_rows_come_back_in_their_order_wherever_they_lie(room: int) -> None:
    parts = [np.arange(start, start + 12, dtype=np.uint64).reshape(-1, 4) for start in (0, 12, 24)]
    collected = Spool(room)
    for part in [parts[0][:0], *parts]:
        collected.add(part)
    joined = collected.joined()
    assert isinstance(joined, np.memmap) is (room < 288)
    np.testing.assert_array_equal(joined, np.concatenate(parts))


def test_silhouettes_in_a_file_score_as_those_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, every = silhouettes(40, np.random.default_rng(1)), np.arange(40)
    similarity = SilhouetteIoU("people", AlignedIoU())
    expected = similarity.prepared([rows[:9], rows[9:]]).pairwise(every, every)
    monkeypatch.setattr(spool.Spool.__init__, "__defaults__", (0,))
    ready = similarity.prepared([rows[:9], rows[9:]])
    assert all(isinstance(bits.words, np.memmap) for bits in ready.bits)
    np.testing.assert_array_equal(ready.pairwise(every, every), expected)


def test_a_library_without_rows_is_made_ready_too() -> None:
    assert len(SilhouetteIoU("people").prepared([])) == 0
    assert len(SilhouetteIoU("people", AlignedIoU()).prepared([])) == 0
