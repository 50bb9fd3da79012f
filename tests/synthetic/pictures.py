"""Rows of the other flavors, drawn simply: valid, spread as real ones are, alike where planted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.flavors import _arrangement, _lightness, _movement, _palette, _spectrum
from matchcut.types import Rows
from tests.synthetic.plan import Plan


def movements(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, M) of `_movement.ROW`: a third of the cameras stand; all pan where a pair is planted."""
    shots, moments = plan.moments.shape
    rates = rng.normal(0, (0.2, 0.1, 0.15, 0.02), (shots, 4))
    rates[rng.random(shots) < 1 / 3] = 0
    pans = rng.uniform(0.1, 0.6, shots) * rng.choice((-1, 1), shots)
    rates[plan.sure, 0] = pans[plan.sure]
    sure = np.where(plan.sure, 0.8, rng.uniform(0.1, 0.9, shots))
    acting = _blobs(shots, (_movement.GRID_HEIGHT, _movement.GRID_WIDTH), rng)[..., None]
    acting = acting * rng.normal(0, 0.15, (shots, 1, 1, 2))
    rows = np.zeros((shots, moments), _movement.ROW)
    content = plan.content
    for side in ("before", "after"):
        rows[side]["camera"] = _varied(rates[content], moments, 0.0002, rng)
        rows[side]["sure"] = sure[content][:, None]
        rows[side]["shake"] = rng.exponential(0.002, (shots, moments))
        rows[side]["subject"] = acting[content].astype(np.float16)[:, None]
    still = np.zeros((shots, _movement.GRID_HEIGHT, _movement.GRID_WIDTH, 2))
    still += rates[:, None, None, :2] * (-1, 1)
    rows["average"] = (still + acting)[content].astype(np.float32)[:, None]
    return rows


def colors(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, M) of `_palette.ROW`: six colours around a tint, and a layout of them."""
    shots, moments = plan.moments.shape
    count = _palette.COLORS
    palette = np.empty((shots, count, 3))
    palette[..., 0] = rng.uniform(0.15, 0.9, (shots, count))
    palette[..., 1:] = rng.normal(0, 0.06, (shots, 1, 2)) + rng.normal(0, 0.04, (shots, count, 2))
    shares = -np.sort(-rng.dirichlet(np.ones(count), shots), axis=1)
    axes = (palette[..., :1], *np.split((1 + np.tanh(palette[..., 1:] / 0.1)) / 2, 2, axis=-1))
    votes = [
        np.exp(-np.square((axis * (steps - 1) - np.arange(steps)) / _palette.BLUR) / 2)
        for axis, steps in zip(axes, _palette.STEPS, strict=True)
    ]
    histogram = np.einsum("nc,nci,ncj,nck->nijk", shares, *votes, optimize=True)
    histogram = np.sqrt(histogram.reshape(shots, -1))
    histogram *= _palette.UNIT / np.linalg.norm(histogram, axis=1, keepdims=True)
    lightness = np.sqrt((shares * np.square(palette[..., 0])).sum(axis=1))
    places = rng.integers(0, count, (shots, _palette.LINES, _palette.COLUMNS))
    layout = palette[np.arange(shots)[:, None, None], places] / lightness[:, None, None, None]

    content = plan.content
    rows = np.zeros((shots, moments), _palette.ROW)
    rows["palette"] = palette[content].astype(np.float32)[:, None]
    rows["shares"] = shares[content].astype(np.float32)[:, None]
    rows["histogram"] = np.rint(histogram[content]).astype(np.int16)[:, None]
    rows["layout"] = np.rint(_varied(layout[content] * _palette.FINE, moments, 15, rng))
    rows["lightness"] = lightness[content][:, None] * np.exp(rng.normal(0, 0.03, (shots, moments)))
    rows["chroma"] = np.linalg.norm(palette[..., 1:], axis=-1).mean(axis=1)[content][:, None]
    rows["variety"] = np.sqrt(palette.var(axis=1).sum(axis=-1))[content][:, None]
    return rows


def lights(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, M) of `_lightness.ROW`: a light place or a dark one."""
    shots, moments = plan.moments.shape
    lines, columns = _lightness.LINES, _lightness.COLUMNS
    layout = _blobs(shots, (lines, columns), rng) * rng.normal(0, 2, (shots, 1, 1))
    layout += rng.normal(0, 0.3, layout.shape)
    layout -= layout.mean(axis=(1, 2), keepdims=True)
    content = plan.content
    rows = np.zeros((shots, moments), _lightness.ROW)
    seen = np.rint(_varied(layout[content] * _lightness.FINE, moments, 10, rng))
    rows["layout"] = np.clip(seen, -32000, 32000)
    rows["key"] = rng.uniform(-4, -1, (shots,))[content][:, None]
    rows["contrast"] = np.asarray(layout.std(axis=(1, 2)))[content][:, None]
    return rows


