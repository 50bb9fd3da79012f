"""The sound flavor finds where a sound goes on, to the hundredth of a second, and hears no more."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.flavors.sound import FLAVOR, find_join
from matchcut.types import SOUND_RATE, Evidence, Rows, Sound, Span, Window
from tests.sounds import KINDS, chords, drums, encoded, in_a_room, recorded, speech, wind
from tests.textures import flat

NOTHING = np.zeros(0, np.float32)
FRAME = Fraction(1, 24)


def _row(head: Sound, tail: Sound) -> Rows:
    """The row of a shot that begins and ends so."""
    seen = Window(flat(0, 0, 0)[None], np.zeros(1, np.int64), FRAME, 0, (head, tail))
    return FLAVOR.representation.compute([seen])


def _ending(sound: Sound) -> Rows:
    return _row(NOTHING, sound)


def _starting(sound: Sound) -> Rows:
    return _row(sound, NOTHING)


def _score(outgoing: Rows, incoming: Rows) -> float:
    return float(FLAVOR.similarity.pairwise(outgoing, incoming)[0, 0])


def _cut(sound: Sound, overlap: float, start: float = 2.2) -> tuple[Sound, Sound]:
    """The end of A and the start of B, which share so many seconds of a sound."""
    first = round(start * SOUND_RATE)
    last = first + round(overlap * SOUND_RATE)
    return sound[last - 2 * SOUND_RATE : last], sound[first : first + 2 * SOUND_RATE]


# Where a sound goes on


@pytest.mark.parametrize("overlap", [0.5, 0.8317, 1.25, 1.93])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sound_cut_in_two_is_joined_within_20_ms(kind: str, overlap: float) -> None:
    tail, head = _cut(KINDS[kind](3, 5.0), overlap)
    outgoing, incoming = _ending(tail), _starting(head)
    leave, enter = find_join(outgoing, incoming)
    assert float(leave + enter) == pytest.approx(overlap, abs=0.02)
    assert min(leave, enter) >= 0
    assert _score(outgoing, incoming) > 0.75


@pytest.mark.parametrize("treatment", ["microphone", "room", "codec"])
@pytest.mark.parametrize("kind", ["chords", "drums", "speech"])
def test_another_microphone_room_or_codec_moves_no_join(kind: str, treatment: str) -> None:
    tail, head = _cut(KINDS[kind](4, 5.0), 1.1)
    if treatment == "codec":
        tail = encoded(tail)
    else:
        if treatment == "room":
            tail, head = in_a_room(tail, 1), in_a_room(head, 2)
        tail, head = recorded(tail, 1), recorded(head, 2)
    outgoing, incoming = _ending(tail), _starting(head)
    assert float(sum(find_join(outgoing, incoming))) == pytest.approx(1.1, abs=0.02)
    assert _score(outgoing, incoming) > 0.4


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_start_that_goes_on_is_found_among_others_of_its_kind(kind: str) -> None:
    cuts = [_cut(KINDS[kind](seed, 5.0), 0.6 + 0.1 * seed) for seed in range(8)]
    ends = np.concatenate([_ending(recorded(tail, seed)) for seed, (tail, _) in enumerate(cuts)])
    starts = np.concatenate([_starting(head) for _, head in cuts])
    scores = FLAVOR.similarity.pairwise(ends, starts)
    assert np.array_equal(scores.argmax(axis=1), np.arange(8))


def test_the_cut_falls_just_before_a_stroke_that_both_sounds_hold() -> None:
    hum = wind(1, 5.0) * np.float32(0.2)
    stroke = round(2.9 * SOUND_RATE)
    fade = np.exp(-np.arange(3000) / 600)
    hum[stroke : stroke + 3000] += (0.5 * fade * np.sin(np.arange(3000) * 0.9)).astype(np.float32)
    tail, head = _cut(hum, 1.2, start=2.3)
    leave, enter = find_join(_ending(tail), _starting(head))
    assert 0.55 <= enter <= 0.61
    assert float(leave + enter) == pytest.approx(1.2, abs=0.02)


# What is no match


def test_shots_without_sound_match_nothing_not_even_each_other() -> None:
    spoken = speech(1, 2.0)
    silent = [
        _row(NOTHING, NOTHING),
        _row(np.zeros(2 * SOUND_RATE, np.float32), np.zeros(2 * SOUND_RATE, np.float32)),
        _row(spoken * np.float32(1e-4), spoken * np.float32(1e-4)),
    ]
    for row in silent:
        assert row.tobytes() == bytes(row.nbytes)
        for other in (*silent, _row(spoken, spoken)):
            assert _score(row, other) == _score(other, row) == 0
            assert find_join(row, other) == find_join(other, row) == (Fraction(0), Fraction(0))


def test_a_film_whose_flavor_was_given_no_sounds_has_none() -> None:
    seen = Window(flat(0, 0, 0)[None], np.zeros(1, np.int64), FRAME, 0)
    assert not FLAVOR.representation.compute([seen])["head"]["frames"].any()


def test_silence_that_lies_over_silence_is_no_match() -> None:
    spoken = speech(1, 1.0)
    silence = np.zeros(SOUND_RATE, np.float32)
    ending, starting = np.concatenate([spoken, silence]), np.concatenate([silence, speech(2, 1.0)])
    assert _score(_ending(ending), _starting(starting)) < 0.1


@pytest.mark.parametrize(
    ("one", "other"), [("speech", "chords"), ("drums", "speech"), ("wind", "speech")]
)
def test_sounds_of_different_kinds_hardly_match(one: str, other: str) -> None:
    scores = [
        _score(_ending(KINDS[one](seed, 2.0)), _starting(KINDS[other](seed + 50, 2.0)))
        for seed in range(6)
    ]
    assert max(scores) < 0.35
    assert np.median(scores) < 0.2


def test_two_voices_are_not_one() -> None:
    scores = [_score(_ending(speech(at, 2.0)), _starting(speech(at + 50, 2.0))) for at in range(6)]
    assert max(scores) < 0.6
    assert np.median(scores) < 0.45
    tail, head = _cut(speech(1, 5.0), 1.0)
    assert _score(_ending(tail), _starting(head)) > 0.85


def test_two_winds_are_of_one_kind_but_not_the_same() -> None:
    alike = _score(_ending(wind(1, 2.0)), _starting(wind(2, 2.0)))
    unlike = _score(_ending(wind(1, 2.0)), _starting(wind(2, 2.0, (-60, -40, -20, 0, 0))))
    same = _score(_ending(wind(1, 2.0)), _starting(wind(1, 2.0)))
    assert unlike < 0.1 < 0.15 < alike < 0.35 < 0.8 < same


def test_how_loud_it_was_recorded_changes_little() -> None:
    tail, head = _cut(drums(1, 5.0), 1.0)
    scores = [
        _score(_ending(tail * np.float32(gain)), _starting(head)) for gain in (1.0, 0.1, 0.03)
    ]
    assert max(scores) - min(scores) < 0.05


# Which way round, and how long


def test_it_is_the_end_of_the_first_that_meets_the_start_of_the_second() -> None:
    tail, head = _cut(chords(2, 5.0), 1.0)
    first, second = _row(speech(1, 2.0), tail), _row(head, drums(2, 2.0))
    assert not FLAVOR.similarity.symmetric
    assert _score(first, second) > 0.7
    assert _score(second, first) < 0.35


@pytest.mark.parametrize("seconds", [0.5, 1.1, 1.7])
def test_shots_shorter_than_what_is_listened_to_join_as_well(seconds: float) -> None:
    tail, head = _cut(speech(5, 5.0), 0.45)
    length = round(seconds * SOUND_RATE)
    for leaving, entering in ((tail[-length:], head), (tail, head[:length])):
        outgoing, incoming = _ending(leaving), _starting(entering)
        assert float(sum(find_join(outgoing, incoming))) == pytest.approx(0.45, abs=0.02)
        assert _score(outgoing, incoming) > 0.5


@pytest.mark.parametrize("samples", [0, 1, 399, 400, 401, 6000])
def test_a_moment_of_sound_is_too_short_to_match(samples: int) -> None:
    row = _row(speech(1, 2.0)[8000 : 8000 + samples], speech(1, 2.0)[8000 : 8000 + samples])
    assert _score(row, row) == 0


def test_what_is_listened_to_lies_at_the_ends_of_the_shot() -> None:
    base = Fraction(1, 24000)
    shot = Span(1000, 1000 + 24000 * 7, base)
    [start] = FLAVOR.representation.moments(shot)
    request = FLAVOR.representation.window(shot, start)
    assert request.sounds == (
        Span(1000, 49000, base),
        Span(1000 + 24000 * 5, 1000 + 24000 * 7, base),
    )
    short = FLAVOR.representation.window(Span(5, 8, FRAME), 5)
    assert short.sounds == (Span(5, 8, FRAME), Span(5, 8, FRAME))


# Numbers


@given(st.integers(1, 12), st.integers(0, 11))
def test_no_block_changes_a_digit_of_a_score(size: int, start: int) -> None:
    rows = _many()
    whole = FLAVOR.similarity.pairwise(rows, rows)
    part = FLAVOR.similarity.pairwise(rows[start : start + size], rows[: size + 1])
    assert np.array_equal(part, whole[start : start + size, : size + 1])


def _many() -> Rows:
    if not _ROWS:
        for seed in range(3):
            _ROWS.extend(_row(make(seed, 2.0), make(seed + 9, 2.0)) for make in KINDS.values())
    return np.concatenate(_ROWS)


_ROWS: list[Rows] = []


@given(
    st.integers(0, 2 * SOUND_RATE),
    st.sampled_from(["noise", "square", "impulse", "constant", "loud"]),
)
def test_any_sound_gives_finite_rows_and_scores_in_range(length: int, kind: str) -> None:
    sound = {
        "noise": np.random.default_rng(length).uniform(-1, 1, length),
        "square": np.sign(np.sin(np.arange(length) / 9 + 0.1)),
        "impulse": np.arange(length) == length // 2,
        "constant": np.full(length, 0.5),
        "loud": np.full(length, 1.0) * (np.arange(length) % 2 * 2 - 1),
    }[kind].astype(np.float32)
    sound.flags.writeable = False
    row = _row(sound, sound)
    for side in ("head", "tail"):
        assert np.isfinite(row[side]["envelope"]).all()
        assert np.isfinite(row[side]["lively"]).all()
    rows = np.concatenate([row, _many()[:3]])
    scores = FLAVOR.similarity.pairwise(rows, rows)
    assert np.isfinite(scores).all()
    assert scores.min() >= 0
    assert scores.max() <= 1
    leave, enter = find_join(row, row)
    assert min(leave, enter) >= 0
    assert leave + enter <= 2


# The reason


@pytest.mark.parametrize("size", [(320, 134), (101, 180), (640, 360), (16, 9)])
def test_the_reason_shows_both_sounds_in_their_colours(size: tuple[int, int]) -> None:
    tail, head = _cut(drums(1, 5.0), 1.0)
    picture = flat(10, 10, 10, *size)
    drawn = FLAVOR.draw_reason(Evidence(picture, _ending(tail)), Evidence(picture, _starting(head)))
    assert drawn.shape == picture.shape
    red, blue = drawn[..., 0].astype(int), drawn[..., 2].astype(int)
    upper, lower = slice(0, size[1] * 2 // 5), slice(size[1] * 2 // 5, size[1] * 4 // 5)
    assert (red - blue)[upper].max() > 60
    assert (blue - red)[lower].max() > 60


def test_the_reason_of_silent_shots_says_so() -> None:
    picture = flat(200, 200, 200)
    silent, spoken = _row(NOTHING, NOTHING), _row(speech(1, 2.0), speech(1, 2.0))
    for outgoing, incoming in ((silent, silent), (silent, spoken), (spoken, silent)):
        drawn = FLAVOR.draw_reason(Evidence(picture, outgoing), Evidence(picture, incoming))
        assert drawn.max() > 200
        assert np.ptp(drawn[: len(drawn) // 2]) == 0
