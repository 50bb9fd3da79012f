"""What an editor made of our markers is read from their names and colours, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentimelineio.schema import Timeline

from otio_matchcut import reading, writing
from otio_matchcut.candidates import matches_timeline
from otio_matchcut.errors import TimelineError
from otio_matchcut.judging import SideOfMarker, judged_markers, said_by
from tests.unit.otio_matchcut.build import match, otio, reframe, span

NAME = "#1 0.873 frame"


@pytest.mark.parametrize(
    ("name", "color", "own", "said", "why"),
    [
        (NAME, "CYAN", "CYAN", None, ""),
        (NAME, "GREEN", "CYAN", "keep", ""),
        (NAME, "RED", "CYAN", "reject", ""),
        (NAME, "GREEN", None, "keep", ""),
        (NAME, "BLUE", "CYAN", None, ""),
        # Its own colour is none that the editor gave it.
        (NAME, "GREEN", "GREEN", None, ""),
        (NAME, "RED", "GREEN", "reject", ""),
        (NAME, "RED", "RED", None, ""),
        ("keep", "CYAN", "CYAN", "keep", ""),
        ("KEEP " + NAME, "CYAN", "CYAN", "keep", ""),
        ("Rejected: eyeline " + NAME, "CYAN", "CYAN", "reject", "eyeline"),
        ("reject, wrong  lens", "GREEN", "CYAN", "reject", "wrong lens"),
        ("  keep - the hands", "CYAN", "CYAN", "keep", "the hands"),
        ("keeper of the keys", "CYAN", "CYAN", None, ""),
        ("do not keep", "CYAN", "CYAN", None, ""),
    ],
)
def test_a_marker_says_it_by_name_or_else_by_a_colour_that_it_did_not_have(
    name: str, color: str, own: str | None, said: str | None, why: str
) -> None:
    assert said_by(name, color, own) == (said, why)


def colored(*colors: str, flavor: str = "frame") -> Timeline:
    """Candidates whose markers were cyan, as the editor left them."""
    made = matches_timeline(
        [match(rank, flavor=flavor, color="CYAN") for rank in range(1, len(colors) + 1)], "x"
    )
    for child, color in zip(list(made.tracks[0])[1::3], colors, strict=True):
        child.markers[0].color = color
    return made


def test_every_marker_of_ours_is_told_whether_or_not_anything_was_made_of_it() -> None:
    found = judged_markers(colored("CYAN", "GREEN", "RED"), Path("/"), lambda _: "CYAN")
    assert [(one.rank, one.judgement) for one in found] == [(1, None), (2, "keep"), (3, "reject")]
    assert found[0].outgoing == SideOfMarker(Path("/media/a.mov"), None, 0, 1000, 50)
    assert (found[0].incoming.path, found[0].score, found[0].at_cut) == (
        Path("/media/b é.mov"),
        0.873,
        0.75,
    )


def test_the_reframing_and_the_digests_that_a_marker_holds_are_told() -> None:
    made = matches_timeline([match(reframing=reframe())], "x")
    entry = made.tracks[0][1].markers[0].metadata["matchcut"]
    entry["outgoing"]["digest"] = "abc"
    entry["incoming"]["digest"] = None
    [found] = judged_markers(made, Path("/"), lambda _: None)
    assert found.reframing == reframe()
    assert (found.outgoing.digest, found.incoming.digest) == ("abc", None)


def test_the_colour_of_each_flavor_is_asked_for_by_its_name() -> None:
    made = colored("GREEN", flavor="composition")
    assert judged_markers(made, Path("/"), {"composition": "GREEN"}.get)[0].judgement is None
    assert judged_markers(made, Path("/"), {"frame": "GREEN"}.get)[0].judgement == "keep"


def test_markers_of_others_say_nothing() -> None:
    made = colored("GREEN")
    made.tracks.markers.append(otio.schema.Marker("keep", span(0, 1), "GREEN"))
    made.tracks[0][0].markers.append(
        otio.schema.Marker("reject", span(0, 1), metadata={"matchcut": {"chosen": True}})
    )
    assert len(judged_markers(made, Path("/"), lambda _: None)) == 1


def test_a_marker_that_lost_half_of_its_match_is_refused_by_its_name() -> None:
    made = colored("GREEN")
    del made.tracks[0][1].markers[0].metadata["matchcut"]["incoming"]["cut_frame"]
    with pytest.raises(TimelineError, match=r"#1 0\.873 frame.*cut_frame") as told:
        judged_markers(made, Path("/"), lambda _: None)
    assert told.value.reason == "TIMELINE_UNREADABLE"


def test_what_was_said_survives_the_way_through_a_file(tmp_path: Path) -> None:
    writing.write(colored("RED"), tmp_path / "x.otio")
    [found] = judged_markers(reading.read(tmp_path / "x.otio"), tmp_path, lambda _: None)
    assert found.judgement == "reject"
