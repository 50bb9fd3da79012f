"""One decode of a film: shots are found and representations computed while it streams by.

Its sound is read beside the picture, as far as representations ask for it.
"""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import Cancelled, InternalError, MediaUnreadable
from matchcut.media.decode import Damage, read_frames
from matchcut.media.sound import sound_track
from matchcut.pipeline.cutting import KnownTransitions, shot_between, transitions_between
from matchcut.pipeline.frames import (
    CAPACITY,
    ShotFrames,
    inside,
    nearest_frame,
    window,
    windows,
)
from matchcut.pipeline.given import last_frame_duration
from matchcut.types import (
    MOMENT,
    Boundaries,
    Detector,
    Frame,
    MomentRows,
    Monitor,
    Picture,
    Progress,
    Representation,
    Rows,
    Shot,
    Sound,
    Source,
    Span,
    Transition,
    Window,
    WindowRequest,
)

REPORT_EVERY = 16
"""Frames between two looks at the monitor."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that one decode of a film gave."""

    shots: tuple[Shot, ...]
    """In order, without gap or overlap, from the first frame to the last."""
    frame_pts: NDArray[np.int64]
    """(frames + 1,) pts of every frame, then the end of the last one."""
    rows: Mapping[str, MomentRows]
    """By representation identity."""
    damaged_places: int
    """Where the film could not be read; frames may be missing there."""
    damaged_sounds: int
    """Where its sound could not be read, as far as any was asked for."""
    soundless: str | None
    """Why none of the sound that it promises can be had; a part of a sentence."""


def find_shots(path: Path, source: Source, detector: Detector, monitor: Monitor) -> Analysis:
    """The shots of a film, and nothing else."""
    return analyse(path, source, detector, (), (), unkept, monitor)


def unkept(picture: Picture) -> None:
    """Keeps no picture: for films that have a proxy, or are to have none."""


def analyse(
    path: Path,
    source: Source,
    detector: Detector,
    known_shots: Sequence[Shot],
    representations: Sequence[Representation],
    keep: Callable[[Picture], None],
    monitor: Monitor,
    threads: int | None = None,
) -> Analysis:
    """Reads a film once, finds its shots, and computes what is asked for of each.

    Representations are computed from the clean frames of a shot: never from inside a dissolve.

    Args:
        path: The file.
        source: What `media.probe` said of it.
        detector: Finds the shots, unless they are known.
        known_shots: Shots that this detector found in an earlier run; empty where it has not.
        representations: What to compute of each shot.
        keep: Is given the picture of every frame, in order, such as a proxy.
        monitor: Is told about progress, and may stop the work.
        threads: How many compute beside the decoding; None: one for each core.

    Raises:
        MediaUnreadable: no frame can be decoded.
        Cancelled: the monitor asked to stop.

    Cost: one decode; memory is bounded whatever the film's length.
    """
    known = transitions_between(known_shots)
    reading = KnownTransitions(known) if known_shots else detector.begin()
    kept = ShotFrames()
    pts = array("q")
    shots: list[Shot] = []
    passed = [Transition(0, 0, 0)]
    expected = _expected_frames(source)
    with ExitStack() as during:
        track = during.enter_context(sound_track(path, source))
        computing = during.enter_context(_Computing(representations, track.read, threads))

        def close_shot(out_of: Transition) -> None:
            shot = shot_between(
                passed[-1],
                out_of,
                pts,
                source=source,
                number=len(shots),
                detector=detector.identity,
            )
            computing.add(kept.close(shot.end_frame), shot)
            shots.append(shot)
            passed.append(out_of)

        def close_shots(found: Boundaries) -> None:
            for transition in found.transitions:
                close_shot(transition)
            kept.thin(found.until)

        damage = Damage()
        with closing(read_frames(path, source, damage)) as frames:
            for frame in _watched(frames, path, expected, monitor):
                pts.append(frame.pts)
                keep(frame.picture)
                if representations:
                    kept.add(frame)
                close_shots(reading.push(frame.picture))
        if not pts:
            raise MediaUnreadable(path, "no frame of it can be decoded")
        close_shots(reading.finish())
        # The span of the last shot needs the end of the last frame, which no container promises.
        end = len(pts)
        pts.append(pts[-1] + last_frame_duration(pts, source))
        close_shot(Transition(end, end, end))
        rows = computing.results()
    return Analysis(
        tuple(shots), np.array(pts, np.int64), rows, damage.places, track.damage, track.reason
    )


