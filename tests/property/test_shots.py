"""Shots partition a film and are clean inside, whatever a detector finds and whenever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchcut.moments import middle
from matchcut.pipeline import analysis
from matchcut.pipeline.analysis import Analysis, analyse, unkept
from matchcut.pipeline.cutting import transitions_between
from matchcut.pipeline.frames import EDGE, ShotFrames
from matchcut.types import (
    Boundaries,
    Frame,
    Picture,
    RepresentationSpec,
    Rows,
    Shot,
    Span,
    Transition,
    Window,
    WindowRequest,
)
from tests.conftest import Quiet
from tests.unit.library.stocking import stock

TINY = np.zeros((1, 1, 3), np.uint8)
SOURCE = replace(stock("aa").source, time_base=Fraction(1, 600), rate=Fraction(24))
PATH = Path("film.mov")


@dataclass(frozen=True)
class _Seen:
    """A representation that tells which frames it was given: first, nearest to the middle, last."""

    spec = RepresentationSpec("seen", 1, np.dtype(np.int64), (3,))

    def moments(self, span: Span) -> Sequence[int]:
        return middle(span)

    def window(self, span: Span, moment: int) -> WindowRequest:
        return WindowRequest(moment, tuple(sorted({span.start, moment, span.end - 1})))

    def compute(self, windows: Sequence[Window], /) -> Rows:
        return np.array([(one.pts[0], one.pts[one.centre], one.pts[-1]) for one in windows])


@dataclass(frozen=True)
class _Film:
    pts: tuple[int, ...]
    transitions: tuple[Transition, ...]
    delays: tuple[int, ...]
    """For each transition, how many frames after its cut it is decided."""


@st.composite
def films(draw: st.DrawFn) -> _Film:
    """Films of up to 400 frames at any rate, with hard cuts and dissolves that may touch."""
    length = draw(st.integers(1, 400))
    steps = draw(st.lists(st.integers(1, 50), min_size=7, max_size=7))
    pts = np.cumsum([steps[number % 7] for number in range(length)])
    frames = sorted(draw(st.lists(st.integers(0, length), max_size=24)))
    transitions: list[Transition] = []
    for start, cut, end in zip(frames[::3], frames[1::3], frames[2::3], strict=False):
        if draw(st.booleans()):
            start, end = cut, cut
        if 0 < cut < length and (not transitions or transitions[-1].cut < cut):
            transitions.append(Transition(start, cut, end))
    delays = draw(
        st.lists(st.integers(0, 90), min_size=len(transitions), max_size=len(transitions))
    )
    return _Film(tuple(pts.tolist()), tuple(transitions), tuple(delays))


@dataclass
class _Streamed:
    """A detector and its reading: each transition is said late, and nothing after it sooner."""

    film: _Film
    name: str = "streamed"
    label: str = "What a test says"
    identity: str = "streamed-v1"
    pushed: int = 0
    said: int = 0

    def begin(self) -> _Streamed:
        return _Streamed(self.film)

    def push(self, picture: Picture, /) -> Boundaries:
        self.pushed += 1
        transitions, first = self.film.transitions, self.said
        while (
            self.said < len(transitions)
            and transitions[self.said].cut + self.film.delays[self.said] < self.pushed
        ):
            self.said += 1
        unsaid = [one.cut for one in transitions[self.said :]]
        return Boundaries(min([self.pushed, *unsaid]), transitions[first : self.said])

    def finish(self) -> Boundaries:
        return Boundaries(self.pushed, self.film.transitions[self.said :])


def _analysed(film: _Film, known: Sequence[Shot] = ()) -> Analysis:
    def frames(*_: object) -> Iterator[Frame]:
        return (Frame(index, pts, TINY) for index, pts in enumerate(film.pts))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "read_frames", frames)
        patch.setattr(analysis, "ShotFrames", partial(ShotFrames, 2 * EDGE + 32))
        return analyse(PATH, SOURCE, _Streamed(film), known, (_Seen(),), unkept, Quiet())


@settings(max_examples=150)
@given(films())
def test_shots_partition_the_film_and_their_clean_frames_lie_inside(film: _Film) -> None:
    found = _analysed(film)
    shots, pts = found.shots, found.frame_pts.tolist()
    assert pts[:-1] == list(film.pts)
    edges = [0, *(one.cut for one in film.transitions), len(film.pts)]
    assert [(one.start_frame, one.end_frame) for one in shots] == list(pairwise(edges))
    for number, shot in enumerate(shots):
        assert shot.index == number
        assert shot.span == Span(pts[shot.start_frame], pts[shot.end_frame], SOURCE.time_base)
        assert shot.start_frame <= shot.clean_start_frame < shot.clean_end_frame <= shot.end_frame
        assert shot.clean == Span(
            pts[shot.clean_start_frame], pts[shot.clean_end_frame], SOURCE.time_base
        )


@settings(max_examples=150)
@given(films())
def test_no_clean_frame_lies_inside_of_a_transition_unless_the_whole_shot_does(
    film: _Film,
) -> None:
    doubtful = {at for one in film.transitions for at in range(one.start, one.end)}
    for shot in _analysed(film).shots:
        clean = set(range(shot.clean_start_frame, shot.clean_end_frame))
        alone = set(range(shot.start_frame, shot.end_frame)) - doubtful
        assert clean == alone if alone else len(clean) == 1


@settings(max_examples=150)
@given(films())
def test_representations_see_clean_frames_alone(film: _Film) -> None:
    found = _analysed(film)
    (rows,) = found.rows.values()
    assert len(rows.rows) == len(rows.moments) == len(found.shots)
    for shot, seen, moment in zip(found.shots, rows.rows.tolist(), rows.moments, strict=True):
        assert moment["shot"] == shot.index
        assert moment["pts"] == found.frame_pts[moment["frame"]] == seen[1]
        if len(film.pts) <= 2 * EDGE + 32:
            assert all(shot.clean.start <= pts < shot.clean.end for pts in seen)
            assert (seen[0], seen[-1]) == (
                found.frame_pts[shot.clean_start_frame],
                found.frame_pts[shot.clean_end_frame - 1],
            )
        else:
            # A long shot is thinned out: of a few clean frames none may have been kept.
            few = shot.clean_end_frame - shot.clean_start_frame < 32
            assert few or all(shot.clean.start <= pts < shot.clean.end for pts in seen)


@settings(max_examples=100)
@given(films())
def test_when_a_detector_decides_changes_nothing_nor_does_knowing_the_shots_already(
    film: _Film,
) -> None:
    found = _analysed(film)
    at_once = _analysed(replace(film, delays=(0,) * len(film.delays)))
    known = _analysed(replace(film, transitions=(), delays=()), found.shots)
    for other in (at_once, known):
        assert other.shots == found.shots
        for rows, others in zip(found.rows.values(), other.rows.values(), strict=True):
            assert rows.rows.tolist() == others.rows.tolist()
            assert rows.moments.tolist() == others.moments.tolist()
    assert _analysed(replace(film, transitions=transitions_between(found.shots))).shots == (
        found.shots
    )
