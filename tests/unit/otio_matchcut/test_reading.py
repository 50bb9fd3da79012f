from __future__ import annotations

import json
from pathlib import Path

import pytest

from otio_matchcut.errors import TimelineError
from otio_matchcut.reading import parse, read
from otio_matchcut.writing import text_of, write
from tests.unit.otio_matchcut import build


def _text() -> str:
    return str(build.timeline(build.track(build.clip("a", build.span(0, 10)))).to_json_string())


def test_a_written_timeline_is_read_back_equivalent(tmp_path: Path) -> None:
    timeline = build.timeline(build.track(build.clip("ä", build.span(0, 10))))
    write(timeline, tmp_path / "t.otio")
    assert read(tmp_path / "t.otio").is_equivalent_to(timeline)
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.otio"]


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "t.otio").write_bytes(b"\xef\xbb\xbf" + _text().encode())
    assert read(tmp_path / "t.otio").name == "reel"


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="There is no timeline at") as error:
        read(tmp_path / "none.otio")
    assert error.value.reason == "TIMELINE_MISSING"


def test_a_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="is a directory"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"PK\x03\x04rest", "a zipped bundle that is not whole"),
        (b"TITLE: cut\n001 AX V C", "not JSON"),
        (b"[]", "JSON of another sort"),
        (b"null", "JSON of another sort"),
        (b'{"OTIO_SCHEMA": "Timeline.1"}', "lacks what OpenTimelineIO demands"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": 5}', "not what OpenTimelineIO allows"),
        (b'{"OTIO_SCHEMA": "Timeline.1", "tracks": null}', "it has no tracks"),
        (b'{"OTIO_SCHEMA": "Nonsense.1"}', "does not know, not a timeline"),
        (b"[" * 100_000, "nested more than"),
        (b'{"a":' * 100_000, "nested more than"),
    ],
)
def test_what_is_no_timeline_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "t.otio").write_bytes(content)
    with pytest.raises(TimelineError, match=why) as error:
        read(tmp_path / "t.otio")
    assert error.value.reason == "TIMELINE_UNREADABLE"
    assert error.value.sentence.count("\n") == 0
    assert error.value.next_step


def test_a_timeline_cut_short_anywhere_is_refused_and_nothing_breaks() -> None:
    text = _text()
    for length in range(0, len(text) - 1, 7):
        with pytest.raises(TimelineError) as error:
            parse(text[:length], "t.otio")
        assert error.value.reason == "TIMELINE_UNREADABLE"


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        (build.clip("a", build.span(0, 1)), "a single Clip"),
        (build.track(), "a single Track"),
    ],
)
def test_a_single_part_of_a_timeline_is_named(thing: object, kind: str) -> None:
    with pytest.raises(TimelineError, match=kind):
        parse(thing.to_json_string(), "t.otio")  # type: ignore[attr-defined]


def test_a_bin_of_timelines_is_named() -> None:
    inside = json.loads(_text())
    text = json.dumps({"OTIO_SCHEMA": "SerializableCollection.1", "name": "", "children": [inside]})
    with pytest.raises(TimelineError, match=r"a collection \(a bin\) with 1 timeline"):
        parse(text, "t.otio")


def test_writing_into_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="cannot be written") as error:
        write(build.timeline(), tmp_path / "none" / "t.otio")
    assert error.value.reason == "TIMELINE_UNWRITABLE"


def test_a_failed_write_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.otio"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TimelineError, match="full") as error:
        write(build.timeline(), path)
    assert error.value.reason == "DISK_FULL"
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.otio"]


def test_the_text_of_a_timeline_is_otios_own_where_nothing_was_set_aside() -> None:
    timeline = parse(_text(), "t.otio")
    assert text_of(timeline) == timeline.to_json_string(indent=4)