def compositions(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, M) of `_arrangement.ROW`: up to six lines, a circle in one of four, and masses."""
    shots, moments = plan.moments.shape
    found = np.zeros(shots, _arrangement.ROW)
    lines, circles = found["lines"], found["circles"][:, 0]
    count = rng.integers(0, _arrangement.LINES + 1, (shots, 1))
    angle = rng.uniform(0, np.pi, lines.shape)
    drawn = {
        "x": rng.uniform(-0.4, 0.4, lines.shape),
        "y": rng.uniform(-0.2, 0.2, lines.shape),
        "along_x": np.cos(angle),
        "along_y": np.sin(angle),
        "half": rng.uniform(0.05, 0.5, lines.shape),
        "strength": -np.sort(-rng.uniform(0, 0.3, lines.shape), axis=1),
    }
    for name, values in drawn.items():
        lines[name] = np.where(np.arange(_arrangement.LINES) < count, values, 0)
    found["total"] = lines["strength"].sum(axis=1)
    round_ = rng.random(shots) < 1 / 4
    for name, low, high in (
        ("x", -0.3, 0.3),
        ("y", -0.2, 0.2),
        ("radius", 0.05, 0.2),
        ("strength", 0.1, 1),
    ):
        circles[name] = np.where(round_, rng.uniform(low, high, shots), 0)
    found["masses"] = np.rint(rng.normal(0, 300, found["masses"].shape))
    found["weight"] = rng.uniform(0, 1, shots)
    return np.repeat(found[plan.content][:, None], moments, axis=1)


def sounds(plan: Plan, rng: np.random.Generator) -> Rows:
    """(S, 1): a stretch of noise of its own; how A of a planted pair ends, B begins."""
    shots = len(plan.film)
    heard = np.zeros(shots, _spectrum.SIDE)
    heard["changes"] = rng.integers(-12, 13, heard["changes"].shape, np.int8)
    heard["onset"] = rng.integers(0, 8, heard["onset"].shape, np.int8)
    heard["loud"] = rng.integers(-40, -10, heard["loud"].shape, np.int8)
    envelope = rng.normal(0, 6, heard["envelope"].shape)
    heard["envelope"] = envelope - envelope.mean(axis=1, keepdims=True)
    heard["lively"] = np.sqrt(np.square(heard["changes"].astype(np.float32)).mean(axis=(1, 2)))
    heard["frames"] = _spectrum.FRAMES
    rows = np.zeros((shots, 1), np.dtype([("head", _spectrum.SIDE), ("tail", _spectrum.SIDE)]))
    rows["head"] = rows["tail"] = heard[plan.content][:, None]
    return rows


def _blobs(count: int, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """(count, *shape) a soft spot of height 1 in each, anywhere."""
    sides = [
        np.exp(-np.square((np.linspace(0, 1, cells) - rng.random((count, 1))) / 0.2) / 2)
        for cells in shape
    ]
    return np.asarray(sides[0][:, :, None] * sides[1][:, None, :])


def _varied(
    values: NDArray[np.float64], moments: int, by: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """(S, M, ...) the (S, ...) values at every moment, each strayed by so much."""
    shape = (len(values), moments, *values.shape[1:])
    strayed = rng.standard_normal(shape, np.float32)
    strayed *= np.float32(by)
    strayed += values[:, None].astype(np.float32)
    return strayed
