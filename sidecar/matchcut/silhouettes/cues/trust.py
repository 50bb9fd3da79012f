"""How far a silhouette can be trusted: the overlap to expect with the one a person would draw."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.cues import network, refine
from matchcut.silhouettes.cues.fuse import Fused

SIGNS = (
    "apart",
    "agreement",
    "parts",
    "networks",
    "peak",
    "inside",
    "contrast",
    "edge",
    "area",
    "sprawl",
    "crosses",
    "compact",
    "doubt",
    "pieces",
    "unity",
    "dissent",
)
"""By name, in their order: mean probability inside less that in a ring around; overlap of the mask
with the thresholded probability; overlap of what regression and networks take for subject, each by
itself; that of the networks' with the mask; 99th percentile of the probability; mean of it inside;
Lab distance between the colours inside and in the ring; strength of the picture's edges along the
outline against elsewhere; share of the picture, and its square; whether the mask reaches from side
to side, as ground, crowds and skylines do; area over that of the box around it; mean of p(1 - p)
inside; how many pieces the mask has; and the mean and the least overlap of what single networks
take for subject with what all together do."""

_RING = 10
"""Pixels around the mask that count as its surroundings."""


def signs(mask: NDArray[np.bool_], parts: Fused, picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(16,) the signs of `SIGNS`.

    Args:
        mask: (h, w) bool, not empty, over the picture.
        parts: What the mask was made from.
        picture: (h, w, 3) uint8 RGB.
    """
    height, width = mask.shape
    likely, first, second = (
        np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR))
        for plane in (parts.likely, parts.first, parts.second)
    )
    brush = np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)
    ring = (cv2.dilate(mask.view(np.uint8), brush) > 0) & ~mask
    if not ring.any():
        ring = ~mask if not mask.all() else mask
    lab = np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
    together = parts.likely > refine.threshold(parts.likely)
    alone = [_overlap(one > refine.threshold(one), together) for one in parts.networks]
    y, x = np.nonzero(mask)
    area = float(mask.mean())
    return np.array(
        [
            likely[mask].mean() - likely[ring].mean(),
            _overlap(mask, likely > refine.threshold(parts.likely)),
            _overlap(
                first > refine.threshold(parts.first), second > refine.threshold(parts.second)
            ),
            _overlap(mask, second > refine.threshold(parts.second)),
            np.percentile(parts.likely, 99),
            likely[mask].mean(),
            np.linalg.norm(lab[mask].mean(axis=0) - lab[ring].mean(axis=0)) / 50,
            _on_edges(mask, lab),
            area,
            area * area,
            float(mask[:, 0].any() and mask[:, -1].any()),
            mask.sum() / ((np.ptp(y) + 1) * (np.ptp(x) + 1)),
            (likely * (1 - likely))[mask].mean(),
            cv2.connectedComponents(mask.view(np.uint8))[0] - 1,
            np.mean(alone),
            min(alone),
        ],
        np.float64,
    )


def trusted(trained: network.Numbers, found: NDArray[np.float64]) -> float:
    """The confidence, 0 to 1, that the signs give: a fitted weighted sum."""
    coefficients = trained["confidence"].astype(np.float64)
    return float(np.clip(found @ coefficients[:-1] + coefficients[-1], 0, 1))


def _overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    return float((one & other).sum() / max((one | other).sum(), 1))


def _on_edges(mask: NDArray[np.bool_], lab: NDArray[np.float32]) -> float:
    """Mean steepness of lightness along the outline, over that and the mean elsewhere: 0 to 1."""
    soft = cv2.GaussianBlur(np.ascontiguousarray(lab[..., 0]), (0, 0), 1.0)
    steep = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    brush = np.ones((3, 3), np.uint8)
    outline = cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_GRADIENT, brush) > 0
    # Where the subject is cut by the picture's edge there is no outline to be seen.
    outline[[0, -1]] = False
    outline[:, [0, -1]] = False
    if not outline.any() or outline.all():
        return 0.5
    along, elsewhere = float(steep[outline].mean()), float(steep[~outline].mean())
    return along / max(along + elsewhere, 1e-6)
