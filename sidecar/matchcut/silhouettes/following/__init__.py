"""Silhouettes of all frames around one whose silhouette is known: masks that go where things go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import packed, unpacked
from matchcut.silhouettes.rows import ROW, Instance
from matchcut.types import Rows

FADE = 0.9
"""What is left of a mask's confidence a second away from the frame it was seen in, at best."""


def follow(
    row: Rows, pictures: NDArray[np.uint8], at: int, seconds: NDArray[np.float64], /
) -> Rows:
    """The rows of all frames of a stretch, given that of one.

    People, subject and instances keep who they are and their order. What has left the picture is
    left out, and what enters it is not seen. A frame that shows nothing has an empty row.

    Args:
        row: (1,) of `rows.ROW`, that of frame `at`.
        pictures: (T, H, W, 3) every frame of the stretch, of one shot, as `Picture`.
        at: Which of them the row belongs to.
        seconds: (T,) when each is shown, strictly increasing.

    Returns:
        (T,) of `rows.ROW`; the one `at` is `row` itself. Confidence falls with distance in time,
        and where the inside of a mask no longer looks as it did.

    Cost: about 2 ms a frame on one core and 0.1 ms for each further silhouette; less above 31
    frames a second, and nothing where the row is empty.
    """
    known = row[0]
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
