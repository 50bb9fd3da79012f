"""From a search to the screen: what was found in real files is what melt shows at each cut."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matchcut.cli.app import app
from tests.counted import Counter, counted
from tests.film.draw import frame_at
from tests.film.encode import write_pictures
from tests.film.script import FilmPlan
from tests.hosts.test_melt import rendered
from tests.small_films import day_one, day_two

pytestmark = [
    pytest.mark.hosts,
    pytest.mark.skipif(shutil.which("melt") is None, reason="melt is not installed here"),
]


def _run(*arguments: object) -> str:
    ran = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    return ran.stdout


def _film(plan: FilmPlan, number: int, path: Path) -> Path:
    """A drawn film with a counter in every frame, and beside it the list of its shots."""
    write_pictures(
        (counted(frame_at(plan, at), Counter(number, at)) for at in range(plan.starts[-1])),
        path,
        rate=plan.rate,
        size=(plan.width, plan.height),
        start_timecode=plan.start_timecode,
    )
    shots = [{"start_frame": start, "end_frame": end} for start, end in pairwise(plan.starts)]
    path.with_suffix(".json").write_text(json.dumps(shots))
    return path


@pytest.mark.parametrize("second", ["of its own rate", "of the same rate"])
def test_each_pair_that_is_found_is_shown_at_its_cut(tmp_path: Path, second: str) -> None:
    other = day_two() if second == "of its own rate" else replace(day_two(), rate=Fraction(25))
    if second == "of the same rate":
        other = replace(other, start_timecode="23:59:59:00")
    plans = {
        number: replace(plan, width=320, height=180)
        for number, plan in ((1, day_one()), (2, other))
    }
    films = {
        _film(plan, number, tmp_path / f"{number}.mov"): number for number, plan in plans.items()
    }
    library = tmp_path / "library"
    for path in films:
        _run("index", path, "-l", library, "--shots", path.with_suffix(".json"))
    out = tmp_path / "pairs.otio"
    lines = _run("scan", "-l", library, "-k", "6", "--min-handle", "2", "-o", out, "--json")
    _run("export", out, "--for", "any", "-o", tmp_path / "any")
    seen = rendered(tmp_path / "any" / "pairs.mlt", tmp_path)
    cuts = [
        (left, right)
        for left, right in pairwise(seen)
        if left is not None
        and right is not None
        and (right.film != left.film or right.frame not in range(left.frame, left.frame + 3))
    ]
    found = [json.loads(line) for line in lines.splitlines()]
    assert len(cuts) == len(found) == 6
    sequence = plans[films[Path(found[0]["outgoing"]["source"])]].rate
    for line, shown in zip(found, cuts, strict=True):
        for side, counter in zip((line["outgoing"], line["incoming"]), shown, strict=True):
            number = films[Path(side["source"])]
            assert counter.film == number
            # Of a film with more frames a second than the sequence, not each one is shown.
            slack = 0 if plans[number].rate <= sequence else 1
            assert abs(counter.frame - side["cut_frame"]) <= slack
