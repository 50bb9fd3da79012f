"""What was found, refined candidate by candidate, shown, and written to files."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from matchcut.cli.console import INTERRUPTED, NOTHING_FOUND, people, watched
from matchcut.cli.shown import print_candidate, table_of
from matchcut.media.state import is_online
from matchcut.types import Candidate, Matching, MatchSet, Progress, Query


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the user wants what was found; each as the option of its name says."""

    outputs: list[Path]
    preview: bool
    as_json: bool
    refine: bool
    min_handle: int
    reframe: bool


def answer(
    found: MatchSet,
    query: Query | None,
    matching: Matching,
    library: Path,
    wishes: Wishes,
    *,
    across: bool = False,
) -> None:
    """Refines what was found, shows it and writes it."""
    if not found.candidates:
        _say_nothing_found(found, matching, wishes.outputs, across)
        raise typer.Exit(NOTHING_FOUND)
    stopped = False
    if wishes.refine:
        found, stopped = _refined(found, matching, wishes)
    elif wishes.as_json:
        for candidate in found.candidates:
            print_candidate(candidate)
    _say_notes(found)
    if not wishes.as_json:
        people().print(table_of(found))
    _write(found, query, matching, library, wishes)
    if stopped:
        raise typer.Exit(INTERRUPTED)


def _refined(found: MatchSet, matching: Matching, wishes: Wishes) -> tuple[MatchSet, bool]:
    """What was found, refined in order of rank; and whether the user stopped that.

    Ctrl-C leaves the rest as they were found. What could not be refined is said in the notes.
    """
    total = len(found.candidates)
    done: list[Candidate] = []
    why: Counter[str] = Counter()
    # A bar would run into the lines that come on the same terminal.
    bar = not (wishes.as_json and sys.stdout.isatty())
    coming = matching.refine(found.candidates, min_handle=wishes.min_handle, reframe=wishes.reframe)
    with watched() as monitor:
        if bar:
            monitor.report(Progress("refining", "", 0, total, "pairs"))
        for one in coming:
            done.append(one.candidate)
            if one.note:
                why[one.note] += 1
            if wishes.as_json:
                print_candidate(one.candidate)
            if bar:
                monitor.report(Progress("refining", "", len(done), total, "pairs"))
            if monitor.cancelled():
                break
    notes = [f"{count} of {total} not refined: {note}" for note, count in why.items()]
    left = found.candidates[len(done) :]
    if left:
        notes.append(f"Stopped: the last {len(left)} of {total} are as they were found.")
    if wishes.as_json:
        for candidate in left:
            print_candidate(candidate)
    return replace(found, candidates=(*done, *left), notes=(*found.notes, *notes)), bool(left)


def _write(
    found: MatchSet, query: Query | None, matching: Matching, library: Path, wishes: Wishes
) -> None:
    from matchcut.cli.outputs import write

    written: list[Path] = []
    with watched() as monitor:
        for output in wishes.outputs:
            written += write(
                output, found, query, matching, library, monitor, preview=wishes.preview
            )
    for path in written:
        people().print(f"Written: {path}", markup=False)


def _say_notes(found: MatchSet) -> None:
    for note in found.notes:
        people().print(note, markup=False)


def _say_nothing_found(
    found: MatchSet, matching: Matching, outputs: list[Path], across: bool
) -> None:
    _say_notes(found)
    usable = [card for card in matching.sources() if card.paths]
    why = _why_nothing(len(usable), found.pairs_compared, across)
    people().print(f"Nothing found: {why}")
    for output in outputs:
        if is_online(output):
            people().print(f"{output} is left as it was.", markup=False)


def _why_nothing(films: int, pairs_compared: int, across: bool) -> str:
    if films == 0:
        return "the library holds no film. Index some with `matchcut index`."
    if pairs_compared:
        return (
            f"none of the {pairs_compared} pairs compared is alike in this way and not rejected. "
            "Try another --flavor or a lower --min-handle, or index more films."
        )
    if across and films == 1:
        return (
            "--across pairs shots of different films, and the library holds only one. Index "
            "another film, or leave out --across."
        )
    return (
        "no two shots may be paired; repeats of one set-up never are, nor shots of one film less "
        "than --min-gap seconds apart, nor shots without --min-handle frames. Lower either, or "
        "index more films."
    )
