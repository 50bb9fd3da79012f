"""Brings HDR and wide-gamut pictures to SDR (BT.709 primaries, BT.1886 display).

PQ and HLG codes become light on a 1,000 cd/m2 display; light up to a knee is kept, and what is
brighter is rolled off to SDR white at 203 cd/m2, so that faces keep their brightness and lamps
their shape. The largest channel sets the gain of all three, which keeps the hue.

Sources: ITU-R BT.2100-2 (PQ EOTF, HLG inverse OETF and OOTF); BT.2408-7 (white at 203 cd/m2);
BT.2390-10 section 5.4 (the Hermite roll-off); BT.2087-0 (BT.2020 to BT.709); BT.1886 (gamma 2.4).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchcut.types import Picture

Curve = Literal["sdr", "pq", "hlg"]

_CODES = 1 << 16
_PEAK = 1000.0
"""cd/m2 of the display the film is taken to be graded on; brighter light is shown as this."""
_WHITE = 203.0
_GAMMA = 2.4
_PQ_PEAK = 10_000.0
_PQ_M1, _PQ_M2 = 2610 / 16384, 2523 / 4096 * 128
_PQ_C1, _PQ_C2, _PQ_C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073
_HLG_SYSTEM_GAMMA = 1.2
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593], np.float32)
_TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]],
    np.float32,
)


def to_sdr(codes: NDArray[np.uint16], curve: Curve, *, wide_gamut: bool) -> Picture:
    """An SDR picture of 16-bit RGB codes.

    Args:
        codes: (H, W, 3) uint16, full range (65535 is the signal's 1.0).
        curve: Transfer function of the codes.
        wide_gamut: The primaries are BT.2020; else they are taken for BT.709.

    Cost: about 8 ms at 320x180 on one core of 2020.
    """
    light = _light_table(curve)[codes]
    if curve == "hlg":
        scene = np.maximum(light @ _LUMA_2020, 1e-6)
        light = light * (_PEAK * scene ** (_HLG_SYSTEM_GAMMA - 1))[..., None]
    if curve != "sdr":
        largest = np.clip(light.max(axis=2), 1e-3, _PEAK)
        steps, gains = _roll_off()
        gain = np.interp(np.log(largest), steps, gains).astype(np.float32)
        light = np.minimum(light, _PEAK) * (gain / np.float32(_WHITE))[..., None]
    if wide_gamut:
        light = light @ _TO_709.T
    picture: Picture = _display_table()[(np.clip(light, 0, 1) * (_CODES - 1)).astype(np.uint16)]
    return picture


def pq_light(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light in cd/m2 (0 to 10,000) of a PQ signal (0 to 1)."""
    root = signal ** (1 / _PQ_M2)
    share = np.maximum(root - _PQ_C1, 0) / (_PQ_C2 - _PQ_C3 * root)
    light: NDArray[np.float64] = _PQ_PEAK * share ** (1 / _PQ_M1)
    return light


def pq_signal(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """PQ signal (0 to 1) of light in cd/m2; inverse of `pq_light`."""
    power = (light / _PQ_PEAK) ** _PQ_M1
    signal: NDArray[np.float64] = ((_PQ_C1 + _PQ_C2 * power) / (1 + _PQ_C3 * power)) ** _PQ_M2
    return signal


@lru_cache(maxsize=3)
def _light_table(curve: Curve) -> NDArray[np.float32]:
    """Light by code: cd/m2 for PQ, scene light 0 to 1 for HLG, display light 0 to 1 for SDR."""
    signal = np.linspace(0, 1, _CODES)
    if curve == "pq":
        light = pq_light(signal)
    elif curve == "hlg":
        light = np.where(
            signal <= 0.5, signal**2 / 3, (np.exp((signal - _HLG_C) / _HLG_A) + _HLG_B) / 12
        )
    else:
        light = signal**_GAMMA
    return light.astype(np.float32)


@lru_cache(maxsize=1)
def _roll_off() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithms of light, increasing, and the gain that BT.2390 gives each."""
    light = np.geomspace(1e-3, _PEAK, 1024)
    peak = pq_signal(np.array(_PEAK))
    signal = pq_signal(light) / peak
    target = float(pq_signal(np.array(_WHITE)) / peak)
    knee = 1.5 * target - 0.5
    t = np.maximum(signal - knee, 0) / (1 - knee)
    rolled = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (-2 * t**3 + 3 * t**2) * target
    )
    shown = pq_light(np.where(signal < knee, signal, rolled) * peak)
    return np.log(light), shown / light


@lru_cache(maxsize=1)
def _display_table() -> NDArray[np.uint8]:
    """Code 0 to 255 by light in 65,535ths of SDR white."""
    code = 255 * np.linspace(0, 1, _CODES) ** (1 / _GAMMA)
    return np.rint(code).astype(np.uint8)
