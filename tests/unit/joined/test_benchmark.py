"""The parts of `tests.benchmarks.shots` that could be wrong without anyone noticing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from tests.benchmarks.shot_chart import chart
from tests.benchmarks.shot_costs import _repeated
from tests.benchmarks.shot_ways import Worker, alternating
from tests.joined.score import Tally


def short_film(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(20):
            picture = np.full((48, 64, 3), 10 * shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_film_repeated_by_its_packets_has_all_frames_at_even_times(tmp_path: Path) -> None:
    _repeated(short_film(tmp_path / "one.mp4"), 3, tmp_path / "three.mp4")
    with av.open(str(tmp_path / "three.mp4")) as container:
        pts = [frame.pts for frame in container.decode(video=0)]
    assert len(pts) == 60
    assert len(set(np.diff(np.array(pts, np.int64)).tolist())) == 1


def test_ways_are_timed_in_processes_of_their_own_in_turn(tmp_path: Path) -> None:
    film = short_film(tmp_path / "one.mp4")
    with Worker("decode", film) as one, Worker("decode", film) as other:
        taken = alternating((one, other), 2)
    assert [[each.frames for each in way] for way in taken] == [[20, 20], [20, 20]]
    assert all(each.wall > 0 and each.peak_mib > 1 for way in taken for each in way)


def test_the_chart_is_a_picture_that_can_be_read_back(tmp_path: Path) -> None:
    kinds = {"one": {"cut": Tally(3, 1, 1)}, "other": {"cut": Tally(4, 0, 0)}}
    chart(kinds, {name: {"plain": Tally(3, 1, 1)} for name in kinds}, tmp_path / "chart.png")
    assert cv2.imread(str(tmp_path / "chart.png")) is not None
