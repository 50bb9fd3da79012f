"""The plug-in for Resolve against the strict fake, with a real library behind it."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import install
import matchcut_resolve
from matchcut.engine import Engine
from matchcut.server.serve import sidecar
from matchcut.types import TimelineQuery
from matchcut_client.handover import read_handover
from tests.conftest import DemoFilm
from tests.hosts.resolve import fake

PLUGIN = Path(matchcut_resolve.__file__).parent
PLAYHEAD = "01:00:00:10"


@pytest.fixture(scope="module")
def served(demo_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    library = tmp_path_factory.mktemp("resolve") / "library"
    shutil.copytree(demo_library, library)
    with sidecar(Engine(library), library):
        yield library


@pytest.fixture
def edited(demo_film: DemoFilm) -> fake.Timeline:
    told = json.loads(demo_film.timeline.read_text("utf-8"))
    return fake.Timeline("reel", told, PLAYHEAD)


@pytest.fixture
def project(edited: fake.Timeline) -> fake.Project:
    return fake.Project([edited], edited)


@pytest.fixture
def wishes(served: Path) -> matchcut_resolve.Wishes:
    return matchcut_resolve.Wishes(str(served), "", top=5, refine=False)


def said(resolve: fake.Resolve, wishes: matchcut_resolve.Wishes) -> str:
    """What the editor reads in the end."""
    bmd = fake.Bmd()
    matchcut_resolve.run(resolve, fake.Fusion(), bmd, wishes)
    [sentence] = bmd.said
    return sentence


def test_markers_bin_and_sequence_are_made_from_what_was_found(
    project: fake.Project,
    edited: fake.Timeline,
    wishes: matchcut_resolve.Wishes,
    demo_film: DemoFilm,
) -> None:
    query = TimelineQuery(demo_film.timeline.read_text(), Path("/"), "reel", at=PLAYHEAD)
    engine = Engine(Path(wishes.library))
    found = engine.find(query, flavor="frame", top=5, min_gap=Fraction(2))
    marks = engine.export(found, host="resolve", name="x", timeline=query).marks
    sentence = said(fake.Resolve(project), wishes)
    title = "Matches of reel at 01.00.00.10"
    assert sentence.startswith(
        f"5 marker(s) are on the timeline. 5 of 5 clips are in the bin '{title}'. "
        f"They play in the timeline '{title}'."
    )
    assert {
        frame: (marker["name"], marker["note"]) for frame, marker in edited.markers.items()
    } == {mark.frame: (mark.name, mark.comment) for mark in marks}
    assert {marker["color"] for marker in edited.markers.values()} == {"Cyan"}
    [folder] = project.pool.root.folders
    sides = [candidate.incoming for candidate in found.candidates]
    assert [(clip.path, clip.frames) for clip in folder.clips[:5]] == [
        (str(side.source), (side.clean_start_frame, side.clean_end_frame - 1)) for side in sides
    ]
    assert [one.name for one in project.timelines] == ["reel", title]
    assert len(fake.clips_of(project.timelines[1].otio)) == 10


def test_what_was_open_is_open_afterwards(
    project: fake.Project, edited: fake.Timeline, wishes: matchcut_resolve.Wishes
) -> None:
    rushes = project.pool.AddSubFolder(project.pool.root, "rushes")
    assert rushes is not None
    project.pool.SetCurrentFolder(rushes)
    said(fake.Resolve(project), wishes)
    assert project.current is edited
    assert project.pool.current is rushes
    assert rushes.clips == [], "nothing falls into a bin of the editor's"


def test_running_again_replaces_our_markers_alone(
    project: fake.Project, edited: fake.Timeline, wishes: matchcut_resolve.Wishes
) -> None:
    edited.AddMarker(3, "Red", "producer note", "", 1, "")
    edited.AddMarker(4, "Red", "another tool's", "", 1, "other:1")
    said(fake.Resolve(project), replace(wishes, flavor="color"))
    before = dict(edited.markers)
    said(fake.Resolve(project), wishes)
    ours = {frame: one for frame, one in edited.markers.items() if frame not in before}
    assert ours
    assert all(edited.markers[frame] == one for frame, one in before.items())
    said(fake.Resolve(project), wishes)
    assert edited.markers == before | ours
    assert len({one["customData"] for one in ours.values()}) == len(ours)
    names = [one.name for one in project.timelines]
    assert len(set(names)) == len(names) == 4
    assert len({folder.name for folder in project.pool.root.folders}) == 3


def test_a_marker_of_somebody_else_keeps_its_frame(
    project: fake.Project, edited: fake.Timeline, wishes: matchcut_resolve.Wishes
) -> None:
    said(fake.Resolve(project), wishes)
    first = min(edited.markers)
    edited.markers.clear()
    edited.AddMarker(first, "Red", "producer note", "", 1, "")
    said(fake.Resolve(project), wishes)
    assert edited.markers[first]["name"] == "producer note"
    assert len(edited.markers) == 6


def test_where_no_frame_is_free_the_editor_is_told(
    project: fake.Project, edited: fake.Timeline, wishes: matchcut_resolve.Wishes
) -> None:
    for frame in range(1000):
        edited.AddMarker(frame, "Red", "note", "", 1, "")
    assert "5 found no free frame." in said(fake.Resolve(project), wishes)
    assert len(edited.markers) == 1000


def test_the_free_edition_is_asked_for_its_name_and_nothing_more(
    project: fake.Project, wishes: matchcut_resolve.Wishes, capsys: pytest.CaptureFixture[str]
) -> None:
    resolve, bmd = fake.Resolve(project, "DaVinci Resolve"), fake.Bmd()
    matchcut_resolve.run(resolve, fake.Fusion(), bmd, wishes)
    assert not resolve.blocked
    assert bmd.said == [], "its windows are Studio's as well"
    assert "--for resolve-free" in capsys.readouterr().out


def test_what_cannot_be_done_is_said_in_a_sentence(
    project: fake.Project,
    edited: fake.Timeline,
    wishes: matchcut_resolve.Wishes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve = fake.Resolve(project)
    assert "install.py" in said(resolve, replace(wishes, library=""))
    assert "no flavor named 'x'" in said(resolve, replace(wishes, flavor="x"))
    edited.playhead = "09:00:00:00"
    assert "outside" in said(resolve, wishes)
    edited.playhead = None
    assert "Edit page" in said(resolve, wishes)
    edited.playhead = PLAYHEAD
    monkeypatch.setattr(fake.Timeline, "Export", lambda self, path, kind, subtype, /: False)
    assert "did not export" in said(resolve, wishes)
    project.current = None
    assert "No timeline is open." in said(resolve, wishes)
    assert "No timeline is open." in said(fake.Resolve(None), wishes)
    assert edited.markers == {}
    assert project.pool.root.folders == []


def test_what_resolve_refuses_is_said_and_the_rest_is_done(
    project: fake.Project,
    edited: fake.Timeline,
    wishes: matchcut_resolve.Wishes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fake.MediaPool, "ImportTimelineFromFile", lambda self, path, how, /: None)
    monkeypatch.setattr(fake.MediaPool, "AddSubFolder", lambda self, folder, name, /: None)
    sentence = said(fake.Resolve(project), wishes)
    assert sentence.startswith("5 marker(s) are on the timeline. Resolve did not make the bin")
    assert "Resolve did not import the timeline" in sentence


def test_every_colour_of_a_marker_is_one_of_resolves_and_that_of_the_edl() -> None:
    from otio_matchcut.carriers import resolve_markers

    assert resolve_markers._COLORS == matchcut_resolve.COLORS
    assert set(matchcut_resolve.COLORS.values()) <= fake.COLORS


@pytest.mark.parametrize("name", ["find_match_cuts.py", "matchcut_resolve.py"])
def test_the_plug_in_is_written_in_python_3_8(name: str) -> None:
    ast.parse((PLUGIN / name).read_text("utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("platform", "folder"),
    [
        ("linux", ".local/share/DaVinciResolve/Fusion"),
        ("darwin", "Library/Application Support/Blackmagic Design/DaVinci Resolve/Fusion"),
        ("win32", "AppData/Roaming/Blackmagic Design/DaVinci Resolve/Support/Fusion"),
    ],
)
def test_the_script_goes_where_resolve_looks_for_it(
    platform: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("APPDATA", raising=False)
    assert install.fusion_folder(platform) == tmp_path / folder


def test_the_modules_that_are_copied_are_those_that_need_nothing_installed() -> None:
    from tests.unit.matchcut_client.test_plain import OLD_PYTHON

    assert sorted(install.CLIENT) == [path.stem for path in OLD_PYTHON]


@pytest.mark.slow
def test_the_installed_script_does_it_all_with_a_sidecar_process_of_its_own(
    demo_library: Path, demo_film: DemoFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_STATE_DIR", str(tmp_path / "state"))
    library = tmp_path / "library"
    shutil.copytree(demo_library, library)
    fusion = tmp_path / "Fusion with a space"
    installing = [sys.executable, str(PLUGIN / "install.py"), "--library", str(library)]
    for _ in range(2):
        subprocess.run([*installing, "--fusion", str(fusion)], check=True)
    [script] = (fusion / "Scripts").rglob("*.py")
    played = [sys.executable, "-I", "-S", str(Path(__file__).with_name("played.py"))]
    done = subprocess.run(
        [*played, str(script), str(demo_film.timeline), PLAYHEAD],
        capture_output=True,
        text=True,
        env=os.environ,
    )
    handover = read_handover(library)
    assert handover is not None, done.stderr
    os.kill(handover.pid, signal.SIGTERM)
    told: dict[str, Any] = json.loads(done.stderr)
    assert len(told["said"]) == 2
    for sentence in told["said"]:
        assert sentence.startswith("10 marker(s) are on the timeline. 10 of 10 clips")
    assert len(told["markers"]) == 10
    title = "Matches of reel at 01.00.00.10"
    assert list(told["bins"]) == [title, f"{title} 2"]
    assert told["timelines"] == ["reel", title, f"{title} 2"]
    assert told["open"] == "reel"
    assert told["client"].startswith(str(fusion))
    assert not {"grpc", "google.protobuf", "platformdirs", "matchcut"} & set(told["modules"])


class TestTheFake:
    """It shows what was measured of Resolve, and refuses what no document promises."""

    def test_it_pretends_to_have_all_and_lets_nobody_use_it(self, edited: fake.Timeline) -> None:
        assert hasattr(edited, "AddTransition")
        with pytest.raises(fake.Undocumented):
            edited.AddTransition(1)
        with pytest.raises(fake.Undocumented):
            edited.AddMarker(1.0, "Red", "", "", 1)  # type: ignore[arg-type]
        with pytest.raises(fake.Undocumented):
            edited.AddMarker(1, "CYAN", "", "", 1)
        with pytest.raises(TypeError):
            edited.AddMarker(frame=1, color="Red", name="", note="", duration=1)  # type: ignore[call-arg]

    def test_a_taken_frame_a_taken_name_and_a_text_for_a_type_are_refused_without_a_word(
        self, project: fake.Project, edited: fake.Timeline, tmp_path: Path
    ) -> None:
        assert edited.AddMarker(1, "Red", "", "", 1)
        assert edited.AddMarker(1, "Blue", "", "", 1) is False
        path = str(tmp_path / "x.otio")
        assert edited.Export(path, "EXPORT_OTIO", "EXPORT_NONE") is False
        assert edited.Export(path, fake.Resolve.EXPORT_OTIO, fake.Resolve.EXPORT_NONE)
        options: dict[str, object] = {"timelineName": "reel"}
        assert project.pool.ImportTimelineFromFile(path, options) is None

    def test_a_timeline_in_another_shape_than_resolves_is_refused(
        self, project: fake.Project, demo_film: DemoFilm
    ) -> None:
        # The editor's timeline of the tests names its media by address.
        assert project.pool.ImportTimelineFromFile(str(demo_film.timeline)) is None
        assert len(project.timelines) == 1

    def test_source_starts_are_one_off_and_clips_are_taken_once(
        self, project: fake.Project
    ) -> None:
        item = fake.TimelineItem(left_offset=7, start=100)
        assert item.GetSourceStartFrame() != item.GetLeftOffset() == 7
        clip = fake.MediaPoolItem("/a.mov")
        made = project.pool.CreateTimelineFromClips("x", [clip, clip])
        assert made.otio["clips"] == ["/a.mov"]

    def test_the_free_edition_blocks_after_the_first_call(self, project: fake.Project) -> None:
        resolve = fake.Resolve(project, "DaVinci Resolve")
        assert resolve.GetProjectManager() is False
        with pytest.raises(fake.Undocumented, match="hang"):
            resolve.GetMediaStorage()
