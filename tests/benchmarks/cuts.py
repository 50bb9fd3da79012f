"""Whether pairs are cut where they should be: `python -m tests.benchmarks.cuts`.

Films are drawn in which two shots show one silhouette at one known frame each, some only once one
picture is moved, and films whose movement goes on from A to B. They are indexed with their true
cuts, so that no fault of shot detection is mixed in, and asked as an editor asks. One JSON object a
line. Beside what the product says stand naive ways: the middle frames, the coarse moments, and the
best that true silhouettes of 64x36 cells can tell.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from matchcut import flavors
from matchcut.types import Candidate, FindReframing, Reframing
from tests.benchmarks.cuts_indexed import MIN_HANDLE, Indexed, indexed
from tests.benchmarks.cuts_ranking import say_ranking
from tests.benchmarks.lines import say
from tests.passing import score
from tests.passing.directed import HANDLE
from tests.passing.films import (
    cut_films,
    directed_films,
    framed_films,
    unseen_cut_films,
    unseen_framed_films,
)
from tests.passing.oracle import best_cut, true_row
from tests.passing.script import Film, Planted


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product says of one planted pair."""

    indexed: Indexed
    planted: Planted
    rank: int | None
    coarse: tuple[int, int] | None
    """Frames to leave and to enter; None where the pair was no match at all."""
    refined: tuple[int, int] | None
    reframing: Reframing | None


def answers(one: Indexed, *, reframe: bool) -> list[Answer]:
    """Every planted pair of a film, asked for by the frame of A, and refined."""
    found = []
    for planted in one.film.truth():
        candidates = one.asked(planted.leave, "frame", min_handle=MIN_HANDLE, reframe=reframe)
        rank = score.rank_of((each.incoming.shot for each in candidates), planted.incoming)
        if rank is None:
            found.append(Answer(one, planted, None, None, None, None))
            continue
        candidate = candidates[rank - 1]
        refined = next(
            iter(one.engine.refine([candidate], min_handle=MIN_HANDLE, reframe=reframe))
        ).candidate
        found.append(
            Answer(one, planted, rank, _frames(candidate), _frames(refined), refined.reframing)
        )
    return found


def _frames(candidate: Candidate) -> tuple[int, int]:
    return candidate.outgoing.cut_frame, candidate.incoming.cut_frame


def _middles(answer: Answer) -> tuple[int, int]:
    film, planted = answer.indexed.film, answer.planted
    leave, enter = (
        (film.starts[shot] + film.starts[shot + 1]) // 2
        for shot in (planted.outgoing, planted.incoming)
    )
    return leave, enter


def say_cuts(name: str, found: Sequence[Answer], **depends_on: object) -> None:
    """Rank of the planted shot, and the share of cuts within two frames, by every way."""
    ranks = [answer.rank for answer in found if answer.rank is not None]
    say(f"{name}.rank", statistics.median(ranks) if ranks else 0, "median rank", pairs=len(found),
        missed=len(found) - len(ranks),
        first=round(sum(rank == 1 for rank in ranks) / max(len(found), 1), 3),
        first_three=round(sum(rank <= 3 for rank in ranks) / max(len(found), 1), 3),
        among=statistics.median(len(one.indexed.film.shots) - 1 for one in found),
        **depends_on)  # fmt: skip
    moving = [answer for answer in found if answer.planted.moves]
    ways: dict[str, Callable[[Answer], tuple[int, int] | None]] = {
        "refined": lambda answer: answer.refined,
        "coarse": lambda answer: answer.coarse,
        "middle frames": _middles,
    }
    if not any(answer.planted.framing for answer in moving):
        # What a reframing can make up for has no single best frame.
        ways["true silhouettes"] = lambda answer: best_cut(
            answer.indexed.film, answer.planted, MIN_HANDLE
        )
    for way, cut in ways.items():
        hits = [
            score.hit(answer.planted, *frames)
            for answer in moving
            if (frames := cut(answer)) is not None
        ]
        _say_hits(f"{name}.cut.{way}", hits, len(moving), **depends_on)


