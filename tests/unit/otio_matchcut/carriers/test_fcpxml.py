"""What is written for Final Cut: by Apple's rules, and to the frame."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from otio_matchcut import clock
from otio_matchcut.candidates import matches_timeline
from otio_matchcut.carriers.fcpxml import write
from otio_matchcut.delivery import Delivery
from otio_matchcut.matches import Match, MatchReframing, MatchSide
from otio_matchcut.placing import placements
from tests.fcpxml_rules import broken_rules
from tests.golden.deliveries import DELIVERIES, FILM, NTSC, NTSC_TWICE, match, side
from tests.unit.otio_matchcut.readers.final_cut import read, seen

MAIN = "Primary storyline"


def _document(delivery: Delivery) -> Element:
    content = write(delivery)
    assert broken_rules(content) == []
    return ElementTree.fromstring(content.decode())


def _read_back(delivery: Delivery, folder: Path) -> list[tuple[str, str, int, int, int, int]]:
    path = folder / "back.fcpxml"
    path.write_bytes(write(delivery))
    return seen(read(path))


@pytest.mark.parametrize("case", DELIVERIES)
def test_every_case_keeps_apples_rules(case: str) -> None:
    assert broken_rules(write(DELIVERIES[case]())) == []


@pytest.mark.parametrize("case", ["film_23976", "pal_25_start_tc_10h", "ntsc_5994_drop_frame"])
def test_the_project_plays_what_the_timeline_of_matches_plays(case: str, tmp_path: Path) -> None:
    delivery = DELIVERIES[case]()
    made = matches_timeline(delivery.matches, "matches")
    expected = [(place.clip.name, *_record(place)) for place in placements(made)]
    found = _read_back(delivery, tmp_path)
    assert [(name, start, end) for _, name, start, end, _, _ in found] == expected
    for entry, place in zip(found, placements(made), strict=True):
        used = place.clip.source_range
        assert entry[4:] == (used.start_time.value, used.end_time_exclusive().value)


def _record(place: object) -> tuple[int, int]:
    start, end, frame = place.start, place.end, place.frame  # type: ignore[attr-defined]
    return int(start / frame), int(end / frame)


@pytest.mark.parametrize("out", [FILM, Fraction(24), Fraction(25), NTSC, Fraction(50), NTSC_TWICE])
@pytest.mark.parametrize("into", [FILM, Fraction(24), Fraction(25), NTSC, Fraction(50), NTSC_TWICE])
def test_at_the_cut_are_the_cut_frames_at_any_two_rates(
    out: Fraction, into: Fraction, tmp_path: Path
) -> None:
    left = side("/media/a.mov", out, (100, 400), 200, first=90_000)
    right = side("/media/b.mov", into, (300, 600), 410, first=1000)
    path = tmp_path / "cut.fcpxml"
    path.write_bytes(write(Delivery("cut", (match(1, left, right),))))
    assert broken_rules(path.read_bytes()) == []
    outgoing, incoming = placements(read(path))
    assert outgoing.end == incoming.start
    # The picture of a frame of the project is that of its first instant.
    last = _media_frame(outgoing, outgoing.end - outgoing.frame, out)
    assert (last, _media_frame(incoming, incoming.start, into)) == (90_200, 1410)
    assert (outgoing.end - outgoing.start) * out <= 2 * out
    assert outgoing.frame == 1 / out


def _media_frame(place: object, record: Fraction, rate: Fraction) -> int:
    used = place.clip.source_range  # type: ignore[attr-defined]
    start = clock.exact_value(used.start_time.value) / clock.nominal_rate(used.start_time.rate)
    inside = record - place.start  # type: ignore[attr-defined]
    return math.floor((start + inside) * rate + Fraction(1, 10**6))


def test_an_hour_of_timecode_is_an_hour_of_timecode_at_every_rate() -> None:
    def begins(rate: Fraction, timecode: str) -> tuple[Fraction, str]:
        left = replace(side("/a.mov", rate, (0, 900), 99), timecode=timecode)
        sequence = _document(Delivery("d", (match(1, left, left),))).find(".//sequence")
        assert sequence is not None
        start = Fraction(sequence.get("tcStart", "").removesuffix("s"))
        return start * rate, sequence.get("tcFormat", "")

    assert begins(FILM, "00:00:00:00") == (86_400, "NDF")
    assert begins(NTSC, "00:00:00:00") == (108_000, "NDF")
    assert begins(NTSC, "00:00:00;00") == (107_892, "DF")
    assert begins(NTSC_TWICE, "00:00:00;00") == (215_784, "DF")


def test_each_match_has_its_ranges_under_its_own_keyword_and_its_flavors() -> None:
    event = _document(DELIVERIES["film_23976"]()).find("event")
    assert event is not None
    ranges = [
        (clip.get("name"), keyword.get("value"))
        for clip in event.iterfind("asset-clip")
        for keyword in clip.iterfind("keyword")
    ]
    assert ranges == [
        *(("a.mov", "matchcut frame"), ("a.mov", "#1 0.890 frame")),
        *(("a.mov", "matchcut frame"), ("a.mov", "#2 0.880 frame")),
        *(("b.mov", "matchcut frame"), ("b.mov", "#1 0.890 frame")),
        *(("c.mov", "matchcut frame"), ("c.mov", "#2 0.880 frame")),
    ]
    folder = event.find("collection-folder")
    assert folder is not None
    assert [entry.get("name") for entry in folder] == ["#1 0.890 frame", "#2 0.880 frame"]


def test_the_marker_at_a_cut_says_where_it_leads_and_how_to_reframe() -> None:
    marker = _document(DELIVERIES["film_23976"]()).find(".//marker")
    assert marker is not None
    assert marker.get("value") == "#1 0.890 frame"
    assert marker.get("note", "").startswith("Leaves a.mov after 01:00:08:08, enters b.mov at")
    assert "Reframe B: flop, scale 1.125" in marker.get("note", "")
    assert "B 6 + 13 frames" in marker.get("note", "")


def _reframed(moved: MatchReframing, size: tuple[int, int], screen: tuple[int, int]) -> list[str]:
    left = side("/media/a.mov", FILM, (100, 400), 200, size=screen)
    right = side("/media/b.mov", FILM, (100, 400), 200, size=size)
    document = _document(Delivery("d", (match(1, left, right, reframing=moved),)))
    return [
        " ".join(
            (clip.attrib["name"][0], *(moves.attrib[a] for a in ("position", "scale", "rotation")))
        )
        for clip in document.iterfind(".//spine/asset-clip")
        for moves in clip.iterfind("adjust-transform")
    ]


def test_a_reframing_is_a_transform_in_percent_of_the_frames_height() -> None:
    # A tenth of 1920 to the right is 192 of 1080; down is negative, clockwise is negative.
    moved = MatchReframing("incoming", 1.25, 2.0, 0.1, 0.05, False, before=0.5, after=0.75)
    assert _reframed(moved, (1920, 1080), (1920, 1080)) == ["B 17.7778 -8.8889 1.25 1.25 -2"]
    # In a scope frame the screen is as wide as the picture, in a portrait one as high.
    assert _reframed(moved, (2390, 1000), (2390, 1000)) == ["B 23.9 -11.95 1.25 1.25 -2"]
    assert _reframed(moved, (1080, 1920), (1080, 1920)) == ["B 17.7778 -8.8889 1.25 1.25 -2"]


def test_what_a_transform_cannot_say_is_left_to_the_note() -> None:
    moved = MatchReframing("outgoing", 1.25, 0.0, 0.1, 0.0, True, before=0.5, after=0.75)
    assert _reframed(moved, (1920, 1080), (1920, 1080)) == []
    other = replace(moved, side="incoming", flop=False)
    assert _reframed(other, (1280, 544), (1920, 1080)) == []


def test_a_film_at_a_rate_that_final_cut_has_no_project_for_plays_at_the_nearest() -> None:
    odd = Fraction(7_013_573, 240_000)
    left = side("/media/a.mov", odd, (100, 400), 200)
    document = _document(Delivery("d", (match(1, left, left),)))
    frames = {entry.get("id"): entry.get("frameDuration") for entry in document.iter("format")}
    sequence = document.find(".//sequence")
    assert sequence is not None
    assert frames[sequence.get("format")] == "1001/30000s"
    conform = document.find(".//spine/asset-clip/conform-rate")
    assert conform is not None
    assert conform.attrib == {"scaleEnabled": "0"}


def test_a_match_at_the_very_ends_of_its_films_stays_inside_of_them() -> None:
    quick = {"first": 0, "frames": 5}
    left = _bare("/media/a.mov", NTSC_TWICE, cut=4, **quick)
    right = _bare("/media/b.mov", NTSC_TWICE, cut=4, **quick)
    slow = side("/media/slow.mov", Fraction(24), (0, 99), 50)
    document = _document(Delivery("d", (match(1, slow, right), match(2, left, slow))))
    assert len(list(document.iterfind(".//spine/asset-clip"))) == 4


def test_a_film_shorter_than_a_frame_of_the_project_is_in_the_event_alone() -> None:
    slow = side("/media/slow.mov", Fraction(24), (0, 99), 50)
    flash = _bare("/media/flash.mov", NTSC_TWICE, cut=1, first=0, frames=2)
    document = _document(Delivery("d", (match(1, slow, flash), match(2, slow, slow))))
    assert [clip.get("name", "")[:4] for clip in document.iterfind(".//spine/asset-clip")] == [
        *("A #2", "B #2")
    ]
    assert "flash.mov" in [clip.get("name") for clip in document.iterfind("event/asset-clip")]


def _bare(path: str, rate: Fraction, *, cut: int, first: int, frames: int) -> MatchSide:
    made = side(path, rate, (0, 99), 50, first=first)
    return replace(
        made,
        source_frames=frames,
        start_frame=0,
        clean_start_frame=0,
        end_frame=frames,
        clean_end_frame=frames,
        cut_frame=cut,
    )


def test_names_that_no_xml_can_hold_are_written_all_the_same() -> None:
    odd = "/media/\x01\udcff a,b.mov"
    left = side(odd, Fraction(25), (100, 400), 200)
    flavored = match(1, left, left, flavor="frame, sound")
    document = _document(Delivery("a\x02b", (flavored,)))
    asset = document.find(".//asset")
    event = document.find("event")
    assert asset is not None
    assert event is not None
    assert asset.get("name") == "?? a,b.mov"
    assert event.get("name") == "matchcut a?b"
    assert [entry.get("name") for entry in document.iter("keyword-collection")] == [
        *("matchcut frame; sound", "#1 0.890 frame; sound")
    ]


def _changed(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return change


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("1", _changed("<!DOCTYPE fcpxml>", "")),
        ("2", _changed('version="1.10"', 'version="1.99"')),
        ("2", _changed(" hasVideo=", " hasPicture=")),
        ("2", _changed('value="#1 0.890 frame" note', 'note2="" note')),
        ("2", _changed("<gap", "<hole")),
        ("3", _changed("<event", "<resources/><event")),
        (
            "3",
            _changed("<project name", '<marker start="0s" value=""/><project name'),
        ),
        ("4", _changed('duration="1001/12s"', 'duration="83.4s"')),
        ("4", _changed('duration="1001/12s"', 'duration="1001/5000000000s"')),
        ("5", _changed('ref="r3"', 'ref="r9"')),
        ("5", _changed('id="r3"', 'id="r2"')),
        ("5", _changed('format="r1"', 'format="r2"')),
        ("6", _changed("file:///media/b.mov", "/media/b.mov")),
        ("6", _changed("file:///media/b.mov", "file:///media/a.mov")),
        ("6", _changed('duration="1001/12s" hasVideo', 'duration="83s" hasVideo')),
        ("7", _changed('<keyword-collection name="matchcut frame" />', "")),
        ("7", _changed('value="#2 0.880 frame"', 'value="#2, frame"')),
        ("7", _changed('keyword start="1001/400s"', 'keyword start="1001/10s"')),
        ("8", _changed('frameDuration="1001/24000s"', 'frameDuration="1001/12000s"')),
        ("8", _changed(' width="1920"', "")),
        (
            "9",
            _changed('<gap name="Gap" offset="86547461/24000s"', '<gap name="Gap" offset="3606s"'),
        ),
        ("9", _changed('start="18018/5s" duration="1001/1000s"', 'start="18018/5s" duration="1s"')),
        ("9", _changed('duration="179179/24000s"', 'duration="8s"')),
        ("10", _changed('<marker start="8679671/2400s"', '<marker start="3601s"')),
        (
            "10",
            _changed(
                'start="1001/400s" duration="47047/24000s" format',
                'start="2s" duration="47047/24000s" format',
            ),
        ),
        (
            "10",
            _changed(
                'start="0s" duration="1001/12s" hasVideo',
                'start="0s" duration="1001/1200s" hasVideo',
            ),
        ),
        (
            "11",
            _changed(
                'tcFormat="NDF">\n            <marker',
                'tcFormat="NDF">\n            <conform-rate/><marker',
            ),
        ),
    ],
)
def test_the_checker_of_the_rules_sees_each_of_them_broken(
    rule: str, change: Callable[[str], str]
) -> None:
    text = write(DELIVERIES["film_23976"]()).decode()
    broken = broken_rules(change(text).encode())
    assert any(offence.startswith(f"{rule}:") for offence in broken), broken


def test_the_rate_of_a_clip_that_differs_must_be_said() -> None:
    text = write(DELIVERIES["mixed_rates"]()).decode()
    silent = text.replace('<conform-rate scaleEnabled="0" srcFrameRate="23.98" />', "")
    assert silent != text
    assert any(offence.startswith("11:") for offence in broken_rules(silent.encode()))


def test_one_file_is_one_asset_however_many_matches_it_has() -> None:
    left = side("/media/a.mov", Fraction(25), (100, 400), 200)
    matches: tuple[Match, ...] = tuple(match(rank, left, left) for rank in range(1, 9))
    assert len(list(_document(Delivery("d", matches)).iter("asset"))) == 1
