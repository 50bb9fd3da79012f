"""The contact sheet: what an editor sees of a cut, plays of it, and dials in."""

from __future__ import annotations

import base64
import errno
import html.parser
import io
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from matchcut.cli import sheet
from matchcut.engine import Engine
from matchcut.errors import Cancelled, OutputUnwritable
from matchcut.media import clip
from matchcut.media.proxy import PROXY
from matchcut.types import MatchSet, Reframing
from tests.conftest import Quiet
from tests.small_films import DETECTOR, Footage
from tests.unit.cli.conftest import Matchcut

REFRAMING = Reframing("incoming", 1.12, 2.0, 0.031, -0.012, True, 0.612, 0.838)


class Page(html.parser.HTMLParser):
    """What a reader finds in a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = ""
        self.clips: list[dict[str, str | None]] = []
        self.pictures: list[str] = []
        self._skipping = False
        self.feed(path.read_text(encoding="utf-8"))
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping = tag in {"style", "script"}
        if tag == "video":
            self.clips.append(dict(attrs))
        if tag == "img":
            self.pictures.append(dict(attrs)["src"] or "")

    def handle_data(self, data: str) -> None:
        self.text += "" if self._skipping else data


@pytest.fixture(scope="module")
def found(footage_library: Path) -> MatchSet:
    """Two pairs of the small films."""
    return Engine(footage_library).scan(
        flavor="frame", top=2, per_shot=None, across=False, min_gap=Fraction(1), min_handle=1
    )


def written(
    found: MatchSet,
    library: Path,
    folder: Path,
    *,
    preview: bool = False,
    watch: Quiet | None = None,
) -> Page:
    path = folder / "sheet.html"
    sheet.write_sheet(found, library, path, watch or Quiet(), preview=preview)
    return Page(path)


def decoded(url: str | None) -> bytes:
    assert url is not None
    kind, _, content = url.partition(";base64,")
    assert kind == "data:video/mp4"
    return base64.b64decode(content)


def test_each_cut_plays_in_the_page_itself(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    page = written(found, footage_library, tmp_path, preview=True)
    assert len(page.clips) == len(found.candidates) == 2
    for one, shown in zip(found.candidates, page.clips, strict=True):
        with av.open(io.BytesIO(decoded(shown["src"])), "r") as container:
            stream = container.streams.video[0]
            frames = len(list(container.decode(stream)))
            assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
            assert stream.average_rate == one.outgoing.rate
        clean = min(one.outgoing.handle_before, 30) + min(one.incoming.handle_after, 30)
        assert clean / 2 < frames <= 60
        assert (shown["poster"] or "").startswith("data:image/jpeg;base64,")
        # Without JavaScript the browser's own controls play it.
        assert {"controls", "loop", "muted", "playsinline"} <= shown.keys()
        assert shown["preload"] == "metadata"
        assert shown["aria-label"] == f"the cut of pair {one.rank}"
    assert page.text.count("plays ") == 2


def test_who_wants_no_preview_gets_a_small_page_without_a_script(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    page = written(found, footage_library, tmp_path)
    text = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert page.clips == []
    assert "<script" not in text
    assert "play" not in page.text
    assert len(text) < 1_000_000


def test_the_page_with_clips_still_needs_nothing_from_elsewhere(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    written(found, footage_library, tmp_path, preview=True)
    text = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    for outside in ("http:", "https:", "file:", "url(", "@import", "href="):
        assert outside not in text
    assert text.count("<script>") == 1


def test_the_cut_is_told_as_an_editor_needs_it(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    page = written(found, footage_library, tmp_path)
    for one in found.candidates:
        assert f"score {one.score:.3f} at cut {one.at_cut:.3f}" in page.text
        for side in (one.outgoing, one.incoming):
            assert side.timecode in page.text
            assert (
                f"{side.source.name} shot {side.shot}, frame {side.cut_frame} "
                f"handles {side.handle_before} before, {side.handle_after} after"
            ) in page.text
    assert page.text.count("not refined") == 2
    assert "Reframe" not in page.text


def test_a_reframing_is_a_sentence_with_the_numbers_to_dial_in(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    best = replace(found.candidates[0], refined=True, reframing=REFRAMING)
    plain = written(replace(found, candidates=found.candidates[:1]), footage_library, tmp_path)
    page = written(replace(found, candidates=(best,)), footage_library, tmp_path)
    assert (
        "Reframe B: flop, scale 1.12, rotate 2.0 degrees clockwise, move 3.1 % right and 1.2 % up "
        "of the screen's width; frame 0.61 becomes 0.84."
    ) in page.text
    assert "first frame, reframed" in page.text
    assert "last frame, reframed" not in page.text
    assert "not refined" not in page.text
    assert page.pictures[0] == plain.pictures[0], "A is as it was"
    assert page.pictures[1] != plain.pictures[1], "B is shown moved"


def test_of_a_blend_it_is_said_whose_score_the_reframing_raises(
    footage_library: Path, tmp_path: Path
) -> None:
    blended = Engine(footage_library).scan(
        flavor="camera,frame", top=1, per_shot=None, across=False, min_gap=Fraction(1), min_handle=1
    )
    moved = replace(blended.candidates[0], refined=True, reframing=REFRAMING)
    page = written(replace(blended, candidates=(moved,)), footage_library, tmp_path, preview=True)
    assert "; frame 0.61 becomes 0.84." in page.text
    assert "why: camera" in page.text
    assert "why: frame" in page.text
    assert len(page.clips) == 1


def test_what_is_offline_plays_from_its_proxy_and_is_a_sentence_without_one(
    footage: Footage, tmp_path: Path, matchcut: Matchcut
) -> None:
    film = Path(shutil.copy(footage.one, tmp_path))
    library = tmp_path / "library"
    matchcut("index", film, "-l", library, "--detector", DETECTOR)
    found = Engine(library).scan(
        flavor="frame", top=1, per_shot=None, across=False, min_gap=Fraction(1), min_handle=1
    )
    film.unlink()
    page = written(found, library, tmp_path, preview=True)
    assert len(page.clips) == 1
    assert page.pictures == []
    assert page.text.count("is offline: there is no such file") == 1
    for proxy in library.glob(f"arrays/*/{PROXY}.proxy"):
        proxy.unlink()
    page = written(found, library, tmp_path, preview=True)
    assert page.clips == []
    assert page.text.count("is offline: there is no such file") == 1, "said once"


class _Impatient(Quiet):
    """Stops once two pairs were begun."""

    def cancelled(self) -> bool:
        return len(self.reports) == 2


def test_drawing_can_be_stopped_between_two_pairs_and_leaves_no_page(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    twice = replace(found, candidates=found.candidates * 2)
    watch = _Impatient()
    with pytest.raises(Cancelled):
        written(twice, footage_library, tmp_path, preview=True, watch=watch)
    assert [(one.stage, one.done, one.total) for one in watch.reports] == [
        ("drawing", 0, 4),
        ("drawing", 1, 4),
    ]
    assert list(tmp_path.iterdir()) == []


def test_no_room_for_a_clip_is_said_and_leaves_no_page(
    found: MatchSet, footage_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(clip, "clip_bytes", full)
    with pytest.raises(OutputUnwritable, match="No space left on device") as raised:
        written(found, footage_library, tmp_path, preview=True)
    assert "TMPDIR" in raised.value.next_step
    assert list(tmp_path.iterdir()) == []


def test_what_was_said_of_a_pair_and_what_ranks_it_are_shown(
    found: MatchSet, footage_library: Path, tmp_path: Path
) -> None:
    one, other = found.candidates
    said = (replace(one, verdict="keep", scorer="verdicts-1234"), replace(other, verdict="reject"))
    text = written(replace(found, candidates=said), footage_library, tmp_path).text
    assert text.count("kept") == text.count("rejected") == text.count("by verdicts-1234") == 1
    plain = written(found, footage_library, tmp_path).text
    assert "kept" not in plain
    assert "verdicts-" not in plain
