"""Plans keep what they promise, and films are what their plans say."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from matchcut.types import Picture
from tests.joined.draw import bars_at, pictures, shown
from tests.joined.film import JoinedFilm
from tests.joined.looks import LOOKS, Look
from tests.joined.pieces import PIECES
from tests.joined.plan import APART, FLOOR, planned
from tests.joined.script import HARD, Frame, Join, Pan, Script, Take, Trouble
from tests.unit.joined import textures

SHORT = {look.name: replace(look, minutes=min(look.minutes, 0.5)) for look in LOOKS}


def plan(name: str, seed: str = "1") -> Script:
    return planned(SHORT[name], textures.PIECES, textures.frames, seed)


def drawn(script: Script) -> list[Picture]:
    return list(pictures(script, textures.frames))


def difference(one: Picture, other: Picture) -> float:
    return float(np.abs(one.astype(float) - other).mean())


def test_the_halves_share_no_file() -> None:
    tuning, reported = ({piece.file for piece in PIECES[half]} for half in ("tuning", "reported"))
    assert tuning.isdisjoint(reported)


def test_each_half_is_at_least_thirty_minutes() -> None:
    assert sum(look.films * look.minutes for look in LOOKS) >= 33


def test_a_seed_gives_the_same_plan_and_another_one_another() -> None:
    assert plan("plain") == plan("plain")
    assert plan("plain") != plan("plain", "2")


@pytest.mark.parametrize("look", ["plain", "fast", "troubles", "doubled", "unflagged fields"])
def test_no_trouble_lies_within_twelve_frames_of_a_transition(look: str) -> None:
    cadence = SHORT[look].cadence
    script = plan(look)
    true = [one.transition for one in cadence.marked(script.marked())]
    for trouble in cadence.troubles(script.troubles):
        assert all(
            one.end + APART <= trouble.start or trouble.end + APART <= one.start for one in true
        )


@pytest.mark.parametrize("look", ["plain", "fast"])
def test_every_hard_cut_can_be_seen(look: str) -> None:
    script = plan(look)
    made = drawn(script)
    hard = [one.transition.cut for one in script.marked() if one.kind in HARD]
    assert hard
    # The promise is about pictures of 48x27, which blur a little of the difference away.
    assert all(difference(made[at - 1], made[at]) > FLOOR for at in hard)


def test_shots_are_as_long_as_their_look_says() -> None:
    script = plan("plain")
    ends = [0, *(one.transition.end for one in script.marked())]
    starts = [*(one.transition.start for one in script.marked()), script.pictures]
    alone = [start - end for start, end in zip(starts, ends, strict=True)]
    assert min(alone) >= 24
    assert max(alone) <= 144


def test_the_pictures_beside_a_gradual_transition_are_one_shot_alone() -> None:
    script = plan("gradual")
    made = drawn(script)
    for at, join in enumerate(script.joins):
        start = script.starts[at]
        began = script.starts[at - 1] if at else 0
        before = shown(script.takes[at], start - 1 - began, textures.frames)
        after = shown(script.takes[at + 1], join.frames, textures.frames)
        assert np.array_equal(made[start - 1], before)
        assert np.array_equal(made[start + join.frames], after)


def test_a_whip_ends_somewhere_else_and_stays_there() -> None:
    still = Take(textures.PIECES[0], 0, 0.0, Frame(0.55, 0.0, 0.5), pan=Pan(10, 6, 1.0))
    there = replace(still, frame=Frame(0.55, 1.0, 0.5), pan=None)
    here = replace(still, pan=None)
    made = [shown(still, at, textures.frames) for at in range(30)]
    assert all(np.array_equal(one, shown(here, 0, textures.frames)) for one in made[:10])
    assert all(np.array_equal(one, shown(there, 0, textures.frames)) for one in made[16:])
    assert difference(made[9], made[16]) > FLOOR


@pytest.mark.parametrize("kind", ["flash", "lightning", "strobe", "pass", "exposure", "caption"])
def test_a_trouble_changes_its_own_pictures_alone(kind: str) -> None:
    take = Take(textures.PIECES[1], 0)
    plain = Script((take,), (), (), 40)
    troubled = replace(plain, troubles=(Trouble(kind, 12, 24, 5),))
    changed = [
        at
        for at, (one, other) in enumerate(zip(drawn(plain), drawn(troubled), strict=True))
        if not np.array_equal(one, other)
    ]
    assert changed
    assert 12 <= changed[0] <= changed[-1] < 24


def test_bars_are_black_and_move_straight_from_one_share_to_the_next() -> None:
    script = Script((Take(textures.PIECES[0], 0),), (), (), 20, (), ((5, 0.0, 0.0), (15, 0.2, 0.0)))
    assert [bars_at(script, at)[0] for at in (0, 5, 10, 19)] == pytest.approx([0, 0, 0.1, 0.2])
    last = drawn(script)[-1]
    assert last[:18].max() == 0
    assert last[162:].max() == 0
    assert last[18:162].min(axis=(1, 2)).max() > 0


def test_a_take_is_played_to_and_fro() -> None:
    take = Take(textures.PIECES[0], 88)
    assert [take.at(shown) for shown in range(4)] == [88, 89, 88, 87]
    assert Take(textures.PIECES[0], 1, -1.0).at(3) == 2


@pytest.mark.parametrize("name", ["plain", "telecine", "unflagged fields"])
def test_a_film_is_written_once_with_as_many_frames_as_it_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.joined.film.footage", lambda half: textures.frames)
    look = Look(name, cadence_name=SHORT[name].cadence_name)
    takes = (Take(textures.PIECES[0], 0), Take(textures.PIECES[1], 0))
    film = JoinedFilm("short", "tuning", look, Script(takes, (Join("cut"),), (17,), 44))
    path = film.render(tmp_path)
    with av.open(str(path)) as container:
        frames = [one.to_ndarray(format="rgb24") for one in container.decode(video=0)]
    assert len(frames) == film.frames
    (marked,) = film.marked
    colours = [frame.mean(axis=(0, 1)) for frame in frames]
    steps = [np.abs(one - other).mean() for one, other in pairwise(colours)]
    assert marked.transition.start <= int(np.argmax(steps)) + 1 <= marked.transition.end
    monkeypatch.setattr("tests.joined.film._write", None)
    assert film.render(tmp_path) == path
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
