"""Decodes the sound of a film once, forwards, in bounded memory, on the clock of its picture.

Sound and picture share the container's clock, so a stretch of the picture's pts has its sound at
the same seconds. Where a stream has no sound there is silence: before it begins, after it ends, and
in its gaps, which are filled and never squeezed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

from matchcut.errors import MediaUnreadable
from matchcut.media.container import opened
from matchcut.types import SOUND_RATE, Sound, Source, Span

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_READ_FAILURES = 50
"""Reads that may fail in a row before the rest of a file counts as lost."""
_JITTER = 0.015
"""Seconds by which pts may stray from the count of samples: Matroska rounds them, and those of
Vorbis follow its long and short blocks. The shortest real gap, a lost packet, is longer."""
_RESTART = 1.0
"""Seconds; a clock that jumps back by more has started again, and is counted on."""
_AHEAD = 10 * SOUND_RATE
"""Samples by which one stream is read ahead of another: those of a film are written side by side,
and one that does not come by then is silent here."""
_NEVER = 2**62
"""A sample later than any."""


class SoundTrack:
    """The sound of one film, read in stretches whose starts never decrease.

    Which sound: that of all streams of one channel together where the default stream has one
    channel (cameras and recorders write each microphone as its own stream), else that of the
    default stream alone (others are dubs and commentaries). Channels are averaged to one.

    Memory holds the stretch that is read, and of each stream up to ten seconds more.
    """

    def __init__(self, path: Path, container: InputContainer | None) -> None:
        self.damage = 0
        """Packets that could not be decoded and reads that failed, up to what was read."""
        self.reason: str | None = None
        """Why there is no sound at all although the film promises some; a part of a sentence."""
        self._path = path
        self._from = -_NEVER
        streams = _chosen(container) if container else []
        if container and container.streams.audio and not streams:
            self.reason = "no decoder for the codec of its sound is installed"
        for stream in container.streams if container else ():
            if stream not in streams:
                stream.discard = av.stream.Discard.all
        self._voices = [_Voice() for _ in streams]
        self._arriving = self._frames(container, streams) if container and streams else iter(())

    def read(self, span: Span) -> Sound:
        """The sound of a stretch of the film.

        Args:
            span: In any time base, on the picture's clock; starts no earlier than that of the
                stretch read before.

        Returns:
            (samples,) float32, -1 to 1, mono. Sample k is heard `k / SOUND_RATE` seconds after the
            start, within half a sample where the container's times are exact, and within 15 ms
            where they stray. As many samples as the stretch is long, with silence where there is no
            sound; of length 0 where there is none in all of it.

        Cost: a minute of AAC in stereo takes 0.2 s of one core, whether or not all of it is asked
        for. Of the file everything is read that lies between, save stretches of picture of more
        than the 32 KB at a time that libav reads.

        Raises:
            MediaUnreadable: the disk failed while reading.
            ValueError: the stretch starts before the one read before.
        """
        start = round(span.start * span.time_base * SOUND_RATE)
        end = start + round(span.seconds * SOUND_RATE)
        if start < self._from:
            raise ValueError("sound is read forwards: a stretch starts before the one read before")
        self._from = start
        for voice in self._voices:
            voice.forget(start)
        while self._awaited(end):
            arrived = next(self._arriving, None)
            if arrived is None:
                break
            place, frame = arrived
            try:
                self._voices[place].hear(frame, start)
            except av.FFmpegError:
                self.damage += 1
        heard = [one for voice in self._voices if (one := voice.stretch(start, end)) is not None]
        if not heard:
            return np.zeros(0, np.float32)
        mixed = np.sum(heard, axis=0) / len(self._voices)
        return np.asarray(np.clip(mixed, -1, 1), np.float32)

    def _awaited(self, end: int) -> bool:
        ends = [voice.end for voice in self._voices]
        return bool(ends) and min(ends) < end and max(ends) < end + _AHEAD

    def _frames(
        self, container: InputContainer, streams: Sequence[AudioStream]
    ) -> Iterator[tuple[int, AudioFrame | None]]:
        """Each frame with the place of its stream among the chosen; None after a stream's last."""
        places = {stream.index: place for place, stream in enumerate(streams)}
        packets = container.demux(tuple(streams))
        failures = 0
        came = False
        while failures < _READ_FAILURES:
            try:
                packet = next(packets)
            except StopIteration:
                break
            except av.error.OSError as error:
                why = f"reading stopped midway ({error.strerror})"
                raise MediaUnreadable(self._path, why) from error
            except av.FFmpegError:
                failures += 1
                self.damage += 1
                packets = container.demux(tuple(streams))
                continue
            failures = 0
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.damage += 1
                self._voices[places[packet.stream_index]].interrupt(self._from)
                continue
            for frame in frames:
                came = True
                self.damage += frame.is_corrupt
                yield places[packet.stream_index], frame
        if not came:
            self.reason = "it promises sound, but none can be decoded"
        for place in places.values():
            yield place, None


