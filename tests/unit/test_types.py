"""Time is exact, spans are half-open, identities are the same on every machine."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.types import MediaTime, RepresentationSpec, Shot, Span, Transition, Window

FILM = Fraction(1001, 24000)

spans = st.builds(
    lambda start, length, base: Span(start, start + length, base),
    st.integers(-(10**12), 10**12),
    st.integers(1, 10**10),
    st.sampled_from([Fraction(1, 90000), Fraction(1, 24), FILM, Fraction(1, 1000)]),
)


def test_an_instant_is_exact_in_seconds_at_a_broken_rate() -> None:
    assert MediaTime(24000, FILM).seconds == 1001


@pytest.mark.parametrize("end", [5, 4])
def test_an_empty_span_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="never empty"):
        Span(5, end, FILM)


def test_a_span_lasts_from_its_start_to_before_its_end() -> None:
    assert Span(10, 34, Fraction(1, 24)).seconds == 1


@given(spans, st.fractions(0, 1))
def test_an_instant_at_a_share_of_a_span_is_inside_and_not_after_it(
    span: Span, share: Fraction
) -> None:
    at = span.at(share)
    exact = span.start + (span.end - span.start) * share
    assert span.start <= at < span.end
    assert at <= exact
    assert exact - at < 1 or at == span.end - 1


@given(spans, st.integers(-(10**13), 10**13))
def test_clamping_gives_the_nearest_instant_inside(span: Span, pts: int) -> None:
    clamped = span.clamp(pts)
    assert span.start <= clamped < span.end
    assert clamped == pts or abs(clamped - pts) <= min(
        abs(pts - span.start), abs(pts - (span.end - 1))
    )


@pytest.mark.parametrize(
    ("seconds", "units"), [("1", 24), ("1/48", 1), ("-1/48", -1), ("1/49", 0), ("-1/49", 0)]
)
def test_an_offset_is_rounded_half_away_from_zero(seconds: str, units: int) -> None:
    assert Span(0, 1, Fraction(1, 24)).offset(Fraction(seconds)) == units


def _shot() -> Shot:
    span = Span(3003, 4004, FILM)
    return Shot("ab12", 3, 72, 96, span, "content-v1", 72, 96, span)


def test_a_shot_has_the_same_id_on_every_machine() -> None:
    shot = _shot()
    assert shot.id == "42d79b5c1911f85bad25be489e01f22c"


def test_the_id_of_a_shot_depends_on_its_place_and_its_finder_and_on_no_number() -> None:
    shot = _shot()
    assert dataclasses.replace(shot, index=4, start_frame=1, end_frame=2).id == shot.id
    assert dataclasses.replace(shot, clean_start_frame=73, clean=Span(3044, 4004, FILM)).id == (
        shot.id
    )
    others = [
        dataclasses.replace(shot, source="ab13"),
        dataclasses.replace(shot, span=Span(3003, 4005, FILM)),
        dataclasses.replace(shot, span=Span(3002, 4004, FILM)),
        dataclasses.replace(shot, detector="content-v2"),
    ]
    assert len({shot.id, *(other.id for other in others)}) == 5


def test_whatever_changes_a_value_changes_the_identity_of_a_representation() -> None:
    spec = RepresentationSpec("flow", 1, np.dtype(np.float32), (9, 16), (("gap", "2"),))
    others = [
        dataclasses.replace(spec, name="flows"),
        dataclasses.replace(spec, version=2),
        dataclasses.replace(spec, dtype=np.dtype(np.float16)),
        dataclasses.replace(spec, dtype=np.dtype([("x", np.float32)])),
        dataclasses.replace(spec, shape=(16, 9)),
        dataclasses.replace(spec, parameters=(("gap", "3"),)),
        dataclasses.replace(spec, weights="c0ffee"),
    ]
    assert len({spec.identity, *(other.identity for other in others)}) == len(others) + 1
    assert spec.identity.startswith("flow-v1-")


def test_the_seconds_of_a_window_are_counted_from_its_centre() -> None:
    pictures = np.zeros((3, 2, 2, 3), np.uint8)
    window = Window(pictures, np.array([0, 12, 36]), Fraction(1, 24), centre=1)
    assert window.seconds.tolist() == [-0.5, 0.0, 1.0]


@pytest.mark.parametrize("frames", [(5, 4, 6), (5, 7, 6), (7, 6, 5)])
def test_a_transition_that_ends_before_it_starts_is_none(frames: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        Transition(*frames)
