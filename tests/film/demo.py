"""The one-minute film: planted matches, decoys and repeats. `python -m tests.film.demo OUT.mp4`.

Shots planted for `frame` have a static camera; shots planted for `camera` have no subject, or one
that matches nothing. The outgoing shot of each pair lies in the first half, the incoming one in the
second, so that a pair is never closer than six seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tests.film.encode import write_film
from tests.film.script import Camera, FilmPlan, FlavorName, Plate, ShotPlan, Subject, TaggedPair

_HANDS = Camera(shake=0.0012)
"""A camera on a tripod that somebody leans on: less than a pixel of unrest."""
_FOCUS = 1.5
"""Defocus of a plate behind a subject."""


def _still(
    tag: str, plate: tuple[str, str], subject: Subject, frames: int = 32, blur: float = _FOCUS
) -> ShotPlan:
    kind, palette = plate
    return ShotPlan(tag, Plate(kind, palette, _seed(tag), blur), subject, _HANDS, frames)


def _move(
    tag: str,
    plate: tuple[str, str],
    camera: Camera,
    subject: Subject | None = None,
    frames: int = 42,
) -> ShotPlan:
    kind, palette = plate
    return ShotPlan(tag, Plate(kind, palette, _seed(tag), 0.4), subject, camera, frames)


def _seed(tag: str) -> int:
    return sum((i + 1) * ord(letter) for i, letter in enumerate(tag))


def _talk(who: str, turn: int, frames: int) -> ShotPlan:
    """One turn of the dialogue between Ada and Ben, each always in the same set-up."""
    if who == "ada":
        plate = Plate("room", "oak", 31, 2.2)
        subject = Subject("close-up long hair", "lilac", 0.36, 0.56, 1.0, motion=1.4)
    else:
        plate = Plate("shelves", "slate", 8, 2.2)
        subject = Subject("close-up", "blue stripes", 0.68, 0.58, 0.96, motion=1.4)
    return ShotPlan(f"{who} {turn}", plate, subject, _HANDS, frames, who, 0.37 * turn)


def _shots() -> tuple[ShotPlan, ...]:
    pan_left, pan_right = Camera(pan=-0.22, shake=0.001), Camera(pan=0.19, shake=0.001)
    tilt_up, rise = Camera(tilt=0.26, shake=0.001), Camera(pan=0.13, tilt=-0.20)
    push, pull = Camera(zoom=0.24), Camera(zoom=-0.26)
    return (
        _still("cup", ("table", "oak"), Subject("cup", "coffee", 0.42, 0.48, 0.62), blur=0.9),
        _move("pan left city", ("city", "overcast"), pan_left),
        _still(
            "coat hall", ("hall", "slate"), Subject("standing", "yellow raincoat", 0.40, 0.54, 0.80)
        ),
        _move("push in leaves", ("foliage", "meadow"), push),
        _talk("ada", 1, 32),
        _talk("ben", 1, 27),
        _talk("ada", 2, 26),
        _talk("ben", 2, 30),
        _talk("ada", 3, 28),
        _move("tilt up hall", ("hall", "rose"), tilt_up),
        _still(
            "bottle", ("bricks", "brickred"), Subject("bottle", "green glass", 0.70, 0.52, 0.78)
        ),
        _still("taxi small", ("city", "night"), Subject("car", "taxi", 0.76, 0.80, 0.17), 28),
        _still("saloon city", ("city", "winter"), Subject("car", "red saloon", 0.46, 0.72, 0.34)),
        _move("pan right books", ("shelves", "oak"), pan_right),
        _still(
            "arms city", ("city", "dusk"), Subject("arms raised", "white shirt", 0.60, 0.55, 0.82)
        ),
        _move("empty hills", ("hills", "overcast"), Camera(), frames=26),
        _still("tree", ("hills", "noon"), Subject("tree", "blossom", 0.32, 0.50, 0.80)),
        _move("pull out wall", ("bricks", "slate"), pull),
        _still(
            "sitting books", ("shelves", "mint"), Subject("sitting", "red coat", 0.56, 0.58, 0.72)
        ),
        _move("descend forest", ("forest", "autumn"), rise),
        _still("clock small", ("bricks", "teal"), Subject("clock", "clock", 0.78, 0.30, 0.30), 28),
        _still("moon", ("night_sky", "night"), Subject("moon", "moon", 0.42, 0.48, 0.62), blur=0.6),
        _move("pan left fast", ("forest", "mint"), Camera(pan=-0.62), frames=30),
        _still(
            "coat hill", ("hills", "golden"), Subject("standing", "charcoal coat", 0.40, 0.54, 0.80)
        ),
        _move("pan left coast", ("coast", "dusk"), pan_left),
        _talk("ben", 3, 29),
        _still(
            "stone head",
            ("foliage", "autumn"),
            Subject("close-up long hair", "stone", 0.36, 0.56, 1.0, motion=0.4),
        ),
        _move("push in dunes", ("dunes", "desert"), push),
        _still(
            "bottle small", ("room", "rose"), Subject("bottle", "brown glass", 0.26, 0.66, 0.44), 28
        ),
        _still(
            "lighthouse", ("coast", "teal"), Subject("lighthouse", "lighthouse", 0.70, 0.52, 0.78)
        ),
        _move("tilt up forest", ("forest", "overcast"), tilt_up),
        _still("saloon dunes", ("dunes", "rose"), Subject("car", "cream saloon", 0.46, 0.72, 0.34)),
        _still(
            "arms small",
            ("lights", "night"),
            Subject("arms raised", "green check", 0.24, 0.66, 0.48),
            28,
            2.0,
        ),
        _move(
            "pan right hills",
            ("hills", "autumn"),
            pan_right,
            Subject("walking", "teal knit", 0.70, 0.66, 0.42, follow=True, motion=1.5),
        ),
        _still(
            "arms coast",
            ("coast", "golden"),
            Subject("arms raised", "blue stripes", 0.60, 0.55, 0.82),
        ),
        _move("pull out city", ("city", "teal"), pull),
        _still("parasol", ("coast", "noon"), Subject("parasol", "parasol", 0.32, 0.50, 0.80)),
        _move("roll stars", ("night_sky", "dusk"), Camera(roll=9.0), frames=30),
        _still("sitting wall", ("bricks", "mint"), Subject("sitting", "lilac", 0.56, 0.58, 0.72)),
        _still(
            "coat small", ("dunes", "golden"), Subject("standing", "red coat", 0.80, 0.66, 0.44), 28
        ),
        _move("descend room", ("room", "teal"), rise),
        _move("pan right slow", ("coast", "winter"), Camera(pan=0.06), frames=32),
        _move("empty street", ("lights", "night"), Camera(shake=0.004), frames=30),
    )


def _pairs(flavor: FlavorName, *pairs: tuple[str, str]) -> tuple[TaggedPair, ...]:
    return tuple(TaggedPair(flavor, a, b) for a, b in pairs)


def demo_plan() -> FilmPlan:
    """The demo film: 43 hard-cut shots, about a minute, 640x360 at 24 frames a second.

    Planted: 8 pairs for `frame`, 6 for `camera`. Repeats: a dialogue of two set-ups, one of which
    is planted. Decoys: subjects of a planted kind elsewhere and smaller; pans of a planted
    direction at clearly another speed, or the opposite one.
    """
    return FilmPlan(
        shots=_shots(),
        start_timecode="01:00:00:00",
        tone=220.0,
        planted=_pairs(
            "frame",
            ("cup", "moon"),
            ("coat hall", "coat hill"),
            ("ada 1", "stone head"),
            ("bottle", "lighthouse"),
            ("saloon city", "saloon dunes"),
            ("arms city", "arms coast"),
            ("tree", "parasol"),
            ("sitting books", "sitting wall"),
        )
        + _pairs(
            "camera",
            ("pan left city", "pan left coast"),
            ("push in leaves", "push in dunes"),
            ("tilt up hall", "tilt up forest"),
            ("pan right books", "pan right hills"),
            ("pull out wall", "pull out city"),
            ("descend forest", "descend room"),
        ),
        decoys=_pairs(
            "frame",
            ("cup", "clock small"),
            ("coat hall", "coat small"),
            ("bottle", "bottle small"),
            ("taxi small", "saloon dunes"),
            ("arms city", "arms small"),
            ("ben 1", "stone head"),
        )
        + _pairs(
            "camera",
            ("pan left city", "pan left fast"),
            ("pan right books", "pan right slow"),
            ("pan left city", "pan right hills"),
            ("push in leaves", "pull out city"),
        ),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the demo film, its truth beside it as OUT.truth.json, and a contact sheet if asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.film.demo", description=main.__doc__)
    parser.add_argument("out", type=Path, metavar="OUT.mp4")
    parser.add_argument("--sheet", type=Path, metavar="SHEET.png")
    asked = parser.parse_args(arguments)
    plan = demo_plan()
    if asked.sheet is not None:
        from PIL import Image

        from tests.film.sheet import contact_sheet

        Image.fromarray(contact_sheet(plan)).save(asked.sheet)
    truth = write_film(plan, asked.out)
    asked.out.with_suffix(".truth.json").write_text(truth.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
