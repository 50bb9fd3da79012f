"""Silhouettes of all frames of a stretch of which some are known: masks that go where things go."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS, packed, unpacked
from matchcut.silhouettes.plates import FINER, separated
from matchcut.silhouettes.rows import ROW, Instance, row
from matchcut.types import Followed, Rows

FADE = 0.9
"""What is left of a mask's confidence a second away from the frame it was seen in, at best."""
HALF = 127.5
"""Of 255: a cell is taken for part of a silhouette if it more likely is than not."""
DECIDED = 0.8
"""The confidence of a silhouette that a clean plate tells from what is behind it."""


def follow(
    rows: Rows,
    pictures: NDArray[np.uint8],
    at: Sequence[int],
    seconds: NDArray[np.float64],
    /,
) -> Followed:
    """The rows of all frames of a stretch, given those of some.

    Where all hold one silhouette of nobody knows what, it is told from the clean plate behind it,
    if there is one (`silhouettes.plates`). Else each frame has those of the known frame next to it,
    carried along: people, subject and instances keep who they are and their order. What has left
    the picture is left out, and what enters it is not seen.

    Args:
        rows: (K,) of `rows.ROW`, those of the frames `at`.
        pictures: (T, H, W, 3) every frame of the stretch, of one shot, as `Picture`.
        at: Which of them the rows belong to, increasing.
        seconds: (T,) when each is shown, strictly increasing.

    Returns:
        Rows of `rows.ROW`; finer, of a lone silhouette, the soft ones of `silhouettes.plates`.
        Confidence falls with distance in time, and where the inside of a mask no longer looks as
        it did, unless a clean plate decides. A frame that shows nothing has an empty row.

    Cost: about 4 ms a frame on one core at 24 frames a second, for each further silhouette 0.1 ms;
    less above 31 frames a second, and nothing where no row is filled.
    """
    filled = [number for number, one in enumerate(rows) if one["subject"]["mask"].any()]
    if len(pictures) > 1 and filled and all(_unnamed(rows[number]) for number in filled):
        told = _told(rows, pictures, at, seconds, filled)
        if told is not None:
            return told
    found = np.zeros(len(pictures), ROW)
    middles = [(one + other) // 2 + 1 for one, other in pairwise(at)]
    ends = zip([0, *middles], [*middles, len(pictures)], strict=True)
    for known, frame, (first, end) in zip(rows, at, ends, strict=True):
        part = slice(first, end)
        found[part] = _carried(known, pictures[part], frame - first, seconds[part])
    return Followed(found)


def _unnamed(known: Rows) -> bool:
    """Whether a moment holds one silhouette, of nobody knows what.

    Those of pretrained networks are better than what a plate tells, and are carried along.
    """
    return int(known["count"]) == 1 and int(known["instances"]["label"][0]) == 0


def _told(
    rows: Rows,
    pictures: NDArray[np.uint8],
    at: Sequence[int],
    seconds: NDArray[np.float64],
    filled: Sequence[int],
) -> Followed | None:
    subjects = rows["subject"][list(filled)]
    seen = [at[number] for number in filled]
    separate = separated(
        unpacked(subjects["mask"]), subjects["confidence"], pictures, seen, seconds
    )
    if separate is None:
        return None
    soft, decided = separate
    away = np.abs(seconds[:, None] - seconds[seen][None])
    nearest = away.argmin(axis=1)
    trust = subjects["confidence"][nearest] * np.power(FADE, away.min(axis=1))
    trust += decided * np.maximum(DECIDED - trust, 0)
    shares = soft.reshape(len(soft), ROWS, FINER, COLUMNS, FINER).mean(axis=(2, 4))
    found = np.stack(
        [
            row([Instance(0, float(confidence), share > HALF)])
            for confidence, share in zip(trust, shares, strict=True)
        ]
    )
    found[list(at)] = rows
    return Followed(found, soft)


def _carried(
    known: Rows, pictures: NDArray[np.uint8], at: int, seconds: NDArray[np.float64]
) -> Rows:
    """(T,) the rows of all frames of a stretch, given () that of one, which is among them."""
    found = np.zeros(len(pictures), ROW)
    found[at] = known
    instances = known["instances"][: known["count"]]
    every = [known["people"]["mask"], known["subject"]["mask"], *instances["mask"]]
    # The subject is an instance too, and a lone person all of the people: each is carried once.
    masks, which = np.unique(np.stack(every), axis=0, return_inverse=True)
    filled = masks.any(axis=1)
    if not filled.any() or len(pictures) == 1:
        return found

    # OpenCV loads slowly: it is imported when something is computed, not when flavors are listed.
    from matchcut.silhouettes.following._masks import carried

    fading = np.power(FADE, np.abs(seconds - seconds[at])).astype(np.float32)
    there, like = unpacked(masks), np.zeros(len(masks), np.float32)
    for frame, moved, likeness in carried(there[filled], pictures, at, seconds):
        there[filled], like[filled] = moved, likeness * fading[frame]
        people, subject, *others = zip(there[which.ravel()], like[which.ravel()], strict=True)
        for name, (mask, share) in (("people", people), ("subject", subject)):
            if mask.any():
                found[name][frame] = (packed(mask), known[name]["confidence"] * share)
        left = [one for one in zip(instances, others, strict=True) if one[1][0].any()]
        found["count"][frame] = len(left)
        for place, (one, (mask, share)) in enumerate(left):
            now = Instance(int(one["label"]), float(one["confidence"] * share), mask)
            found["instances"][frame, place] = (now.label, now.confidence, now.box, packed(mask))
    return found
