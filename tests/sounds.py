"""Sounds that are made for one test: speech-like, drums, chords, wind; and what recording does.

They are no music and say nothing: what they have is enough structure for one to be told from
another, and for the lag between two takes of one to be known to the sample.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from matchcut.types import SOUND_RATE, Sound


def _levelled(sound: NDArray[np.float64], level: float = 0.1) -> Sound:
    strength = float(np.sqrt(np.square(sound).mean())) or 1.0
    return np.clip(sound * level / strength, -1, 1).astype(np.float32)


def _filtered(
    sound: NDArray[np.float64], hertz: list[float], decibel: list[float]
) -> NDArray[np.float64]:
    """The sound with the gain that is drawn by straight lines from point to point."""
    frequencies = np.fft.rfftfreq(len(sound), 1 / SOUND_RATE)
    gain = 10 ** (np.interp(frequencies, hertz, decibel) / 20)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)))


def speech(seed: int, seconds: float) -> Sound:
    """Syllables of a voice with a pitch and two formants of their own, and pauses between some."""
    draw = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * SOUND_RATE))
    at = 0
    while at < len(sound):
        length = int(draw.uniform(0.08, 0.3) * SOUND_RATE)
        time = np.arange(length) / SOUND_RATE
        pitch = draw.uniform(90, 220) * (1 + draw.uniform(-0.3, 0.3) * time)
        if draw.random() < 0.3:
            voiced = draw.normal(size=length)
        else:
            voiced = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / SOUND_RATE) - 0.9) + 0.9
        first, second = draw.uniform(250, 900), draw.uniform(1000, 3200)
        spoken = _filtered(
            voiced,
            [0, first, (first + second) / 2, second, second + 800, 8000],
            [-20, 0, -18, -6, -24, -40],
        )
        stop = min(at + length, len(sound))
        shape = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 0.5 * draw.uniform(0.3, 1)
        sound[at:stop] += (spoken / (np.abs(spoken).max() + 1e-9) * shape)[: stop - at]
        at += length + int(draw.choice([0, 0, 0.05, 0.2]) * SOUND_RATE)
    return _levelled(sound + 0.003 * draw.normal(size=len(sound)))


def drums(seed: int, seconds: float) -> Sound:
    """Strokes of three kinds at irregular distances, over a little noise."""
    draw = np.random.default_rng(seed)
    sound = 0.002 * draw.normal(size=round(seconds * SOUND_RATE))
    at = 0
    while at < len(sound):
        length = int(draw.uniform(0.05, 0.25) * SOUND_RATE)
        time = np.arange(length) / SOUND_RATE
        deep = np.sin(2 * np.pi * draw.uniform(60, 400) * time) * np.exp(-time * 20)
        sharp = draw.normal(size=length) * np.exp(-time * draw.uniform(15, 60))
        share = draw.random()
        stop = min(at + length, len(sound))
        stroke = draw.uniform(0.3, 1) * (share * deep + (1 - share) * sharp)
        sound[at:stop] += stroke[: stop - at]
        at += int(draw.uniform(0.08, 0.5) * SOUND_RATE)
    return _levelled(sound)


def chords(seed: int, seconds: float) -> Sound:
    """Chords of three tones with overtones, each held for a third of a second to one second."""
    draw = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * SOUND_RATE))
    at = 0
    while at < len(sound):
        length = min(int(draw.uniform(0.3, 1.0) * SOUND_RATE), len(sound) - at)
        time = np.arange(length) / SOUND_RATE
        for tone in draw.choice(np.arange(24), 3, replace=False):
            for over in range(1, 6):
                wave = np.sin(2 * np.pi * 130 * 2 ** (tone / 12) * over * time)
                sound[at : at + length] += wave / over**1.5 * np.exp(-time * 2)
        at += length
    return _levelled(sound + 0.002 * draw.normal(size=len(sound)))


def wind(seed: int, seconds: float, decibel: tuple[float, ...] = (0, 0, -20, -40, -60)) -> Sound:
    """Steady noise, `decibel` strong at 0, 100, 500, 2000 and 8000 Hz."""
    noise = np.random.default_rng(seed).normal(size=round(seconds * SOUND_RATE))
    return _levelled(_filtered(noise, [0, 100, 500, 2000, 8000], list(decibel)))


KINDS: dict[str, Callable[[int, float], Sound]] = {
    "speech": speech,
    "drums": drums,
    "chords": chords,
    "wind": wind,
}


def recorded(sound: Sound, seed: int, *, noise: float = 20.0) -> Sound:
    """The sound through another microphone: gain, tone, and noise so many dB below it."""
    draw = np.random.default_rng(seed)
    gain = list(draw.uniform(-6, 6, 7))
    heard = _filtered(sound.astype(np.float64), [0, 150, 400, 1000, 2500, 5000, 8000], gain)
    hiss = _filtered(draw.normal(size=len(sound)), [0, 300, 8000], [0, 0, -12])
    strength = np.sqrt(np.square(heard).mean() / np.square(hiss).mean())
    return _levelled(heard + hiss * strength * 10 ** (-noise / 20), 10 ** draw.uniform(-1.6, -0.8))


def in_a_room(sound: Sound, seed: int) -> Sound:
    """The sound as a room gives it back: what arrives directly and what the walls send after it."""
    draw = np.random.default_rng(seed)
    time = np.arange(round(0.15 * SOUND_RATE)) / SOUND_RATE
    walls = draw.normal(size=len(time)) * np.exp(-time * 40)
    walls *= 1 / np.sqrt(np.square(walls).sum())
    walls[0] += 1
    size = len(sound) + len(walls)
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(walls, size), size)
    return _levelled(heard[: len(sound)])


def slowed(sound: Sound, share: float) -> Sound:
    """The sound played slower by a share of its speed, pitch and all; cut to its length."""
    at = np.arange(len(sound)) * (1 - share)
    return np.asarray(np.interp(at, np.arange(len(sound)), sound), np.float32)


def encoded(sound: Sound, codec: str = "aac", bit_rate: int = 32_000) -> Sound:
    """The sound as it comes out of a codec, every sample at its time."""
    file = BytesIO()
    with av.open(file, "w", format="matroska") as container:
        stream = cast("av.AudioStream", container.add_stream(codec, rate=SOUND_RATE, layout="mono"))
        stream.bit_rate = bit_rate
        whole = av.AudioFrame.from_ndarray(sound[None], format="fltp", layout="mono")
        whole.sample_rate = SOUND_RATE
        queue = av.AudioFifo()
        queue.write(whole)
        for number, part in enumerate(queue.read_many(1024, partial=True)):
            part.pts = number * 1024
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    file.seek(0)
    heard = np.zeros(len(sound), np.float32)
    with av.open(file, "r") as written:
        for frame in written.decode(audio=0):
            samples = frame.to_ndarray()[0]
            start = round((frame.time or 0) * SOUND_RATE)
            samples = samples[max(-start, 0) :][: len(sound) - max(start, 0)]
            heard[max(start, 0) : max(start, 0) + len(samples)] = samples
    return heard
