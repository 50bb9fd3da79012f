"""Decodes a film once, in order, in bounded memory, with exact times.

Times come from the container. Where it gives none, the nominal rate fills them in; where it gives
one that is not after the one before, the frame moves to just after it. A clock that jumps back
by more than a second has started again, and what follows is counted on from where it broke off.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import av

from matchcut.errors import FrameMissing, MediaUnreadable
from matchcut.media.active import active_area
from matchcut.media.ahead import ahead
from matchcut.media.container import known_picture, opened, unreadable
from matchcut.media.picture import ANALYSIS_SIZE, Normaliser
from matchcut.types import Frame, Picture, Source

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_DEMUX_FAILURES = 50
"""Reads that may fail in a row before the rest of a file counts as lost."""
_HELD_PACKETS = 64
"""More packets than a decoder holds back: one a thread, and 16 for reordering."""
_Place: TypeAlias = tuple[int, int | None]
"""What tells a packet from all others: its pts, and where it lies in the file in bytes."""
_AHEAD = 128
"""Pictures made while earlier ones are being looked at: as long as a detector's network takes."""
_NEAR_START = 48
"""Frames up to here are reached by decoding from the start, which needs no seek."""


@dataclass(slots=True)
class Damage:
    """What of a film could not be read; `read_frames` counts it up."""

    places: int = 0
    """Packets that could not be decoded, reads that failed, and frames with known faults."""


def read_frames(
    path: Path, source: Source, damage: Damage | None = None
) -> Generator[Frame, None, None]:
    """Every frame of a film that can be decoded, in the order shown, normalised to 320x180.

    Indices count from 0 without gaps; pts strictly increase. Packets that cannot be decoded are
    passed over, and counted in `damage`, which is complete once the last frame has come. Frames
    that an edit list hides are left out, as libav does. Closing the iterator closes the file.

    Cost: one decode, on as many threads as libav chooses, and scaling on one more, both up to 128
    frames ahead of who reads; memory holds those (22 MB) and the decoder's own, whatever the
    film's length. Scaling 1080p takes a quarter of the time that decoding it does.

    Raises:
        MediaMissing: nothing is at the path any more.
        MediaUnreadable: not one frame can be decoded.
    """
    return ahead(_normalised(path, source, damage or Damage()), _AHEAD)


def _normalised(path: Path, source: Source, damage: Damage) -> Generator[Frame, None, None]:
    normaliser = Normaliser(source, active_area(path, source), ANALYSIS_SIZE)
    with closing(_decoded(path, source, damage)) as decoded:
        for index, (pts, frame) in enumerate(_timed(decoded, source)):
            yield Frame(index, pts, normaliser.picture(frame))


def frame_at(
    path: Path, source: Source, pts: int, *, index: int, longest_side: int = 640
) -> Picture:
    """The picture of the frame shown at exactly `pts`, larger than those that flavors see.

    Args:
        path: Where the film lies now.
        source: What it was when it was indexed.
        pts: As `read_frames` gave it.
        index: As `read_frames` gave it; decides from where to decode.
        longest_side: Pixels of the picture's longer side.

    Cost: decodes from the keyframe before; from the beginning where a seek does not lead there.

    Limit: a seek knows the container's own times alone. In a film whose clock started again
    before the keyframe, beyond frame 48, a time counted on past the break can also be the own time
    of another frame, whose picture is then given. Indexing and scores use `read_frames`, which has
    no such limit.

    Raises:
        MediaMissing: nothing is at the path.
        MediaUnreadable: the file cannot be opened.
        FrameMissing: the film has no frame at this pts any more.
    """
    return pictures_at(path, source, (pts,), index, (longest_side, longest_side))[0]


def pictures_at(
    path: Path, source: Source, pts: Sequence[int], index: int, bounds: tuple[int, int]
) -> list[Picture]:
    """The pictures of the frames shown at exactly these times.

    Args:
        path: Where the film lies now.
        source: What it was when it was indexed.
        pts: At least one, as `read_frames` gave them one after another.
        index: Of the first, as `read_frames` gave it; decides from where to decode.
        bounds: Width and height that the pictures fit into.

    Cost, limit and errors: as `frame_at`, in one go for all; memory holds the pictures alone.
    """
    normaliser = Normaliser(source, active_area(path, source), bounds)
    found = _sought(path, source, pts, normaliser) if index >= _NEAR_START else None
    return found or _counted(path, source, pts, index, normaliser)


def _sought(
    path: Path, source: Source, wanted: Sequence[int], normaliser: Normaliser
) -> list[Picture] | None:
    """Those at `wanted` if a seek leads before them and no time up to them needs repair."""
    last: int | None = None
    found: list[Picture] = []
    with opened(path) as container:
        stream = known_picture(path, container, source)
        try:
            container.seek(wanted[0], stream=stream)
            for packet in container.demux(stream):
                for frame in packet.decode():
                    if frame.pts is None or frame.pts > wanted[len(found)]:
                        return None
                    if last is not None and frame.pts <= last:
                        return None
                    if frame.pts == wanted[len(found)]:
                        found.append(normaliser.picture(frame))
                        if len(found) == len(wanted):
                            return found
                    last = frame.pts
        except av.FFmpegError:
            return None  # Decoding from the start passes over what is damaged here.
    return None


