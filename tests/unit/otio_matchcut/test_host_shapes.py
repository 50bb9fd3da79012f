"""What hosts demand of a file and refuse without a word, see `docs/carriers.md`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from otio_matchcut.carriers import carriers
from otio_matchcut.delivery import Delivery
from otio_matchcut.layout import on_grid
from otio_matchcut.matches import Match
from otio_matchcut.reading import parse
from otio_matchcut.urls import path_of
from tests.golden.deliveries import BASE, DELIVERIES

every_case = pytest.mark.parametrize("case", DELIVERIES)
asked = pytest.mark.parametrize(
    "case", [name for name, make in DELIVERIES.items() if make().edited is not None]
)


def _text(carrier: str, delivery: Delivery) -> str:
    return carriers()[carrier].write(delivery).decode()


def _objects(node: Any, schema: str) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if str(node.get("OTIO_SCHEMA", "")).startswith(f"{schema}."):
            yield node
        for value in node.values():
            yield from _objects(value, schema)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value, schema)


@every_case
def test_resolve_finds_the_media_by_bare_path_and_timecode(case: str) -> None:
    delivery = DELIVERIES[case]()
    document = json.loads(_text("otio-matches", delivery))
    clips = list(_objects(document, "Clip"))
    assert len({clip["name"] for clip in clips}) == len(clips) == 2 * len(delivery.matches)
    for clip, piece in zip(clips, delivery.layout.pieces, strict=True):
        assert clip["OTIO_SCHEMA"] == "Clip.2"
        media = clip["media_references"][clip["active_media_reference_key"]]
        first = media["available_range"]["start_time"]["value"]
        assert first == piece.side.start_timecode_frame
        assert media["available_range"]["duration"]["value"] == piece.side.source_frames
        assert clip["source_range"]["start_time"]["value"] == first + piece.start
        assert clip["source_range"]["duration"]["value"] == piece.end - piece.start
        path = media["target_url"]
        assert path_of(path, BASE) == piece.side.path
        assert "\udcff" in str(piece.side.path) or not path.startswith("file:")


@asked
def test_resolve_and_hiero_show_the_text_of_our_markers_and_others_stay_as_they_were(
    case: str,
) -> None:
    delivery = DELIVERIES[case]()
    assert delivery.edited is not None
    for carrier in ("otio-matches", "otio-timeline"):
        markers = list(_objects(json.loads(_text(carrier, delivery)), "Marker"))
        assert len(markers) == len(delivery.matches)
        for marker in markers:
            assert marker["metadata"]["Resolve_OTIO"]["Note"] == marker["comment"]
            assert marker["metadata"]["Hiero"]["note"] == marker["comment"]
            assert marker["metadata"]["matchcut"]["version"] == 3
    written = parse(_text("otio-timeline", delivery), "x")
    assert written.name != delivery.edited.timeline.name, "it is imported beside the original"


@asked
def test_resolves_list_has_an_event_and_a_line_a_marker_and_no_two_at_one_frame(case: str) -> None:
    delivery = DELIVERIES[case]()
    text = _text("resolve-markers", delivery)
    mark = r"\d\d:\d\d:\d\d[:;]\d\d"
    event = re.compile(
        rf"^(\d{{3}})  001      V     C        ({mark}) ({mark}) \2 \3  \n"
        r"([^|\n]+) \|C:ResolveColor([A-Z][a-z]+) \|M:([^|\n]+) \|D:1\n\n",
        re.MULTILINE,
    )
    found = event.findall(text)
    assert [int(number) for number, *_ in found] == list(range(1, len(delivery.marks) + 1))
    starts = [start for _, start, *_ in found]
    assert len(set(starts)) == len(starts)
    drops = "drop_frame" in case
    assert text.splitlines()[1] == f"FCM: {'DROP FRAME' if drops else 'NON-DROP FRAME'}"
    assert all((";" in start) is drops for start in starts)
    assert event.sub("", text).count("\n") == 3, "nothing but the heading is left"


@asked
def test_avid_reads_six_columns_a_marker(case: str) -> None:
    delivery = DELIVERIES[case]()
    rows = [line.split("\t") for line in _text("avid-markers", delivery).splitlines()]
    assert len(rows) == len(delivery.matches)
    for who, timecode, track, color, comment, length in rows:
        assert (who, track, length) == ("matchcut", "V1", "1")
        assert re.fullmatch(r"\d\d:\d\d:\d\d[:;]\d\d", timecode)
        assert color in {"red", "green", "blue", "cyan", "magenta", "yellow", "black", "white"}
        assert comment.startswith("#")


@every_case
def test_avids_bin_has_a_cell_for_each_column(case: str) -> None:
    lines = _text("avid-ale", DELIVERIES[case]()).split("\n")
    columns = lines[lines.index("Column") + 1].split("\t")
    rows = lines[lines.index("Data") + 1 : -1]
    assert [len(row.split("\t")) for row in rows] == [len(columns)] * len(rows)
    assert {"Name", "Tracks", "Start", "End", "Tape"} <= set(columns)


@every_case
def test_premiere_finds_each_file_in_full_once_before_it_is_meant_again(case: str) -> None:
    delivery = DELIVERIES[case]()
    root = ElementTree.fromstring(_text("fcp7-xml", delivery))
    seen: set[str] = set()
    for file in root.iter("file"):
        full = file.find("pathurl") is not None
        assert full == (file.attrib["id"] not in seen)
        seen.add(file.attrib["id"])
    assert len(seen) == len({side.path for match in delivery.matches for side in _sides(match)})
    assert all(
        url.text and url.text.startswith("file://localhost/") for url in root.iter("pathurl")
    )
    assert {ntsc.text for ntsc in root.iter("ntsc")} <= {"TRUE", "FALSE"}
    for item in root.iterfind(".//sequence//clipitem"):
        start, end = (int(item.findtext(name, "")) for name in ("start", "end"))
        assert 0 <= start < end


@every_case
def test_kdenlive_has_each_clip_in_its_bin_under_the_number_that_the_sequence_uses(
    case: str,
) -> None:
    delivery = DELIVERIES[case]()
    root = ElementTree.fromstring(_text("kdenlive-project", delivery))
    numbers = {
        producer.attrib["id"]: producer.findtext("property[@name='kdenlive:id']")
        for producer in root.iterfind("producer")
    }
    in_bin = [entry.attrib["producer"] for entry in root.iterfind("playlist[@id='main_bin']/entry")]
    assert in_bin == [name for name in numbers if name != "black_track"]
    used = root.findall("playlist[@id='playlist0']/entry")
    assert len(used) == 2 * len(delivery.matches)
    for entry in used:
        number = entry.findtext("property[@name='kdenlive:id']")
        assert number == numbers[entry.attrib["producer"]]
    guides = json.loads(root.findtext(".//property[@name='kdenlive:docproperties.guides']", ""))
    assert len(guides) == len(delivery.matches)
    assert len({guide["pos"] for guide in guides}) == len(guides)
    assert all(set(guide) == {"pos", "comment", "type"} for guide in guides)


@asked
def test_guides_count_from_the_timelines_first_frame(case: str) -> None:
    delivery = DELIVERIES[case]()
    assert delivery.edited is not None
    guides = json.loads(_text("kdenlive-guides", delivery))
    wanted = [mark.frame - delivery.edited.first_frame for mark in delivery.marks]
    assert [guide["pos"] for guide in guides] == wanted
    assert min(wanted) >= 0


@pytest.mark.parametrize("carrier", ["mlt", "kdenlive-project"])
def test_mlt_is_given_the_pictures_size_made_even(carrier: str) -> None:
    delivery = DELIVERIES["film_23976"]()
    odd = replace(delivery.matches[0].outgoing, size=(853, 481))
    only = replace(delivery, matches=(replace(delivery.matches[0], outgoing=odd),))
    profile = ElementTree.fromstring(_text(carrier, only)).find("profile")
    assert profile is not None
    assert (profile.attrib["width"], profile.attrib["height"]) == ("854", "482")
    assert profile.attrib["frame_rate_num"] == "24000"
    assert profile.attrib["frame_rate_den"] == "1001"


def test_the_pieces_of_every_case_fit_into_their_files() -> None:
    for make in DELIVERIES.values():
        for gridded in on_grid(make().layout):
            assert 0 <= gridded.source_start < gridded.source_end


def _sides(match: Match) -> tuple[Any, ...]:
    return match.outgoing, match.incoming
