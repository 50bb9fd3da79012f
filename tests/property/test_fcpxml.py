"""Matches written for Final Cut and read back are the same frames, at any rates."""

from __future__ import annotations

import math
import tempfile
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from otio_matchcut import clock
from otio_matchcut.carriers.fcpxml import write
from otio_matchcut.delivery import Delivery
from otio_matchcut.errors import TimelineError
from otio_matchcut.layout import Piece
from otio_matchcut.matches import Match, MatchSide
from otio_matchcut.placing import Placement, placements
from tests.fcpxml_rules import broken_rules
from tests.golden.deliveries import match
from tests.unit.otio_matchcut.readers.final_cut import document, read

FINAL_CUT = [
    Fraction(rate) * scale
    for rate in (24, 25, 30, 50, 60)
    for scale in ((1, Fraction(1000, 1001)) if rate in (24, 30, 60) else (1,))
]
RATES = [*FINAL_CUT, Fraction(12), Fraction(15), Fraction(48), Fraction(120), Fraction(2997, 100)]
NAMES = st.text("ab é#%&<>'\"\x01\n,|", min_size=1, max_size=8)
quick = settings(deadline=None, max_examples=80)


@st.composite
def sides(draw: st.DrawFn, rate: Fraction) -> MatchSide:
    frames = draw(st.integers(12, 4000))
    start = draw(st.integers(0, frames - 1))
    end = draw(st.integers(start + 1, frames))
    clean = draw(st.integers(start, end - 1))
    last = draw(st.integers(clean, end - 1))
    cut = draw(st.integers(clean, last))
    first = draw(st.sampled_from([0, 1, 86_400, 107_892, 2_159_990]))
    # One name is one file, whatever its facts: the digits tell files apart.
    name = f"{draw(NAMES)} {rate} {frames} {first}.mov".replace("/", "_")
    return MatchSide(
        path=Path("/media") / name,
        name=name,
        rate=rate,
        start_timecode_frame=first,
        source_frames=frames,
        start_frame=start,
        end_frame=end,
        clean_start_frame=clean,
        clean_end_frame=last + 1,
        cut_frame=cut,
        timecode=clock.timecode_of_frame(first + cut, rate, drop_frame=draw(st.booleans())),
        shot=0,
        size=draw(st.sampled_from([None, (1920, 1080), (1280, 544)])),
    )


@st.composite
def deliveries(draw: st.DrawFn, rates: list[Fraction]) -> Delivery:
    matches: list[Match] = []
    for rank in range(1, draw(st.integers(0, 5)) + 1):
        outgoing = draw(st.sampled_from(rates).flatmap(sides))
        incoming = draw(st.sampled_from(rates).flatmap(sides))
        matches.append(match(rank, outgoing, incoming))
    return Delivery(draw(NAMES), tuple(matches))