def _say_hits(name: str, hits: Sequence[score.Hit], pairs: int, **depends_on: object) -> None:
    missed = [max(abs(one.leave), abs(one.enter)) for one in hits]
    say(name, sum(one.right for one in hits) / max(pairs, 1), "share within 2 frames", pairs=pairs,
        not_found=pairs - len(hits),
        leave=round(sum(one.sides[0] for one in hits) / max(pairs, 1), 3),
        enter=round(sum(one.sides[1] for one in hits) / max(pairs, 1), 3),
        within_1=round(sum(miss <= 1 for miss in missed) / max(pairs, 1), 3),
        within_4=round(sum(miss <= 4 for miss in missed) / max(pairs, 1), 3),
        median_frames=statistics.median(missed) if missed else None, **depends_on)  # fmt: skip


def say_each(name: str, found: Sequence[Answer]) -> None:
    """What became of every pair, for whoever looks for the reason."""
    for answer in found:
        planted, film = answer.planted, answer.indexed.film
        leaving, entering = film.shots[planted.outgoing], film.shots[planted.incoming]
        cut = answer.refined
        off = None if cut is None else _off(answer, cut, answer.reframing)
        say(f"{name}.each", answer.rank or 0, "rank", film=film.name,
            shots=[planted.outgoing, planted.incoming], kind=leaving.stance and leaving.stance.kind,
            plates=[leaving.plate.kind, entering.plate.kind], known=_known(answer),
            coarse=answer.coarse, refined=cut, moves=planted.moves,
            planted=planted.framing and str(planted.framing),
            reframing=answer.reframing and str(answer.reframing),
            off=off and {one.name: round(float(getattr(off, one.name)), 4) for one in fields(off)},
            )  # fmt: skip


def say_framings(found: Sequence[Answer], **depends_on: object) -> None:
    """How right reframings are, against none, and against the search on true silhouettes."""
    reframe = flavors.flavor("frame").reframe
    for standing, name in ((True, "standing"), (False, "moving")):
        some = [one for one in found if one.planted.moves is not standing]
        ways: dict[str, list[score.Off | None]] = {"refined": [], "as they are": []}
        for answer in some:
            cut = answer.refined
            ways["refined"].append(cut and _off(answer, cut, answer.reframing))
            ways["as they are"].append(_off(answer, _known(answer), None))
        if reframe is not None:
            ways["true silhouettes"] = [
                _off(one, _known(one), _found(reframe.find, one)) for one in some
            ]
        for way, offs in ways.items():
            _say_offs(f"reframing.{name}.{way}", offs, **depends_on)
    sided = [
        answer.reframing.side == answer.planted.framing.side
        for answer in found
        if answer.planted.framing
        and answer.planted.framing.scale > 1
        and answer.reframing is not None
    ]
    say("reframing.side", float(np.mean(sided)) if sided else 0.0, "share right",
        pairs=len(sided), **depends_on)  # fmt: skip


def _found(find: FindReframing, answer: Answer) -> Reframing | None:
    """What is found in silhouettes without fault at the known frames."""
    leaving, entering = (true_row(answer.indexed.film, at) for at in _known(answer))
    return find(leaving, entering, (16 / 9, 16 / 9), None)


def _known(answer: Answer) -> tuple[int, int]:
    return answer.planted.leave, answer.planted.enter


def _off(answer: Answer, cut: tuple[int, int], found: Reframing | None) -> score.Off:
    return score.off(answer.indexed.film, answer.planted, *cut, found)


