"""What the edges of a shot sound like: spectral envelope, onsets and loudness every 10 ms.

Envelopes are log energies in bands of equal width on the mel scale. They are kept in two parts: the
mean envelope of the stretch, and how each band changes against its own mean over the half second
around. Another microphone, distance, room or codec moves the first and little of the second; how
loud it was recorded is in neither. Onsets are the spectral flux against the loudest of neighbouring
bands, which leaves out vibrato.

Source: Stevens, Volkmann and Newman 1937, J. Acoust. Soc. Am. 8(3), 185-190 (mel scale); Böck and
Widmer 2013, "Maximum Filter Vibrato Suppression for Onset Detection", DAFx-13 (onsets).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from matchcut.types import SOUND_RATE, Rows, Sound

STRETCH = Fraction(2)
"""Seconds heard from either end of a shot."""
WIDTH, HOP = 400, 160
"""Samples of a frame, and between two: 25 and 10 ms."""
FRAMES = 198
"""Frames in a whole stretch."""
BANDS = 24
RANGE = (80.0, 7600.0)
"""Hertz at which the lowest band begins and the highest ends."""
FLOOR = 10**-3.5
"""Energy added to every band, as a share of the stretch's mean: what is 35 dB below it is noise."""
AROUND = 25
"""Frames on either side over which the mean of a band is taken."""
LARGEST = 40
"""dB; the largest change, and the largest onset."""
LAG = 2
"""Frames before an onset with which it is compared."""
AUDIBLE = -60
"""dB of full scale from which on a frame is heard."""

SIDE = np.dtype(
    [
        ("changes", "i1", (FRAMES, BANDS)),  # dB against the mean of the half second around.
        ("onset", "i1", (FRAMES,)),  # dB by which the bands rise on average, from 0 on.
        ("loud", "i1", (FRAMES,)),  # dB of full scale, -120 to 0.
        ("envelope", "<f4", (BANDS,)),  # dB, the mean of what is heard; its own mean is 0.
        ("lively", "<f4"),  # dB, root mean square of the changes in what is heard.
        ("frames", "<i2"),  # How many there are; 0 where nothing is heard.
    ]
)
"""One edge of a shot. Of a head the first frames count and time runs from its start; of a tail the
last ones, and the last frame ends with the shot. What does not count is 0."""


def listened(sound: Sound, *, tail: bool) -> Rows:
    """The () row of `SIDE` of one stretch of sound; all zeros where none of it can be heard.

    Args:
        sound: (samples,) float32 at `SOUND_RATE`; may be empty or shorter than a frame.
        tail: Whether it is the end of a shot, so that frames are counted from its end.

    Cost: about 3 ms for two seconds.
    """
    row = np.zeros((), SIDE)
    count = min((len(sound) - WIDTH) // HOP + 1, FRAMES)
    if count < 1:
        return row
    length = WIDTH + (count - 1) * HOP
    used = sound[-length:] if tail else sound[:length]
    frames = np.lib.stride_tricks.sliding_window_view(used, WIDTH)[::HOP].astype(np.float64)
    loud = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-12)
    heard = loud >= AUDIBLE
    if not heard.any():
        return row
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(WIDTH + 2)[1:-1], _FFT, axis=1)))
    # Not by a matrix product, whose last digit can depend on the machine's threads.
    energy = np.einsum("tf,fb->tb", power, _bands())
    level = 10 * np.log10(energy + energy[heard].mean() * FLOOR)
    changes = level - _running_mean(level)
    envelope = level[heard].mean(axis=0)
    place = slice(FRAMES - count, None) if tail else slice(count)
    row["changes"][place] = np.clip(np.rint(changes), -LARGEST, LARGEST)
    row["onset"][place] = np.clip(np.rint(_onsets(level)), 0, LARGEST)
    row["loud"][place] = np.clip(np.rint(loud), -120, 0)
    row["envelope"] = envelope - envelope.mean()
    row["lively"] = np.sqrt(np.square(changes[heard]).mean())
    row["frames"] = count
    return row


def _running_mean(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T, bands) the mean of up to `AROUND` frames on either side, of fewer at the ends."""
    sums = np.cumsum(np.pad(level, ((1, 0), (0, 0))), axis=0)
    first = np.maximum(np.arange(len(level)) - AROUND, 0)
    after = np.minimum(np.arange(len(level)) + AROUND + 1, len(level))
    return np.asarray((sums[after] - sums[first]) / (after - first)[:, None])


_FFT = 512


def _onsets(level: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) how far the bands of each frame rise above the loudest of their neighbours before."""
    padded = np.pad(level, ((0, 0), (1, 1)), mode="edge")
    highest = np.max([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], axis=0)
    rise = np.zeros(len(level))
    rise[LAG:] = np.maximum(level[LAG:] - highest[:-LAG], 0).mean(axis=1)
    return rise


@cache
def _bands() -> NDArray[np.float64]:
    """(bins, bands) triangles of equal width on the mel scale, each of sum 1."""
    hertz = np.arange(_FFT // 2 + 1) * SOUND_RATE / _FFT
    mel = 1127 * np.log1p(hertz / 700)
    low, high = (1127 * np.log1p(edge / 700) for edge in RANGE)
    middles = np.linspace(low, high, BANDS + 2)[1:-1]
    width = (high - low) / (BANDS + 1)
    shares = np.maximum(1 - np.abs(mel[:, None] - middles) / width, 0)
    return np.asarray(shares / shares.sum(axis=0), np.float64)