def _counted(
    path: Path, source: Source, wanted: Sequence[int], index: int, normaliser: Normaliser
) -> list[Picture]:
    """Those at `wanted`, reached from the beginning with the times that `read_frames` gives."""
    found: list[Picture] = []
    with closing(_decoded(path, source, Damage())) as decoded:
        for number, (shown, frame) in enumerate(_timed(decoded, source)):
            if shown == wanted[len(found)]:
                found.append(normaliser.picture(frame))
                if len(found) == len(wanted):
                    return found
            elif shown > wanted[len(found)] and number > index + len(found):
                break
    raise FrameMissing(path, wanted[len(found)])


def _timed(frames: Iterator[VideoFrame], source: Source) -> Iterator[tuple[int, VideoFrame]]:
    """Each frame with its repaired pts, strictly increasing."""
    step = max(1, round(1 / (source.rate * source.time_base)))
    second = max(1, round(1 / source.time_base))
    last: int | None = None
    shift = 0
    for frame in frames:
        if frame.pts is None:
            pts = source.start_pts if last is None else last + step
        else:
            pts = frame.pts + shift
            if last is not None and pts < last - second:
                shift += last + step - pts
                pts = last + step
            elif last is not None and pts <= last:
                pts = last + 1
        last = pts
        yield pts, frame


def _decoded(path: Path, source: Source, damage: Damage) -> Generator[VideoFrame, None, None]:
    """All frames that come out of the source's stream, in the order shown.

    Raises:
        MediaUnreadable: none came, or the disk failed while reading.
    """
    owed: deque[_Place] = deque(maxlen=_HELD_PACKETS)
    second = max(1, round(1 / source.time_base))
    last: int | None = None
    came = False
    failure: av.FFmpegError | None = None
    with opened(path) as container:
        stream = known_picture(path, container, source)
        for packet in _packets(path, container, stream, damage):
            if packet.pts is not None and not packet.is_discard:
                owed.append((packet.pts, packet.pos))
            try:
                frames = packet.decode()
            except av.FFmpegError as error:
                failure = error
                damage.places += 1
                continue
            for frame in frames:
                came = True
                damage.places += frame.is_corrupt
                if frame.pts is not None:
                    restarted = last is not None and frame.pts < last - second
                    _settle(owed, frame.pts, second, restarted=restarted)
                    last = frame.pts
                yield frame
    for frame in _last_frames(path, source, owed) if owed else ():
        came = True
        yield frame
    if not came:
        reason = "it promises pictures, but none can be decoded"
        if failure is None:
            raise MediaUnreadable(path, reason)
        raise unreadable(path, failure, reason) from failure


def _settle(owed: deque[_Place], shown: int, second: int, *, restarted: bool) -> None:
    """Takes out of `owed`, packets in the order fed, all whose frame comes no more.

    That is the one now shown, and those before it on the same clock: frames come in the order
    shown, so these are damaged. Once a clock has started again, what is left of the one before
    comes no more either; what is fed later and lies far back belongs to a clock still to start.
    """
    places = [number for number, (pts, _) in enumerate(owed) if pts == shown]
    here = places[0] if places else -1
    kept = [
        (pts, pos)
        for number, (pts, pos) in enumerate(owed)
        if (
            number > here
            if abs(pts - shown) > second and (restarted or pts < shown)
            else pts > shown
        )
    ]
    owed.clear()
    owed.extend(kept)


def _last_frames(path: Path, source: Source, owed: Collection[_Place]) -> Iterator[VideoFrame]:
    """The frames of these packets, as far as they can be decoded, on one thread.

    Where a packet near the end is damaged, decoding on several threads loses what follows it, as
    much as there are threads. One thread loses the damaged frame alone, on every machine.
    """
    wanted = Counter(owed)
    due: Counter[int] = Counter()
    with opened(path) as container:
        stream = known_picture(path, container, source)
        stream.thread_type = "NONE"
        try:
            container.seek(min(pts for pts, _ in owed), stream=stream)
        except av.FFmpegError:
            return  # Without a seek, the last frames would cost decoding the film again.
        for packet in _packets(path, container, stream, Damage()):
            # Times alone would also find frames from before the clock started again.
            if packet.pts is not None and wanted[packet.pts, packet.pos]:
                wanted[packet.pts, packet.pos] -= 1
                due[packet.pts] += 1
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if frame.pts is not None and due[frame.pts]:
                    due[frame.pts] -= 1
                    yield frame


def _packets(
    path: Path, container: InputContainer, stream: VideoStream, damage: Damage
) -> Iterator[av.Packet[VideoStream]]:
    """The packets of a stream; damage between them is skipped, a failing disk is not."""
    failures = 0
    packets = container.demux(stream)
    while failures < _DEMUX_FAILURES:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.OSError as error:
            raise MediaUnreadable(path, f"reading stopped midway ({error.strerror})") from error
        except av.FFmpegError:
            failures += 1
            damage.places += 1
            packets = container.demux(stream)
            continue
        failures = 0
        yield packet
