"""Telemetry of GoPro films: samples as the camera wrote them, scaled and in a known order."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.moved import gpmf
from tests.moved.gpmf import Gyroscope, Orientation


def _item(key: str, letter: str, size: int, count: int, value: bytes) -> bytes:
    kind = letter.encode() or b"\0"
    return (
        struct.pack(">4scBH", key.encode(), kind, size, count) + value + b"\0" * (-len(value) % 4)
    )


def _nested(key: str, *below: bytes) -> bytes:
    value = b"".join(below)
    return _item(key, "", 1, len(value), value)


def _telemetry(*axes: bytes) -> bytes:
    samples = struct.pack(">6h", 10, 20, 30, -10, -20, -30)
    return _nested(
        "DEVC",
        _item("DVNM", "c", 1, 6, b"Camera"),
        _nested("STRM", _item("ACCL", "s", 6, 1, struct.pack(">3h", 1, 2, 3))),
        _nested("STRM", *axes, _item("SCAL", "s", 2, 1, struct.pack(">h", 10)),
                _item("GYRO", "s", 6, 2, samples)),
    )  # fmt: skip


def test_items_are_padded_to_four_bytes_and_all_are_found() -> None:
    packet = _item("DVNM", "c", 1, 6, b"Camera") + _item("TSMP", "L", 4, 1, b"\0\0\0\7")
    assert list(gpmf.items(packet)) == [
        ("DVNM", "c", 1, 6, b"Camera"),
        ("TSMP", "L", 4, 1, b"\0\0\0\7"),
    ]


@pytest.mark.parametrize(
    ("axes", "first"),
    [
        ([], [1, 2, 3]),
        ([_item("STNM", "c", 1, 17, b"Gyroscope (z,x,y)")], [2, 3, 1]),
        ([_item("ORIN", "c", 1, 3, b"XzY")], [1, 3, -2]),
    ],
)
def test_samples_are_scaled_and_put_in_the_order_of_their_axes(
    axes: list[bytes], first: list[float]
) -> None:
    samples = gpmf._scaled(_telemetry(*axes), "GYRO")
    assert samples is not None
    assert samples.tolist() == [first, [-one for one in first]]
    assert gpmf._scaled(_telemetry(*axes), "MAGN") is None


def test_the_angle_turned_is_the_rate_times_the_time() -> None:
    seconds = np.arange(0, 2, 0.005)
    rates = np.stack([np.full_like(seconds, 0.5), np.sin(2 * np.pi * seconds), 2 * seconds], 1)
    turned = Gyroscope(seconds, rates).turned(0.5, 1.5)
    assert turned == pytest.approx([0.5, 0, 2], abs=1e-3)


def test_a_picture_held_level_in_a_rolling_camera_does_not_turn() -> None:
    angle = np.array([0.0, 0.1])
    none = np.zeros(2)
    body = np.stack([np.cos(angle / 2), none, none, np.sin(angle / 2)], 1)
    still = np.stack([np.ones(2), none, none, none], 1)
    seconds = np.array([0.0, 0.5])
    assert Orientation(seconds, body, still).turned(0, 0.5) == pytest.approx([0, 0.2, 0], abs=1e-3)
    level = Orientation(seconds, body, body * (1, -1, -1, -1)).turned(0, 0.5)
    assert level == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "hertz", "oriented"),
    [("gopro_karma_drone.mp4", 370, False), ("gopro_max_walk.mp4", 198, True)],
)
def test_the_gyroscopes_of_real_films_are_read(
    shared: Path, name: str, hertz: int, oriented: bool
) -> None:
    path = shared / "assets" / "video" / "motion" / name
    measured = gpmf.gyroscope(path)
    assert (np.diff(measured.seconds) > 0).all()
    assert len(measured.seconds) / measured.seconds[-1] == pytest.approx(hertz, rel=0.02)
    assert np.abs(measured.rates).max() < 2
    assert (gpmf.orientation(path) is not None) == oriented


def test_a_film_without_a_gyroscope_is_refused(shared: Path) -> None:
    with pytest.raises(ValueError, match="no gyroscope"):
        gpmf.gyroscope(shared / "assets" / "video" / "motion" / "mdn_flower.mp4")
