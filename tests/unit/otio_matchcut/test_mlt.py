"""Kdenlive projects and MLT: what is read is what `melt` plays."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.locate import locate
from otio_matchcut.placing import crossings, placements
from otio_matchcut.reading import read

PROFILE = (
    '<profile frame_rate_num="25" frame_rate_den="1" width="64" height="48" progressive="1" '
    'sample_aspect_num="1" sample_aspect_den="1" display_aspect_num="4" display_aspect_den="3" '
    'colorspace="601"/>'
)


def _properties(**properties: object) -> str:
    return "".join(
        f'<property name="{name.replace("__", ":")}">{value}</property>'
        for name, value in properties.items()
    )


def _producer(name: str, resource: str = "src.mov", *, speed: str = "", length: int = 100) -> str:
    more = {"warp_speed": speed, "warp_resource": resource} if speed else {}
    return (
        f'<producer id="{name}" in="0" out="{length - 1}">'
        + _properties(
            length=length,
            resource=f"{speed}:{resource}" if speed else resource,
            mlt_service="timewarp" if speed else "avformat",
            **more,
        )
        + "</producer>"
    )


def _document(*parts: str, root: str = "") -> str:
    where = f' root="{root}"' if root else ""
    return f'<mlt LC_NUMERIC="C"{where}>{PROFILE}{"".join(parts)}</mlt>'


def _entry(producer: str, first: int | str, last: int | str) -> str:
    return f'<entry producer="{producer}" in="{first}" out="{last}"/>'


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _seen(path: Path, frames: int) -> list[int | None]:
    """The media frame seen at each frame of the timeline, None where there is black."""
    timeline = read(path)
    found: list[int | None] = []
    for frame in range(frames):
        try:
            shot = locate(timeline, base=path.parent, clip=None, at=str(frame))
            found.append(shot.source_frame)
        except TimelineError as error:
            if error.reason != "CLIP_NOT_FOUND":
                raise
            found.append(None)
    return found


def _film(path: Path) -> None:
    """100 frames, the n-th of them 2n bright."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("png", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        for number in range(100):
            picture = np.full((48, 64, 3), 2 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.skipif(shutil.which("melt") is None, reason="melt, which plays MLT, is not installed")
def test_the_frames_are_those_that_melt_plays(tmp_path: Path) -> None:
    _film(tmp_path / "src.mov")
    warps = {"p1": "2.0", "p2": "-2.0", "p3": "-1.0", "p4": "0.75", "p5": "-1.5", "p6": "1.5"}
    lengths = {name: round(100 / abs(float(speed))) for name, speed in warps.items()}
    entries = "".join(_entry(name, 21, 25) for name in warps)
    path = _write(
        tmp_path / "cut.mlt",
        _document(
            _producer("p0"),
            *(_producer(name, speed=speed, length=lengths[name]) for name, speed in warps.items()),
            f'<playlist id="a">{_entry("p0", 10, 14)}<blank length="3"/>{entries}</playlist>',
            '<tractor id="t"><track producer="a"/></tractor>',
            root=str(tmp_path),
        ),
    )
    out = tmp_path / "out.mov"
    consumer = ("-consumer", f"avformat:{out}", "vcodec=png", "pix_fmt=rgb24", "an=1")
    subprocess.run(("melt", "-silent", str(path), *consumer), check=True, timeout=60)
    with av.open(str(out)) as container:
        played = [
            round(frame.to_ndarray(format="rgb24")[20, 30].mean() / 2)
            for frame in container.decode(video=0)
        ]
    # melt paints 127 where there is nothing.
    assert _seen(path, 38) == [None if 5 <= at < 8 else n for at, n in enumerate(played[:38])]


def _kdenlive(playlists: str, mixes: str = "", more: str = "") -> str:
    track = (
        f'<tractor id="v1">{_properties(kdenlive__track_name="Wide")}{more}'
        '<track hide="audio" producer="a"/><track hide="audio" producer="b"/>'
        f"{mixes}</tractor>"
    )
    return _document(
        _producer("p0", "rushes/x.mov"),
        playlists,
        track,
        '<tractor id="main" global_feed="1"><track producer="v1"/></tractor>',
    )


def test_a_mix_of_kdenlive_is_a_transition_over_its_cut(tmp_path: Path) -> None:
    mix = (
        '<transition in="00:00:00.600" out="00:00:01.000">'
        + _properties(kdenlive__mixcut=4)
        + "</transition>"
    )
    text = _kdenlive(
        f'<playlist id="a">{_entry("p0", 0, "00:00:00.960")}</playlist>'
        f'<playlist id="b"><blank length="15"/>{_entry("p0", 50, 79)}</playlist>',
        mix,
    )
    timeline = read(_write(tmp_path / "cut.kdenlive", text))
    [crossing] = crossings(timeline)
    assert [25 * time for time in (crossing.cut, crossing.before, crossing.after)] == [21, 6, 4]
    placed = [(25 * one.start, 25 * one.end) for one in placements(timeline)]
    assert placed == [(0, 21), (21, 45)]
    assert locate(timeline, base=tmp_path, clip=None, at="21").source_frame == 56
    assert placements(timeline)[0].track == "Wide"


def test_relative_media_starts_from_the_root_that_the_project_states(tmp_path: Path) -> None:
    entry = f'<playlist id="a">{_entry("p0", 0, 9)}</playlist>'
    for root, folder in (("", tmp_path), ("/edit", Path("/edit")), ("D:/edit", Path("D:/edit"))):
        text = _document(_producer("p0", "rushes/x.mov"), entry, root=root)
        shot = locate(
            read(_write(tmp_path / "cut.mlt", text)), base=Path("/other"), clip=None, at=None
        )
        assert shot.media == folder / "rushes" / "x.mov"


def test_sound_hidden_tracks_and_switched_off_clips_are_told_apart(tmp_path: Path) -> None:
    off = _producer("off").replace("</producer>", _properties(**{"set.test_image": 1}))
    off += _properties(**{"set.test_audio": 1}) + "</producer>"
    text = _document(
        _producer("p0"),
        off,
        f'<playlist id="sound">{_entry("p0", 0, 9)}</playlist>',
        f'<playlist id="seen">{_entry("p0", 0, 9)}{_entry("off", 0, 9)}</playlist>',
        f'<playlist id="muted">{_entry("p0", 0, 9)}</playlist>',
        '<tractor id="t"><track producer="sound" hide="video"/><track producer="seen"/>'
        '<track producer="muted" hide="both"/></tractor>',
    )
    timeline = read(_write(tmp_path / "cut.mlt", text))
    assert [track.kind for track in timeline.tracks] == ["Audio", "Video", "Video"]
    assert [place.enabled for place in placements(timeline)] == [True, False, False]


def test_guides_and_clip_markers_are_where_kdenlive_shows_them(tmp_path: Path) -> None:
    marked = '[{"comment": "look", "pos": 7, "type": 3}]'
    clip = _producer("p0").replace("</producer>", _properties(kdenlive__markers=marked))
    sequence = _properties(**{"kdenlive:sequenceproperties.guides": marked.replace("7", "30")})
    text = _document(
        clip + "</producer>",
        f'<playlist id="a">{_entry("p0", 0, 9)}</playlist>',
        f'<tractor id="s">{sequence}<track producer="a"/></tractor>',
        f'<tractor id="p">{_properties(**{"kdenlive:projectTractor": 1})}'
        '<track producer="s"/></tractor>',
    )
    timeline = read(_write(tmp_path / "cut.kdenlive", text))
    [guide] = timeline.tracks.markers
    [marker] = timeline.find_clips()[0].markers
    assert (guide.name, guide.marked_range.start_time.value, guide.color) == ("look", 30, "GREEN")
    assert marker.marked_range.start_time.value == 7


def test_a_nested_sequence_is_followed_to_its_media(tmp_path: Path) -> None:
    text = _document(
        _producer("p0"),
        f'<playlist id="inner">{_entry("p0", 40, 59)}</playlist>',
        '<tractor id="s1"><track producer="inner"/></tractor>',
        f'<playlist id="outer">{_entry("s1", 5, 9)}</playlist>',
        '<tractor id="main"><track producer="outer"/></tractor>',
    )
    assert _seen(_write(tmp_path / "cut.mlt", text), 5) == [45, 46, 47, 48, 49]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<mlt", "not whole XML"),
        ("<mlt/>", "holds no timeline"),
        (
            _document('<tractor id="t"><track producer="gone"/></tractor>'),
            "part of it is missing",
        ),
        (_document('<playlist id="a"><entry producer="gone"/></playlist>'), "is missing"),
        (_document('<playlist id="a"><blank length="soon"/></playlist>'), "not what MLT allows"),
        (_document('<tractor id="t"><track producer="t"/></tractor>'), "made of tracks"),
        (
            _document(
                '<playlist id="a"><entry producer="t" in="0" out="9"/></playlist>',
                '<tractor id="t"><track producer="a"/></tractor>',
            ),
            "nest more than",
        ),
        ('<mlt><profile frame_rate_num="25" frame_rate_den="0"/></mlt>', "no frame rate"),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(TimelineError, match=why) as error:
        read(_write(tmp_path / "cut.mlt", text))
    assert error.value.reason == "TIMELINE_UNREADABLE"
