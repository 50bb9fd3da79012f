"""What the default detector says of a film does not depend on how the film came to it."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut.shots._combined import rules
from matchcut.shots._combined.signals import TILES, Signals
from matchcut.shots._combined.stretch import Stretch, joined, since
from matchcut.types import Transition

_ACROSS = np.broadcast_to(np.linspace(0, 1, TILES[1]), TILES)


def _wipe(
    swept: NDArray[np.float64], colours: NDArray[np.float64], at: int, chance: np.random.Generator
) -> None:
    """An edge crosses the picture from frame `at` on; what it leaves may pass again."""
    times = at + np.rint(_ACROSS * chance.uniform(6, 28)).astype(int)
    new = (colours[at, :1, :1] + 128) % 256
    back = int(chance.choice([20, 40, len(swept)]))
    for row, column in np.ndindex(*TILES):
        time = int(times[row, column])
        swept[time : time + 2, row, column] = chance.uniform(40, 60)
        colours[time : time + back, row, column] = new[0, 0]


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    """A film with runs of all lengths, spikes and fades, as the network and the signals see it."""
    seed = draw(st.integers(0, 2**32 - 1))
    frames = draw(st.integers(1, 700))
    busy = draw(st.sampled_from([0.005, 0.02, 0.1]))
    chance = np.random.default_rng(seed)
    middle = (chance.random(frames) * 0.1).astype(np.float32)
    part = middle.copy()
    change = chance.gamma(2.0, 1.0, frames).astype(np.float32)
    colours = np.repeat(chance.uniform(0, 255, (1, *TILES, 3)), frames, axis=0)
    swept = chance.gamma(2.0, 1.0, (frames, *TILES))
    for at in np.flatnonzero(chance.random(frames) < busy).tolist():
        length = int(chance.choice([1, 2, 3, 12, 40, 150]))
        middle[at : at + length] = chance.uniform(0.15, 1.0)
        part[max(0, at - length) : at + 2 * length] = chance.uniform(0.05, 1.0)
        change[at] += chance.uniform(0, 60)
        if chance.random() < 0.7:
            colours[at:] = chance.uniform(0, 255, (1, *TILES, 3)) * chance.choice([0.0, 1.0])
    for at in np.flatnonzero(chance.random(frames) < busy / 4).tolist():
        _wipe(swept, colours, at, chance)
    return Stretch(
        0, middle, part, Signals(change, swept.astype(np.float32), colours.astype(np.float32))
    )


def _piecewise(film: Stretch, lengths: list[int]) -> tuple[list[Transition], list[int]]:
    """What is decided when the film comes in pieces, and up to where after each."""
    known: Stretch | None = None
    decided, found, untils, at = 0, list[Transition](), list[int](), 0
    for number in range(len(film) + 1):
        length = lengths[number % len(lengths)]
        piece = Stretch(
            at,
            film.middle[at : at + length],
            film.part[at : at + length],
            Signals(
                film.signals.change[at : at + length],
                film.signals.swept[at : at + length],
                film.signals.colours[at : at + length],
            ),
        )
        known = piece if known is None else joined(known, piece)
        at += length
        decided, new = rules.decided(known, decided, ended=at >= len(film))
        found += new
        untils.append(decided)
        known = since(known, decided - rules.REACH)
        if at >= len(film):
            break
    return found, untils


@settings(max_examples=25)
@given(stretches(), st.lists(st.integers(20, 500), min_size=1, max_size=4))
def test_a_film_read_in_pieces_has_the_transitions_of_the_film_read_at_once(
    film: Stretch, lengths: list[int]
) -> None:
    found, untils = _piecewise(film, lengths)
    assert found == rules.transitions(film, ended=True)
    assert untils == sorted(untils)
    assert untils[-1] == len(film)


@settings(max_examples=25)
@given(stretches())
def test_no_two_transitions_overlap_and_all_lie_inside_the_film(film: Stretch) -> None:
    found = rules.transitions(film, ended=True)
    assert all(one.start >= 0 and 0 < one.cut < len(film) and one.end <= len(film) for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(one.cut < other.cut for one, other in itertools.pairwise(found))
