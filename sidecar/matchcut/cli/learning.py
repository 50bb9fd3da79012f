"""`matchcut verdicts suggest`, `matchcut train verdicts`: what to judge, and what that teaches."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from matchcut import flavors
from matchcut.cli.console import NOTHING_FOUND, errors_said, people, print_json
from matchcut.cli.options import (
    FlavorName,
    Json,
    LibraryFolder,
    Outputs,
    Preview,
    Refining,
    Top,
)

if TYPE_CHECKING:
    from matchcut.learn.reranking import Judgement


def suggest(
    library: LibraryFolder,
    flavor: FlavorName = flavors.DEFAULT,
    top: Top = 20,
    refine: Refining = True,
    output: Outputs = None,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Show the pairs of which a verdict would teach most, to be judged next.

    Example: `matchcut verdicts suggest -l ~/show.matchcut -f frame -o next.html -o next.otio`

    They are among the best pairs of the flavor that nothing was said of, those nearest to the
    border between kept and rejected first, and of as many shots as possible. Judge them as any
    others, with `matchcut verdict`. What is written and printed is as with `matchcut scan`.
    """
    from matchcut.cli.answering import Wishes, answer
    from matchcut.cli.matching import MIN_HANDLE, check_outputs
    from matchcut.engine import Engine

    with errors_said():
        check_outputs(output, None, preview)
        engine = Engine(library)
        found = engine.suggest(flavor=flavor, top=top)
        wishes = Wishes(output or [], preview, as_json, refine, MIN_HANDLE, True)
        answer(found, None, engine, library, wishes)


def train(
    library: LibraryFolder,
    flavor: Annotated[
        list[str] | None,
        typer.Option(
            "--flavor",
            "-f",
            help="On candidates of this one; may be repeated.",
            show_default="all that were judged",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Learn from verdicts in which order to show candidates; use it only where it is better.

    Example: `matchcut train verdicts -l ~/show.matchcut -f frame`

    From then on `matchcut find` and `matchcut scan` order their short lists by it, and candidates
    name their scorer. It is used only if it orders verdicts that it has not seen better than the
    flavor's own score does, of films it has not seen where there are enough. It takes 20 verdicts
    at least, 5 kept and 5 rejected. What is learned lies in the folder `scorers` of the library,
    with a card; delete it to have the flavors' own orders again.

    JSON, a flavor a line: flavor, used, verdicts, kept, groups, own and learned (average
    precision), better (share of draws), why_not.
    """
    from matchcut.engine import Engine

    with errors_said():
        engine = Engine(library)
        judged = dict.fromkeys(one.flavor for one in engine.verdicts())
        wanted = flavor or list(judged)
        for one in wanted:
            told = engine.learn_from_verdicts(one)
            if as_json:
                print_json(_learned_fields(one, told))
            people().print(_learned_said(one, told), markup=False)
    if not wanted:
        people().print("Nothing was said yet. See `matchcut verdict --help`.", markup=False)
        raise typer.Exit(NOTHING_FOUND)


def _learned_fields(flavor: str, told: Judgement) -> dict[str, object]:
    known = not isnan(told.own)
    return {
        "flavor": flavor,
        "used": told.used,
        "verdicts": told.pairs,
        "kept": told.kept,
        "groups": told.groups,
        "own": told.own if known else None,
        "learned": told.learned if known else None,
        "better": told.better if known else None,
        "why_not": told.why_not,
    }


def _learned_said(flavor: str, told: Judgement) -> str:
    text = f"{flavor}: {told.pairs} verdict(s), {told.kept} kept"
    if not isnan(told.own):
        text += (
            f"; average precision on those not seen {told.learned:.3f} as learned, "
            f"{told.own:.3f} by its own score; better in {100 * told.better:.0f} % of draws"
        )
    if told.used:
        return f"{text}. Used from now on by find and scan."
    return f"{text}. Not used, since {told.why_not}."
