"""A contact sheet of a plan: one picture a shot with its true outline, for a person to look at."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.film.draw import frame_at, mask_at
from tests.film.script import FilmPlan

_CAPTION = 18


def contact_sheet(plan: FilmPlan, columns: int = 6, width: int = 320) -> NDArray[np.uint8]:
    """The middle frame of every shot in reading order, captioned by index, tag and frames.

    The true silhouette is outlined. A camera path is drawn as an arrow that points the way the
    picture's content travels in half a second; a ring stands for a zoom, wider than the dot at its
    centre by the growth in half a second.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    height = width * plan.height // plan.width
    rows = -(-len(plan.shots) // columns)
    sheet = np.full((rows * (height + _CAPTION), columns * width, 3), 24, np.uint8)
    for index, (shot, truth) in enumerate(zip(plan.shots, plan.truth().shots, strict=True)):
        picture = frame_at(plan, truth.middle)
        mask = mask_at(plan, truth.middle).astype(np.uint8)
        edges, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(picture, edges, -1, (255, 230, 0), 2)
        camera = shot.camera
        centre = (plan.width // 2, plan.height // 2)
        if camera.pan or camera.tilt:
            tip = (
                int(centre[0] - camera.pan * plan.width / 2),
                int(centre[1] + camera.tilt * plan.active_height / 2),
            )
            cv2.arrowedLine(picture, centre, tip, (0, 230, 255), 4, cv2.LINE_AA, tipLength=0.25)
        if camera.zoom:
            for radius in (40, int(40 * np.exp(camera.zoom / 2))):
                cv2.circle(picture, centre, radius, (0, 230, 255), 3, cv2.LINE_AA)
        top, left = index // columns * (height + _CAPTION), index % columns * width
        sheet[top : top + height, left : left + width] = cv2.resize(
            picture, (width, height), interpolation=cv2.INTER_AREA
        )
        caption = f"{index} {shot.tag}  {truth.start}-{truth.end}"
        spot = (left + 4, top + height + 13)
        cv2.putText(
            sheet, caption, spot, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (230, 230, 230), 1, cv2.LINE_AA
        )
    return sheet