@contextmanager
def sound_track(path: Path, source: Source) -> Iterator[SoundTrack]:
    """The sound of a film, to be read while the block lasts; a film without any reads as none.

    The file is opened anew, beside whoever reads its picture.

    Raises:
        MediaMissing: nothing is at the path any more.
        MediaUnreadable: the file cannot be opened.
    """
    if not source.audio_streams:
        yield SoundTrack(path, None)
        return
    with opened(path) as container:
        yield SoundTrack(path, container)


def _chosen(container: InputContainer) -> list[AudioStream]:
    # Typed as never None, but libav has no context for a codec it does not know.
    known = [one for one in container.streams.audio if getattr(one, "codec_context", None)]
    if not known:
        return []
    default = av.stream.Disposition.default
    best = next((one for one in known if one.disposition & default), known[0])
    if best.codec_context.layout.nb_channels != 1:
        return [best]
    return [one for one in known if one.codec_context.layout.nb_channels == 1]


class _Voice:
    """The sound of one stream at `SOUND_RATE`, from the stretch being read on."""

    def __init__(self) -> None:
        self.end = -_NEVER
        """First sample, counted from second 0 of the container's clock, not heard yet."""
        self._kept: deque[tuple[int, Sound]] = deque()
        self._resampler: av.AudioResampler | None = None
        self._format: tuple[str, str, int] | None = None
        self._expected = 0.0
        """Seconds at which the next frame begins if nothing is missing, by the stream's clock."""
        self._shift = 0.0
        """Seconds to add to the stream's clock, because it has started again."""

    def hear(self, frame: AudioFrame | None, start: int) -> None:
        """Takes the stream's next frame, None after the last; keeps what is at or after `start`."""
        if frame is None:
            self.interrupt(start)
            self.end = _NEVER
            return
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        at = self._expected
        if frame.pts is not None and frame.time_base is not None:
            at = float(frame.pts * frame.time_base) + self._shift
            if self._format is not None and at < self._expected - _RESTART:
                self._shift += self._expected - at
                at = self._expected
        goes_on = abs(at - self._expected) <= _JITTER and form == self._format
        if self._resampler is None or not goes_on:
            self.interrupt(start)
            self.end = round(at * SOUND_RATE)
            self._resampler = av.AudioResampler(format="fltp", rate=SOUND_RATE)
            self._format = form
            self._expected = at
        self._expected += frame.samples / frame.sample_rate
        frame.pts = None  # Where samples belong is counted here.
        self._keep(self._resampler.resample(frame), start)

    def interrupt(self, start: int) -> None:
        """Something is missing here: what comes next lies where its own pts says."""
        if self._resampler is not None:
            self._keep(self._resampler.resample(None), start)
            self._resampler = None

    def _keep(self, frames: Sequence[AudioFrame], start: int) -> None:
        for frame in frames:
            sound = frame.to_ndarray().mean(axis=0, dtype=np.float32)
            if self.end + len(sound) > start:
                self._kept.append((self.end, sound))
            self.end += len(sound)

    def forget(self, start: int) -> None:
        """Drops what was heard before `start`."""
        while self._kept and self._kept[0][0] + len(self._kept[0][1]) <= start:
            self._kept.popleft()

    def stretch(self, start: int, end: int) -> Sound | None:
        """The samples `[start, end)` with silence where none are kept; None where none are."""
        sound: Sound | None = None
        for begin, part in self._kept:
            first, last = max(begin, start), min(begin + len(part), end)
            if first < last:
                if sound is None:
                    sound = np.zeros(end - start, np.float32)
                sound[first - start : last - start] = part[first - begin : last - begin]
        return sound