def _say_offs(name: str, offs: Sequence[score.Off | None], **depends_on: object) -> None:
    known = [one for one in offs if one is not None]
    pairs = max(len(offs), 1)
    if not known:
        return

    def share(right: Callable[[score.Off], bool]) -> float:
        return round(sum(map(right, known)) / pairs, 3)

    say(name, share(lambda one: one.right), "share right", pairs=len(offs),
        not_found=len(offs) - len(known),
        place=share(lambda one: one.place <= score.SHIFT),
        shift=share(lambda one: one.shift <= score.SHIFT),
        scale=share(lambda one: one.scale <= score.SCALE),
        rotation=share(lambda one: one.rotation <= score.ROTATION),
        flop=share(lambda one: not one.flop),
        median_place=round(statistics.median(one.place for one in known), 4),
        median_scale=round(statistics.median(one.scale for one in known), 4),
        median_rotation=round(statistics.median(one.rotation for one in known), 2),
        **depends_on)  # fmt: skip


def say_directions(one: Indexed, **depends_on: object) -> None:
    """Share of pairs ranked A to B above B to A, with the handles that make it true and without."""
    flavor = one.film.pairs[0].flavor
    for handle in (MIN_HANDLE, round(HANDLE * one.film.rate)):
        right, equal, ranks = 0, 0, []
        for planted in one.film.truth():
            scores = []
            for shot, other in (
                (planted.outgoing, planted.incoming),
                (planted.incoming, planted.outgoing),
            ):
                frame = (one.film.starts[shot] + one.film.starts[shot + 1]) // 2
                listed = one.asked(frame, flavor, min_handle=handle, reframe=False)
                place = score.rank_of((each.incoming.shot for each in listed), other)
                scores.append(0.0 if place is None else listed[place - 1].score)
                if other == planted.incoming:
                    ranks.append(place or len(one.film.shots))
            right += scores[0] > scores[1]
            equal += scores[0] == scores[1]
        pairs = len(one.film.pairs)
        say(f"direction.{flavor}", right / pairs, "share A to B above B to A", pairs=pairs,
            equal=equal, min_handle=handle, median_rank=statistics.median(ranks),
            among=len(one.film.shots) - 1, **depends_on)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cuts")
    parser.add_argument("--only", choices=("cut", "framed", "directed", "ranking"))
    parser.add_argument("--profile", default="classical")
    parser.add_argument("--models", type=Path)
    parser.add_argument("--films", type=int, default=9, help="so many of each kind, for a look")
    parser.add_argument("--unseen", action="store_true", help="films that nothing was tuned on")
    parser.add_argument("--each", action="store_true", help="a line for each pair as well")
    parser.add_argument("--keep", type=Path, help="folder in which the libraries are kept")
    asked = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    wanted = {asked.only} if asked.only else {"cut", "framed", "directed", "ranking"}
    with TemporaryDirectory(prefix="matchcut-cuts-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)

        def made(films: Sequence[Film]) -> list[Indexed]:
            started = time.perf_counter()
            found = [
                indexed(film, folder, asked.profile, asked.models) for film in films[: asked.films]
            ]
            frames = sum(one.film.starts[-1] for one in found)
            say("indexing", time.perf_counter() - started, "seconds", films=len(found),
                frames=frames)  # fmt: skip
            return found

        depends_on: dict[str, object] = {"profile": asked.profile, "unseen": asked.unseen}
        cut_kind, framed_kind = cut_films, framed_films
        if asked.unseen:
            cut_kind, framed_kind = unseen_cut_films, unseen_framed_films
        cut = made(cut_kind()) if wanted & {"cut", "ranking"} else []
        if "cut" in wanted:
            for reframe in (False, True):
                found = [each for one in cut for each in answers(one, reframe=reframe)]
                say_cuts("cut", found, reframe=reframe, **depends_on)
                if asked.each:
                    say_each("cut", found)
        if "ranking" in wanted:
            say_ranking(cut, folder, asked.profile, asked.models)
        if "framed" in wanted:
            found = [each for one in made(framed_kind()) for each in answers(one, reframe=True)]
            say_cuts("framed", found, reframe=True, **depends_on)
            say_framings(found, **depends_on)
            if asked.each:
                say_each("framed", found)
        if "directed" in wanted:
            for one in made(directed_films()):
                say_directions(one, **depends_on)
    return 0


if __name__ == "__main__":
    sys.exit(main())