def _watched(
    frames: Iterator[Frame], path: Path, expected: int | None, monitor: Monitor
) -> Iterator[Frame]:
    for frame in frames:
        if frame.index % REPORT_EVERY == 0:
            if monitor.cancelled():
                raise Cancelled
            total = None if expected is None else max(expected, frame.index)
            monitor.report(Progress("reading", path.name, frame.index, total, "frames"))
        yield frame


def _expected_frames(source: Source) -> int | None:
    if source.duration_pts is None:
        return None
    return round(source.duration_pts * source.time_base * source.rate)


def _cores() -> int:
    return max(1, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 2


class _Computing:
    """Computes the representations of closed shots beside the decoding, a few shots at a time."""

    def __init__(
        self,
        representations: Sequence[Representation],
        heard: Callable[[Span], Sound],
        threads: int | None,
    ) -> None:
        self._representations = representations
        self._heard = heard
        self._rows: dict[str, list[MomentRows]] = {one.spec.identity: [] for one in representations}
        workers = threads or _cores()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="representations")
        self._most_pending = workers + 1
        self._calm = ExitStack()
        self._pending: deque[tuple[Future[list[MomentRows]], int]] = deque()
        """Shots under way, and how many frames each holds in memory."""

    def __enter__(self) -> _Computing:
        from threadpoolctl import threadpool_limits

        # Every worker has a core. Where each also asks numpy's BLAS for all of them, small products
        # spend more time on waiting for threads than on computing: silhouettes take 1.7 times as
        # long.
        self._calm.enter_context(threadpool_limits(limits=1, user_api="blas"))
        return self

    def __exit__(self, *failure: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._calm.close()

    def add(self, frames: list[Frame], shot: Shot) -> None:
        """Computes the next shot; waits while too many are under way, so that memory is bounded."""
        if not self._representations:
            return
        requests = [windows(one, shot.clean) for one in self._representations]
        # Sound is read forwards alone, so it is read here, in the order of the shots.
        wanted = sorted(
            {span for some in requests for request in some for span in request.sounds},
            key=lambda span: (span.start, span.end),
        )
        sounds = {span: self._heard(span) for span in wanted}
        job = self._pool.submit(self._compute, frames, shot, requests, sounds)
        self._pending.append((job, len(frames)))
        while len(self._pending) > self._most_pending or self._frames_held > CAPACITY:
            self._collect()

    def results(self) -> dict[str, MomentRows]:
        """The rows by representation identity, once all shots are computed."""
        while self._pending:
            self._collect()
        return {
            identity: MomentRows(
                np.concatenate([one.rows for one in computed]),
                np.concatenate([one.moments for one in computed]),
            )
            for identity, computed in self._rows.items()
        }

    @property
    def _frames_held(self) -> int:
        """Frames of all shots under way but the last, which is bounded by itself."""
        return sum(frames for _, frames in list(self._pending)[:-1])

    def _collect(self) -> None:
        computed = self._pending.popleft()[0].result()
        for representation, rows in zip(self._representations, computed, strict=True):
            self._rows[representation.spec.identity].append(rows)

    def _compute(
        self,
        frames: list[Frame],
        shot: Shot,
        requests: Sequence[Sequence[WindowRequest]],
        sounds: Mapping[Span, Sound],
    ) -> list[MomentRows]:
        seen = inside(frames, shot.clean)
        found: list[MomentRows] = []
        for representation, some in zip(self._representations, requests, strict=True):
            seen_at = [
                window(seen, request, shot.clean, [sounds[span] for span in request.sounds])
                for request in some
            ]
            moments = np.zeros(len(some), MOMENT)
            for moment, request in zip(moments, some, strict=True):
                nearest = nearest_frame(seen, request.moment)
                moment["shot"], moment["frame"], moment["pts"] = (
                    shot.index,
                    nearest.index,
                    nearest.pts,
                )
            found.append(MomentRows(computed(representation, seen_at), moments))
        return found


def computed(representation: Representation, seen: Sequence[Window]) -> Rows:
    """The rows of some windows, of the type and shape that was promised."""
    rows = representation.compute(seen)
    spec = representation.spec
    if rows.shape != (len(seen), *spec.shape) or rows.dtype != spec.dtype:
        raise InternalError(
            f"The representation '{spec.name}' gave {rows.dtype} {rows.shape} for {len(seen)} "
            f"windows; {spec.dtype} {(len(seen), *spec.shape)} was promised.",
            "Report this to the author of the flavor.",
            representation=spec.identity,
        )
    return rows
