"""The single shots that films are joined from: file, frames, and what is seen.

Each was looked at on contact sheets: from its first frame to its last there is no cut, no fade and
no title. Frames are 0-based decode indices, half-open. Pieces of one `place` show the same set-up
or nearly so; a hard cut joins two places, a jump cut stays in one.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.joined.script import Half

WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one file that is one shot."""

    file: str
    """Below `assets/video`."""
    start: int
    end: int
    """First frame after it."""
    place: str
    seen: str
    still: bool = False
    """Nothing or little moves: a later frame looks like an earlier one."""
    dark: bool = False
    area: tuple[float, float, float, float] = WHOLE
    """Left, top, right, bottom of the picture without its bars, as shares of the coded frame."""


_SINTEL = "shots/sintel_excerpt_26s_480p.mp4"
_TRAILER = "shots/sintel_trailer_480x204.mp4"
_LEAVES = "shots/psd_testvideo.mp4"
_BUNNY = "shots/big_buck_bunny_10s.mp4"
_NASA = "shots/nasa_13013.mp4"
_QUEUE = "people/intel_one_by_one_person.mp4"
_WIDE = (0.0, 0.13, 1.0, 0.87)

_TUNING = (
    Piece(_SINTEL, 0, 76, "ruins", "a figure runs over rubble", area=_WIDE),
    Piece(_SINTEL, 76, 121, "girl", "a girl turns around", area=_WIDE),
    Piece(_SINTEL, 121, 319, "columns", "a crane along columns, a dragon passes", area=_WIDE),
    Piece(_SINTEL, 319, 457, "statue", "the girl runs to the camera", area=_WIDE),
    Piece(_SINTEL, 457, 545, "orbit", "an orbit past pillars", area=_WIDE),
    Piece(_SINTEL, 545, 611, "wall", "the girl looks up before a wall", area=_WIDE),
    Piece(_SINTEL, 611, 652, "sky", "a dragon far off in the sky", area=_WIDE),
    Piece(_TRAILER, 306, 336, "old man", "an old man speaks", dark=True),
    Piece(_TRAILER, 336, 356, "girl by night", "a girl listens", still=True, dark=True),
    Piece(_TRAILER, 476, 498, "door", "a passage with a door", dark=True),
    Piece(_TRAILER, 576, 622, "dragons", "small dragons over a town"),
    Piece(_TRAILER, 872, 948, "dunes", "a flight over dunes"),
    Piece(_LEAVES, 30, 180, "leaf", "a red leaf on a stone", still=True),
    Piece(_LEAVES, 248, 330, "deer", "a deer's head", still=True),
    Piece(_LEAVES, 420, 530, "stone", "a stone among leaves", still=True),
    Piece(_LEAVES, 560, 664, "feather", "feathers close", still=True),
    Piece("motion/tlrender_BART.m4v", 0, 704, "viaduct", "a train crosses, the camera pans"),
    Piece("motion/gopro_karma_drone.mp4", 0, 362, "shore", "a drone over a shore"),
    Piece("motion/mdn_crystal_push_in.mp4", 0, 340, "leather", "a push-in on a glass flower"),
    Piece("motion/mdn_rabbit_320.mp4", 0, 234, "leather", "a small ivory rabbit", still=True),
    Piece(
        "people/chaplin.mp4", 0, 240, "street", "two men on a pavement",
        area=(0.125, 0.0, 0.875, 1.0),
    ),
    Piece(_QUEUE, 50, 190, "white room", "a woman crosses a room"),
    Piece(_QUEUE, 270, 420, "white room", "a man stands in a room"),
    Piece(_QUEUE, 550, 780, "white room", "three people in turn"),
    Piece(_QUEUE, 960, 1180, "white room", "a woman stands in a room"),
    Piece("people/sam2_01_dog.mp4", 0, 289, "drive", "a woman and a dog"),
    Piece("people/intel_asl_book.mkv", 0, 109, "signer", "a woman signs", still=True),
    Piece("people/intel_asl_walk.mkv", 0, 89, "signer", "the same woman signs", still=True),
)  # fmt: skip

_REPORTED = (
    Piece(_BUNNY, 0, 44, "meadow", "a meadow with a tree", still=True),
    Piece(_BUNNY, 44, 137, "flowers", "a bank of flowers, the camera moves"),
    Piece(_BUNNY, 137, 240, "pigeon", "a bird on a branch"),
    Piece(_NASA, 0, 126, "hatch", "a lantern and a hatch", still=True, dark=True),
    Piece(_NASA, 152, 202, "window", "a rider before a bright window"),
    Piece(_NASA, 202, 325, "shutter", "a lantern and a shutter", still=True, dark=True),
    Piece("motion/tlrender_train_pan_Dinky.m4v", 0, 300, "carriages", "a train draws past"),
    Piece("motion/tlrender_train_pan_Dinky.m4v", 300, 775, "carriages", "it leaves the platform"),
    Piece("motion/tlrender_PSR63.mov", 0, 232, "tram", "a tram crosses a plain", still=True),
    Piece("motion/gopro_max_walk.mp4", 0, 315, "path", "a walk along a path"),
    Piece("motion/mdn_flower.mp4", 0, 150, "blossom", "a red flower opens"),
    Piece("motion/openshot_shaky_pan.avi", 0, 496, "sculpture", "a red sculpture, hand-held"),
    Piece("people/his_girl_friday_cc0.mp4", 0, 185, "office", "reporters in an office"),
    Piece("people/openshot_marathon.mp4", 0, 150, "marathon", "runners from above", still=True),
    Piece("people/sam2_05_juggle.mp4", 0, 247, "park", "a man juggles a ball"),
    Piece("people/greenscreen_man.mp4", 60, 720, "silhouette", "a black figure on green"),
    Piece("odd/silent_failing_audio.mp4", 0, 84, "plane", "an aeroplane in grey sky"),
    Piece("odd/silent_failing_audio.mp4", 92, 200, "field", "a field under the sky", still=True),
    Piece("odd/vp9_10bit_23976.webm", 0, 41, "plain", "a plain from a car"),
    Piece("odd/vp9_10bit_23976.webm", 43, 69, "trees", "trees pass by a car window"),
    Piece("odd/vfr_desks_h263.3gp", 0, 70, "desk", "desks, hand-held"),
)

PIECES: dict[Half, tuple[Piece, ...]] = {"tuning": _TUNING, "reported": _REPORTED}
