"""Our carriers in OpenTimelineIO's own hands, in a process that knows them by entry point alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from otio_matchcut.candidates import matches_timeline
from otio_matchcut.carriers import carriers
from otio_matchcut.writing import write
from tests.golden.deliveries import DELIVERIES, FOLDER

CASE = "ntsc_2997_drop_frame"


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    delivery = DELIVERIES[CASE]()
    assert delivery.edited is not None
    path = tmp_path / "marked.otio"
    write(delivery.edited.timeline, path)
    return path


def _python(*arguments: str | Path) -> str:
    command = [sys.executable, "-W", "error", *map(str, arguments)]
    # Away from the project, so that nothing is found but what is installed.
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=Path(sys.prefix), check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_each_carrier_is_an_adapter(marked: Path) -> None:
    names = _python(
        "-c", "import opentimelineio as otio; print(*otio.adapters.available_adapter_names())"
    ).split()
    ours = {f"matchcut_{name.replace('-', '_')}" for name in carriers()}
    assert ours <= set(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("adapter", "suffix"),
    [("avid_markers", ".markers.txt"), ("resolve_markers", ".markers.edl"), ("fcp7_xml", ".xml")],
)
def test_the_adapter_writes_what_the_carrier_does(
    marked: Path, tmp_path: Path, adapter: str, suffix: str
) -> None:
    code = (
        "import sys, opentimelineio as otio\n"
        "marked = otio.adapters.read_from_file(sys.argv[1])\n"
        "_, _, out, adapter, name = sys.argv\n"
        "otio.adapters.write_to_file(marked, out, adapter_name=adapter, name=name)"
    )
    out = tmp_path / "out.txt"
    _python("-c", code, marked, out, f"matchcut_{adapter}", CASE)
    assert out.read_bytes() == (FOLDER / f"{CASE}{suffix}").read_bytes()


def test_otioconvert_writes_it_by_suffix(marked: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.matchcut-avid-markers"
    code = "from opentimelineio.console import otioconvert; otioconvert.main()"
    _python("-c", code, "-i", marked, "-o", out)
    assert out.read_bytes() == (FOLDER / f"{CASE}.markers.txt").read_bytes()


def test_a_marker_that_anybody_writes_has_the_words_of_hosts(marked: Path, tmp_path: Path) -> None:
    code = (
        "import sys, opentimelineio as otio\n"
        "marked = otio.adapters.read_from_file(sys.argv[1])\n"
        "text = otio.adapters.write_to_string(marked, 'otio_json')\n"
        "assert 'Resolve_OTIO' not in marked.to_json_string(), 'it writes a copy'\n"
        "clips = otio.adapters.read_from_string(text).find_clips()\n"
        "marker = next(marker for clip in clips for marker in clip.markers)\n"
        "assert marker.metadata['Resolve_OTIO']['Note'] == marker.comment\n"
        "assert marker.metadata['Hiero']['note'] == marker.comment\n"
        "plain = otio.schema.Timeline('plain')\n"
        "text = otio.adapters.write_to_string(plain, 'otio_json')\n"
        "assert otio.adapters.read_from_string(text).is_equivalent_to(plain)"
    )
    _python("-c", code, marked)


def test_candidates_alone_are_refused_where_the_format_is_one_of_markers(tmp_path: Path) -> None:
    path = tmp_path / "x.matches.otio"
    write(matches_timeline(DELIVERIES[CASE]().matches, "x"), path)
    code = (
        "import sys, opentimelineio as otio\n"
        "made = otio.adapters.read_from_file(sys.argv[1])\n"
        "try: otio.adapters.write_to_string(made, 'matchcut_avid_markers')\n"
        "except Exception as error: print(error)"
    )
    assert "is one of candidates" in _python("-c", code, path)