def _back(delivery: Delivery) -> tuple[Placement, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "back.fcpxml"
        path.write_bytes(write(delivery))
        return placements(read(path))


@quick
@given(deliveries(RATES))
def test_what_is_written_keeps_apples_rules(delivery: Delivery) -> None:
    assert broken_rules(write(delivery)) == []


@quick
@given(st.sampled_from(FINAL_CUT).flatmap(lambda rate: deliveries([rate])))
def test_at_one_rate_every_frame_comes_back(delivery: Delivery) -> None:
    pieces = delivery.layout.pieces
    for piece, place in zip(pieces, _back(delivery), strict=True):
        used = place.clip.source_range
        first = piece.side.start_timecode_frame
        assert used.start_time.value == first + piece.start
        assert used.end_time_exclusive().value == first + piece.end
        assert (place.start, place.end) == (piece.record_start, piece.record_end)


@quick
@given(deliveries(FINAL_CUT))
def test_at_mixed_rates_the_cut_shows_the_two_cut_frames(delivery: Delivery) -> None:
    pieces, places = delivery.layout.pieces, _back(delivery)
    assert len(pieces) == len(places)
    for index in range(0, len(pieces), 2):
        outgoing, incoming = pieces[index], pieces[index + 1]
        before, after = places[index], places[index + 1]
        assert before.end == after.start == incoming.record_start
        frame = before.frame
        # A film that ends less than a frame of the project after its cut frame has no such frame.
        if _room(outgoing, outgoing.side.cut_frame, frame):
            assert _shown(before, before.end - frame, outgoing) == outgoing.side.cut_frame
        if _room(incoming, incoming.side.cut_frame, frame):
            assert _shown(after, after.start, incoming) == incoming.side.cut_frame


def _room(piece: Piece, cut: int, frame: Fraction) -> bool:
    return (piece.side.source_frames - cut) / piece.side.rate >= frame


def _shown(place: Placement, record: Fraction, piece: Piece) -> int:
    """The media frame, from 0, of the first instant of a frame of the project."""
    used = place.clip.source_range
    rate = clock.nominal_rate(used.start_time.rate)
    start = clock.exact_value(used.start_time.value) / rate
    number = (start + record - place.start) * piece.side.rate
    return math.floor(number + Fraction(1, 10**5)) - piece.side.start_timecode_frame


RICH = document(
    '<transition name="Cross Dissolve" offset="3600s" duration="1s"/>'
    '<asset-clip ref="r2" name="a" offset="3600s" start="36010s" duration="4s">'
    '<conform-rate srcFrameRate="24"/>'
    '<timeMap><timept time="36000s" value="36000s"/>'
    '<timept time="36050s" value="36100s"/></timeMap>'
    '<spine lane="1" offset="36011s"><clip name="b" start="1s" duration="2s"><video ref="r2"'
    ' duration="50s"><audio ref="r2" lane="-1" duration="50s"/></video></clip></spine>'
    '<marker start="36011s" duration="1/25s" value="m" completed="0"/></asset-clip>'
    '<audition offset="3604s"><title ref="r4" name="t" duration="1s"/></audition>'
    '<ref-clip ref="r3" name="c" lane="0" start="1s" duration="2s" srcEnable="audio"/>'
    '<mc-clip ref="m1" name="d" start="1s" duration="2s"><mc-source angleID="x"/></mc-clip>',
    resources='<effect id="r4" name="Title"/>'
    '<media id="r3"><sequence format="r1" tcStart="0s"><spine>'
    '<asset-clip ref="r2" name="x" duration="9s"/></spine></sequence></media>'
    '<media id="m1"><multicam format="r1"><mc-angle name="A" angleID="x"><gap duration="9s"/>'
    "</mc-angle></multicam></media>",
)
SPOILT = ["", "0s", "-1s", "1/3s", "x", "r1", "r2", "r3", "m1", "r9", "1", "-1", "0", "9e9s"]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A whole document with some elements taken out, moved or spoilt."""
    root = ElementTree.fromstring(RICH.split("<!DOCTYPE fcpxml>")[1])
    for _ in range(draw(st.integers(1, 4))):
        holding = [entry for entry in root.iter() if len(entry)]
        if not holding:
            break
        element = draw(st.sampled_from(holding))
        child = draw(st.sampled_from(list(element)))
        how = draw(st.sampled_from(["drop", "move", "spoil", "spoil", "strip"]))
        if how == "drop":
            element.remove(child)
        elif how == "move":
            draw(st.sampled_from(list(root.iter()))).append(deepcopy(child))
        elif child.attrib:
            name = draw(st.sampled_from(sorted(child.attrib)))
            if how == "strip":
                del child.attrib[name]
            else:
                child.set(name, draw(st.sampled_from(SPOILT)))
    return ElementTree.tostring(root)


@quick
@given(spoilt())
def test_a_spoilt_document_is_read_or_refused_in_a_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoilt.fcpxml"
        path.write_bytes(content)
        try:
            timeline = read(path)
        except TimelineError:
            return
    placements(timeline)
    timeline.to_json_string()
