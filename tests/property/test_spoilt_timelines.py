"""Whatever is spoilt in a file of another format, it is read or refused in a sentence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otio_matchcut.errors import TimelineError
from otio_matchcut.listing import listed
from otio_matchcut.reading import Wanted, read
from tests.unit.otio_matchcut.test_mlt import _document, _entry, _producer
from tests.unit.otio_matchcut.test_readers import ALE, EDL, _clipitem, _remap, _sequence, _xmeml

FILES = {
    "cut.edl": EDL
    + "003  BL       V     D    012 00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00\n",
    "bin.ale": ALE,
    "cut.xml": _xmeml(_sequence("s", _clipitem(_remap("-50.5", reverse=True)))),
    "cut.kdenlive": _document(
        _producer("p0", speed="-0.5", length=200),
        f'<playlist id="a">{_entry("p0", 3, 19)}<blank length="00:00:01.200"/></playlist>',
        '<tractor id="t"><track producer="a" hide="audio"/></tractor>',
    ),
}


@pytest.mark.parametrize("name", FILES)
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 30), st.text('0123456789:;-<>/ "a\t\n')),
        min_size=1,
        max_size=4,
    )
)
def test_a_spoilt_file_is_read_or_refused(
    tmp_path: Path, name: str, cuts: list[tuple[int, int, Any]]
) -> None:
    text = FILES[name]
    for at, length, instead in cuts:
        at %= len(text) + 1
        text = text[:at] + instead + text[at + length :]
    path = tmp_path / name
    path.write_text(text)
    try:
        found = list(listed(read(path, Wanted(Fraction(25))), tmp_path))
        said = "A sentence."
    except TimelineError as error:
        found, said = [], f"{error.sentence} {error.next_step}"
    assert said.endswith(".")
    assert "\n" not in said
    assert all(one.shot.source_start < one.shot.source_end for one in found)
