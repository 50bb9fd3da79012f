"""The gyroscope of a GoPro film: what the camera itself measured of its turning.

The telemetry lies in a data stream of the file, as nested keys, lengths and values: a key of four
letters, a type letter, the size of one sample in bytes, the number of samples (16 bits), then the
samples, big-endian, padded to four bytes. Type 0 holds keys again. `SCAL` divides what follows it.

Source: GPMF introduction, github.com/gopro/gpmf-parser, docs/README.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

_TYPES = {
    "b": ">i1", "B": ">u1", "s": ">i2", "S": ">u2", "l": ">i4", "L": ">u4", "f": ">f4", "d": ">f8",
    "j": ">i8", "J": ">u8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gyroscope:
    """Turning rates of the camera's body over a film."""

    seconds: NDArray[np.float64]
    """(T,) of the video's clock."""
    rates: NDArray[np.float64]
    """(T, 3) radians a second about the axes that the file calls x (across the camera), y (the way
    it looks) and z (upright)."""

    def turned(self, start: float, end: float) -> NDArray[np.float64]:
        """(3,) mean rates between two times: the angles turned over the time taken."""
        means = (self.rates[1:] + self.rates[:-1]) / 2
        angles = np.cumsum(means * np.diff(self.seconds)[:, None], axis=0)
        angles = np.concatenate([np.zeros((1, 3)), angles])
        reached = [
            [np.interp(at, self.seconds, angle) for angle in angles.T] for at in (start, end)
        ]
        return np.asarray((np.array(reached[1]) - reached[0]) / (end - start))


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the camera's body, and the picture in it, are turned at each frame."""

    seconds: NDArray[np.float64]
    """(T,) of the video's clock."""
    body: NDArray[np.float64]
    """(T, 4) `CORI`: unit quaternions since the film's start, real part first."""
    picture: NDArray[np.float64]
    """(T, 4) `IORI`: of the picture, stabilised in the camera, against the body."""

    def turned(self, start: float, end: float) -> NDArray[np.float64]:
        """(3,) mean rates of the picture between two times, about the axes of `Gyroscope`."""
        before, after = (
            _product(self.body[at], self.picture[at])
            for at in (int(np.abs(self.seconds - when).argmin()) for when in (start, end))
        )
        way = _product(before * (1, -1, -1, -1), after)
        across, upright, along = 2 * way[1:] * np.sign(way[0])  # small angles
        return np.array([across, along, upright]) / (end - start)


def _product(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of two quaternions."""
    real = a[0] * b[0] - a[1:] @ b[1:]
    return np.array([real, *(a[0] * b[1:] + b[0] * a[1:] + np.cross(a[1:], b[1:]))])


def items(packet: bytes) -> Iterator[tuple[str, str, int, int, bytes]]:
    """Every item of one level: key, type letter ("" where it is nested), size, count, bytes."""
    at = 0
    while at + 8 <= len(packet):
        key, kind, size, count = struct.unpack_from(">4scBH", packet, at)
        length = size * count
        letter = "" if kind == b"\0" else kind.decode("latin-1")
        yield key.decode("latin-1"), letter, size, count, packet[at + 8 : at + 8 + length]
        at += 8 + (length + 3) // 4 * 4


def gyroscope(path: Path) -> Gyroscope:
    """Reads the gyroscope of a file.

    Raises:
        ValueError: no data stream of the file holds gyroscope samples.
    """
    seconds, rates = _samples(path, "GYRO")
    if not len(seconds):
        raise ValueError(f"{path} holds no gyroscope samples")
    return Gyroscope(seconds, rates)


def orientation(path: Path) -> Orientation | None:
    """Reads how body and picture are turned; None from cameras that do not write it."""
    seconds, body = _samples(path, "CORI")
    if not len(seconds):
        return None
    return Orientation(seconds, body, _samples(path, "IORI")[1])


def _samples(path: Path, wanted: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times and samples of one key; those of a packet are spread evenly over its duration."""
    times: list[NDArray[np.float64]] = [np.zeros(0)]
    found: list[NDArray[np.float64]] = []
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.data):
            if not packet.size or packet.pts is None or packet.time_base is None:
                continue
            samples = _scaled(bytes(packet), wanted)
            if samples is not None:
                start = float(packet.pts * packet.time_base)
                lasting = float((packet.duration or 0) * packet.time_base)
                times.append(start + lasting * np.arange(len(samples)) / len(samples))
                found.append(samples)
    return np.concatenate(times), np.concatenate(found) if found else np.zeros((0, 3))


def _scaled(level: bytes, wanted: str) -> NDArray[np.float64] | None:
    """The samples of `wanted` in one level or below it, axes in the order x, y, z if named."""
    scale, axes = np.ones(1), ""
    for key, letter, _, count, value in items(level):
        if not letter:
            below = _scaled(value, wanted)
            if below is not None:
                return below
        elif key == "STNM" and b"(" in value:
            axes = value.decode("latin-1").partition("(")[2].partition(")")[0].replace(",", "")
            axes = axes.upper()
        elif key == "ORIN":
            axes = value.decode("latin-1")
        elif key == "SCAL":
            scale = np.frombuffer(value, _TYPES[letter]).astype(np.float64)
        elif key == wanted and count:
            samples = np.frombuffer(value, _TYPES[letter]).reshape(count, -1) / scale
            return _ordered(samples, axes)
    return None


def _ordered(samples: NDArray[np.float64], axes: str) -> NDArray[np.float64]:
    """Columns in the order x, y, z; in `ORIN` a small letter is an axis turned round."""
    if sorted(axes.upper()) != ["X", "Y", "Z"]:
        return samples
    columns = [axes.upper().index(axis) for axis in "XYZ"]
    signs = np.array([1.0 if axes[column].isupper() else -1.0 for column in columns])
    return np.asarray(samples[:, columns] * signs)
