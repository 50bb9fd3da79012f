"""`matchcut find` and `matchcut scan`: ranked candidates, shown, printed and written to files."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from matchcut import flavors
from matchcut.cli.console import NOTHING_FOUND, errors_said, people, print_json, watched
from matchcut.cli.options import (
    FlavorName,
    Json,
    LibraryFolder,
    MinGap,
    Outputs,
    ThroughSidecar,
    Top,
    from_root,
    open_matching,
)
from matchcut.errors import UsageError
from matchcut.media.state import is_folder, is_online
from matchcut.types import Candidate, Matching, MatchSet, MediaQuery, Query, Side, TimelineQuery

MIN_GAP = 2.0
TIMECODE_WIDTH = len("00:00:00:00")


def find(
    library: LibraryFolder,
    media: Annotated[
        Path | None, typer.Option(help="Film that holds the shot.", show_default=False)
    ] = None,
    timeline: Annotated[
        Path | None, typer.Option(help="Timeline (.otio) that holds the shot.", show_default=False)
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            help="Where the shot is: source timecode or frame number with --media, record "
            "timecode with --timeline.",
            show_default=False,
        ),
    ] = None,
    clip: Annotated[
        str | None, typer.Option(help="Name of a clip of the timeline.", show_default=False)
    ] = None,
    flavor: FlavorName = flavors.DEFAULT,
    top: Top = 20,
    min_gap: MinGap = MIN_GAP,
    output: Outputs = None,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Find shots to cut to from one shot.

    Example: `matchcut find -l ~/show.matchcut --timeline cut.otio --at 01:00:12:05 -o out.otio`

    With a timeline and -o x.otio, x.otio is that timeline with our markers added and nothing else
    changed; beside it x.matches.otio holds the candidates, trimmed at the cut. JSON, a candidate a
    line: rank, score, flavor, exact, parts, outgoing, incoming.
    """
    with errors_said():
        query = _query(media, timeline, at, clip)
        _check_outputs(output, timeline)
        matching = open_matching(library, sidecar)
        found = matching.find(query, flavor=flavor, top=top, min_gap=Fraction(str(min_gap)))
        _deliver(found, query, matching, library, output or [], as_json)


