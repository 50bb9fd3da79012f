"""Sound from the file to the candidate: what continues across a cut is found, and cut there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from matchcut.engine import Engine
from matchcut.types import SOUND_RATE, IndexReport, MatchSet, Sound
from tests import sounds
from tests.conftest import Quiet
from tests.small_films import DETECTOR
from tests.textures import moving

RATE = 25
SECONDS = 3
"""Of each shot."""
LATER = Fraction(6, 10)
"""Seconds of the voice that are heard again."""


def write_heard(path: Path, heard: list[Sound] | None) -> Path:
    """A film of one shot for each sound; of two without any where there are none."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = 96, 54, "yuv420p"
        video.options = {"preset": "ultrafast"}
        audio = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if heard else None
        for seed in range(len(heard or (1, 2))):
            for picture in moving(seed + 40, RATE * SECONDS, width=96, height=54):
                container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None and heard:
            samples = np.concatenate(heard)
            for start in range(0, len(samples), 1024):
                part = samples[None, start : start + 1024]
                frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
                frame.sample_rate, frame.pts = SOUND_RATE, start
                container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


def indexed(library: Path, *films: Path) -> IndexReport:
    return Engine(library).index(films, detector=DETECTOR, profile="classical", monitor=Quiet())


def scan(library: Path, top: int = 20) -> MatchSet:
    return Engine(library).scan(
        flavor="sound", top=top, per_shot=None, across=False, min_gap=Fraction(0)
    )


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A library of a film in which the voice that ends shot 0 is heard again as shot 2 begins."""
    folder = tmp_path_factory.mktemp("talk")
    voice = sounds.speech(1, 2 * SECONDS)
    length, again = SECONDS * SOUND_RATE, int(LATER * SOUND_RATE)
    film = write_heard(
        folder / "talk.mp4",
        [
            voice[:length],
            sounds.drums(2, SECONDS),
            voice[length - again : 2 * length - again],
            np.zeros(length, np.float32),
        ],
    )
    indexed(folder / "library", film)
    return folder / "library", film


def test_the_voice_that_goes_on_is_the_best_match(talk: tuple[Path, Path]) -> None:
    found = scan(talk[0])
    best = found.candidates[0]
    assert (best.outgoing.shot, best.incoming.shot) == (0, 2)
    assert best.score > 0.6
    assert best.score > 2 * max((one.score for one in found.candidates[1:]), default=0)


def test_the_cut_is_where_the_two_lie_over_each_other(talk: tuple[Path, Path]) -> None:
    """Both frames show the same instant of the voice, to the frame."""
    best = scan(talk[0]).candidates[0]
    left_out = (best.outgoing.end_frame - 1) - best.outgoing.cut_frame
    entered = best.incoming.cut_frame - best.incoming.start_frame
    assert left_out + entered == pytest.approx(float(LATER * RATE), abs=1)
    assert 0 <= left_out <= LATER * RATE
    assert 0 <= entered <= LATER * RATE


def test_a_silent_shot_matches_nothing(talk: tuple[Path, Path]) -> None:
    shown = {side.shot for one in scan(talk[0]).candidates for side in (one.outgoing, one.incoming)}
    assert 3 not in shown


def test_a_film_without_sound_has_no_match_rather_than_a_low_one(tmp_path: Path) -> None:
    report = indexed(tmp_path / "library", write_heard(tmp_path / "mute.mp4", None))
    assert not report.refused
    assert not any("sound" in note for note in report.notes), "it promises none"
    assert scan(tmp_path / "library").candidates == ()


def test_sound_that_cannot_be_decoded_is_told_and_the_picture_is_indexed(
    talk: tuple[Path, Path], tmp_path: Path
) -> None:
    film = tmp_path / "damaged.mp4"
    whole = bytearray(talk[1].read_bytes())
    with av.open(str(talk[1])) as container:
        for packet in container.demux(audio=0):
            if packet.size and packet.pos is not None:
                whole[packet.pos : packet.pos + packet.size] = b"\xff" * packet.size
    film.write_bytes(bytes(whole))
    report = indexed(tmp_path / "library", film)
    assert report.added == (film,)
    assert report.shots == 4
    (note,) = (note for note in report.notes if "damaged.mp4" in note)
    assert "sound" in note
    assert scan(tmp_path / "library").candidates == ()
