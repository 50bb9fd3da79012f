"""Every real film that is at hand, against what other programs and the eye say of it.

Frame counts, first and last times, rates and timecodes were established with ffprobe 5.1.9 (its own
libraries), the counts again with OpenCV's, and the orientation of each picture by looking at it.
Here OpenCV witnesses the pictures: the same frame at the same number, and as it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.media.active import active_area
from matchcut.media.decode import Damage, read_frames
from matchcut.media.probe import probe
from matchcut.types import Picture

NTSC24, NTSC30, NTSC60 = Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)
Facts: TypeAlias = tuple[int, int, int, Fraction | int, str | None, tuple[int, int], int]

FACTS: dict[str, Facts] = {
    # frames, first pts, last pts, rate, start timecode, width and height of the picture, rotation
    "odd/2997_named_but_25fps.mp4": (251, 0, 128000, 25, None, (239, 180), 0),
    "odd/2997_videotrack.mp4": (300, 0, 299299, NTSC30, None, (320, 180), 0),
    "odd/anamorphic_sar_2_3.mp4": (60, 0, 30208, 30, None, (213, 180), 0),
    "odd/bt2020_10bit.mp4": (60, 0, 30208, 30, None, (240, 180), 0),
    "odd/delayed_start_pts.mp4": (24, 13760, 25536, 25, None, (270, 180), 0),
    "odd/dv_size_720x480_sar_11_12.mp4": (21, 0, 20020, NTSC30, None, (266, 180), 0),
    "odd/h264_10bit.mp4": (30, 0, 14848, 30, None, (180, 180), 0),
    "odd/h265_metadata_track_rot-90.mp4": (3, 0, 6004, Fraction(45000, 1501), None, (101, 180), 90),
    "odd/hdr10_1080p_10bit.mp4": (28, 0, 88569, 30, None, (320, 180), 0),
    "odd/interlaced_d10_imx50_tff.mxf": (2, 0, 1, 25, "23:58:30:00", (248, 180), 0),
    "odd/mdat_too_long.mp4": (30, 0, 29029, NTSC30, None, (270, 180), 0),
    "odd/misc_speed_effects_tc.mov": (72, 0, 71000, 24, "01:00:00:00", (240, 180), 0),
    "odd/nasa_hdr_10bit.mp4": (325, 0, 165888, 25, None, (320, 180), 0),
    "odd/nasa_rotated.mp4": (17, 0, 16016, NTSC30, None, (101, 180), 270),
    "odd/odd_dimensions_161x121.webm": (30, 0, 968, NTSC30, None, (240, 180), 0),
    "odd/one_pixel_1fps.mp4": (5, 0, 65536, 1, None, (180, 180), 0),
    "odd/portrait_rot-90_iphone.MOV": (62, 0, 1221, NTSC30, None, (101, 180), 90),
    "odd/prores_422_10bit_64x64.mov": (100, 0, 9900, 24, None, (180, 180), 0),
    "odd/prores_4444_12bit_1frame.mov": (1, 0, 0, 25, None, (240, 180), 0),
    "odd/rot-90_3frames.mov": (3, 0, 1280, 30, None, (101, 180), 90),
    "odd/rot90_352x288.mp4": (23, 0, 66349, NTSC30, None, (147, 180), 270),
    "odd/silent_failing_audio.mp4": (280, 0, 142848, 25, None, (320, 180), 0),
    "odd/speed_fx_render_sar_3_4_tc.mov": (50, 0, 49000, 24, "01:00:00:00", (240, 180), 0),
    "odd/two_days_long_1frame_per_day.mp4": (
        2,
        0,
        1415577600,
        Fraction(1, 86400),
        None,
        (320, 180),
        0,
    ),
    "odd/unordered_pts.mov": (4, 0, 1536, 32, None, (180, 180), 0),
    "odd/vfr_desks_h263.3gp": (71, 2048, 81344, NTSC30, None, (240, 180), 0),
    "odd/vfr_slow_motion_7frames.mp4": (7, 0, 44281, 30, None, (320, 180), 0),
    "odd/vp9_10bit_23976.webm": (72, 0, 2961, NTSC24, None, (320, 180), 0),
    "motion/gopro_karma_drone.mp4": (362, 0, 1084083, NTSC30, "19:26:48:04", (320, 180), 0),
    "motion/gopro_max_walk.mp4": (315, 0, 942942, NTSC30, "15:44:35:10", (318, 180), 0),
    "motion/mdn_crystal_push_in.mp4": (359, 0, 358, 30, None, (263, 180), 0),
    "motion/mdn_flower.mp4": (150, 0, 149149, NTSC30, None, (320, 180), 0),
    "motion/mdn_rabbit_320.mp4": (234, 0, 233, 30, None, (240, 180), 0),
    "motion/mdn_rabbit_320.webm": (234, 0, 7767, 30, None, (240, 180), 0),
    "motion/openshot_720p60_mpeg4.mp4": (62, 0, 61061, NTSC60, None, (266, 180), 0),
    "motion/openshot_shaky_pan.avi": (496, 0, 495, 30, None, (320, 180), 0),
    "motion/tlrender_BART.m4v": (704, 0, 359936, 30, None, (320, 180), 0),
    "motion/tlrender_PSR63.mov": (232, 0, 231231, NTSC24, None, (320, 180), 0),
    "motion/tlrender_train_pan_Dinky.m4v": (775, 0, 774774, NTSC24, None, (320, 180), 0),
    "people/chaplin.mp4": (241, 0, 122880, 25, None, (247, 180), 0),
    "people/greenscreen_man.mp4": (732, 0, 374272, 30, None, (320, 180), 0),
    "people/his_girl_friday_cc0.mp4": (185, 0, 18400, 30, None, (240, 180), 0),
    "people/intel_asl_book.mkv": (109, 33, 3633, 30, None, (240, 180), 0),
    "people/intel_asl_walk.mkv": (89, 0, 2933, 30, None, (240, 180), 0),
    "people/intel_one_by_one_person.mp4": (1394, 0, 27860000, 10, None, (320, 180), 0),
    "people/openshot_marathon.mp4": (150, 0, 149149, NTSC30, None, (320, 178), 0),
    "people/sam2_01_dog.mp4": (289, 0, 288288, NTSC30, "00:00:00:00", (320, 180), 0),
    "people/sam2_05_juggle.mp4": (247, 0, 125952, 24, None, (320, 180), 0),
    "shots/big_buck_bunny_10s.mp4": (240, 0, 299, 24, None, (240, 180), 0),
    "shots/nasa_13013.mp4": (325, 0, 165888, 25, None, (320, 180), 0),
    "shots/psd_fades.mp4": (250, 0, 127488, 25, None, (270, 180), 0),
    "shots/psd_testvideo.mp4": (720, 0, 719719, NTSC30, None, (320, 180), 0),
    "shots/sintel_excerpt_26s_480p.mp4": (652, 2970, 2346570, 25, None, (320, 137), 0),
    "shots/sintel_trailer_480x204.mp4": (1252, 0, 640512, 24, None, (320, 136), 0),
    "bad/corrupted_nal.mp4": (49, 0, 50176, 10, None, (320, 180), 0),
}

NOT_WITNESSED = {
    "bad/corrupted_nal.mp4",
    "odd/dv_size_720x480_sar_11_12.mp4",
    "odd/interlaced_d10_imx50_tff.mxf",
}
"""OpenCV gives up the first after its damaged packet, and cannot convert interlaced frames."""
OTHER_GREEN = {"motion/openshot_720p60_mpeg4.mp4", "people/greenscreen_man.mp4"}
"""A bright green in HD, for which OpenCV takes BT.601 where no matrix is stated."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", FACTS)
def test_a_real_film_is_read_to_the_frame(real_film: Callable[[str], Path], name: str) -> None:
    path = real_film(name)
    source = probe(path)
    damage = Damage()
    kept: dict[int, Picture] = {}
    pts = []
    count = FACTS[name][0]
    for frame in read_frames(path, source, damage):
        pts.append(frame.pts)
        if frame.index in (0, count // 2, count - 1):
            kept[frame.index] = frame.picture
    height, width = kept[0].shape[:2]
    found = (len(pts), pts[0], pts[-1], source.rate, source.start_timecode, (width, height))
    assert (*found, source.rotation) == FACTS[name]
    assert damage.places == (2 if name == "bad/corrupted_nal.mp4" else 0)
    if name not in NOT_WITNESSED and source.transfer == "sdr":
        witnessed = _witnessed(path, set(kept), count)
        for number, picture in kept.items():
            other = _as_shown(witnessed[number], path, picture)
            assert _unlike(picture, other) < (25 if name in OTHER_GREEN else 6), f"frame {number}"


def test_all_real_films_are_in_the_table(real_film: Callable[[str], Path]) -> None:
    films = real_film("odd").parent
    there = {
        f"{folder}/{path.name}"
        for folder in ("odd", "motion", "people", "shots")
        for path in (films / folder).iterdir()
    }
    assert there - FACTS.keys() == {"odd/audio_only_opus.mp4"}


def _witnessed(path: Path, numbers: set[int], count: int) -> dict[int, NDArray[np.uint8]]:
    """Frames by number as OpenCV shows them, which turns but neither stretches nor crops them."""
    capture = cv2.VideoCapture(str(path))
    seen = {}
    for number in range(count):
        taken, picture = capture.read()
        assert taken, f"OpenCV ends before frame {number}"
        if number in numbers:
            seen[number] = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    assert not capture.read()[0], "OpenCV reads more frames than there are"
    capture.release()
    return seen


def _as_shown(witnessed: NDArray[np.uint8], path: Path, picture: Picture) -> NDArray[np.uint8]:
    """The witness's frame without bars, at the size of ours. No film here has bars and a turn."""
    area = active_area(path, probe(path))
    height, width = witnessed.shape[:2]
    inside = witnessed[
        round(area.top * height) : round(area.bottom * height),
        round(area.left * width) : round(area.right * width),
    ]
    size = (picture.shape[1], picture.shape[0])
    larger = size[0] > inside.shape[1]
    way = cv2.INTER_LINEAR if larger else cv2.INTER_AREA
    return np.asarray(cv2.resize(inside, size, interpolation=way), np.uint8)


def _unlike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean difference of two pictures of one size, 0 to 255."""
    return float(np.abs(one.astype(np.int16) - other).mean())