def scan(
    library: LibraryFolder,
    flavor: FlavorName = flavors.DEFAULT,
    top: Top = 50,
    per_shot: Annotated[
        int | None,
        typer.Option(min=1, help="At most this many pairs a shot.", show_default=False),
    ] = None,
    across: Annotated[
        bool, typer.Option("--across", help="Only pairs of different films.")
    ] = False,
    min_gap: MinGap = MIN_GAP,
    output: Outputs = None,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Rank all pairs of shots of a library and show the best.

    Example: `matchcut scan --library ~/show.matchcut --flavor frame,camera:0.5 --top 100 -o
    pairs.html` ranks by both, camera counting half as much as frame.

    -o x.otio is a timeline of the candidates, trimmed at the cut; x.html a contact sheet; x.csv a
    table. JSON, a candidate a line: rank, score, flavor, exact, parts, outgoing, incoming.
    """
    with errors_said():
        _check_outputs(output, None)
        matching = open_matching(library, sidecar)
        found = matching.scan(
            flavor=flavor,
            top=top,
            per_shot=per_shot,
            across=across,
            min_gap=Fraction(str(min_gap)),
        )
        _deliver(found, None, matching, library, output or [], as_json, across=across)


def _query(media: Path | None, timeline: Path | None, at: str | None, clip: str | None) -> Query:
    if (media is None) == (timeline is None):
        raise UsageError(
            "A shot is found by its film or by a timeline.", "Give either --media or --timeline."
        )
    if media is not None:
        if at is None or clip is not None:
            raise UsageError(
                "--media needs --at, a source timecode or frame number, and takes no --clip.",
                "For example: --media film.mov --at 01:00:12:05.",
            )
        return MediaQuery(from_root(media), at)
    assert timeline is not None
    if at is not None and clip is not None:
        raise UsageError(
            "--clip and --at name two different shots of the timeline.", "Give one of them."
        )
    from matchcut.engine.timelines import read_text

    return TimelineQuery(
        timeline=read_text(timeline),
        base=from_root(timeline).parent,
        name=timeline.name,
        clip=clip,
        at=at,
    )


def _check_outputs(outputs: list[Path] | None, timeline: Path | None) -> None:
    """Refuses what cannot be written before any work is done."""
    from matchcut.cli.outputs import written_for

    everything = [
        written
        for output in outputs or []
        for written in written_for(output, marked=timeline is not None)
    ]
    if len({path.resolve() for path in everything}) < len(everything):
        raise UsageError(
            "Two results would be written to one file.",
            "Give each -o a name of its own; beside a marked x.otio stands x.matches.otio.",
        )
    for output in outputs or []:
        if output.suffix.lower() not in {".otio", ".html", ".csv"}:
            raise UsageError(
                f"'{output}' has no ending that says what to write.",
                "Use .otio, .html or .csv.",
            )
        for written in written_for(output, marked=timeline is not None):
            if timeline is not None and _is_same_file(written, timeline):
                raise UsageError(
                    f"'{written}' is the timeline that is read; it is never overwritten.",
                    "Give another name to -o.",
                )
        if not is_folder(output.absolute().parent):
            raise UsageError(
                f"There is no folder {output.absolute().parent}.", "Make it, or correct -o."
            )


def _is_same_file(one: Path, other: Path) -> bool:
    if is_online(one) and is_online(other):
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _deliver(
    found: MatchSet,
    query: Query | None,
    matching: Matching,
    library: Path,
    outputs: list[Path],
    as_json: bool,
    *,
    across: bool = False,
) -> None:
    from matchcut.cli.outputs import write

    for note in found.notes:
        people().print(note, markup=False)
    if as_json:
        for candidate in found.candidates:
            print_json(as_fields(candidate))
    if not found.candidates:
        usable = [card for card in matching.sources() if card.paths]
        why = _why_nothing(len(usable), found.pairs_compared, across)
        people().print(f"Nothing found: {why}")
        for output in outputs:
            if is_online(output):
                people().print(f"{output} is left as it was.", markup=False)
        raise typer.Exit(NOTHING_FOUND)
    if not as_json:
        people().print(_table(found))
    written: list[Path] = []
    with watched() as monitor:
        for output in outputs:
            written += write(output, found, query, matching, library, monitor)
    for path in written:
        people().print(f"Written: {path}", markup=False)


def _why_nothing(films: int, pairs_compared: int, across: bool) -> str:
    if films == 0:
        return "the library holds no film. Index some with `matchcut index`."
    if pairs_compared:
        return (
            f"none of the {pairs_compared} pairs compared is alike in this way. Try another "
            "--flavor, or index more films."
        )
    if across and films == 1:
        return (
            "--across pairs shots of different films, and the library holds only one. Index "
            "another film, or leave out --across."
        )
    return (
        "no two shots may be paired; repeats of one set-up never are, nor shots of one film less "
        "than --min-gap seconds apart. Lower --min-gap, or index more films."
    )


def as_fields(candidate: Candidate) -> dict[str, object]:
    """A candidate as `--json` prints it."""
    return {
        "rank": candidate.rank,
        "score": candidate.score,
        "flavor": candidate.flavor,
        "exact": candidate.exact,
        "parts": [asdict(part) for part in candidate.parts],
        "outgoing": _side_fields(candidate.outgoing),
        "incoming": _side_fields(candidate.incoming),
    }


def _side_fields(side: Side) -> dict[str, object]:
    return {
        "source": str(side.source),
        "shot": side.shot,
        "start_frame": side.start_frame,
        "end_frame": side.end_frame,
        "cut_frame": side.cut_frame,
        "timecode": side.timecode,
        "repeats": list(side.repeats),
    }


def _table(found: MatchSet) -> Table:
    blended = bool(found.candidates[0].parts)
    # A narrow terminal folds file names, and never cuts a timecode or a number short.
    table = Table(
        "rank",
        Column("score", no_wrap=True, min_width=5),
        Column("leave", overflow="fold"),
        Column("at", no_wrap=True, min_width=TIMECODE_WIDTH),
        Column("enter", overflow="fold"),
        Column("at", no_wrap=True, min_width=TIMECODE_WIDTH),
        # Both would leave no room for names.
        Column("parts", max_width=11) if blended else Column("repeats", max_width=7),
        title=f"{escape(found.flavor)}: the best of {found.pairs_compared} pairs",
    )
    for candidate in found.candidates:
        a, b = candidate.outgoing, candidate.incoming
        repeats = str(len(a.repeats) + len(b.repeats) or "")
        table.add_row(
            str(candidate.rank),
            f"{candidate.score:.3f}",
            escape(f"{a.source.name} #{a.shot}"),
            a.timecode,
            escape(f"{b.source.name} #{b.shot}"),
            b.timecode,
            " ".join(f"{part.score:.2f}" for part in candidate.parts) if blended else repeats,
        )
    return table
