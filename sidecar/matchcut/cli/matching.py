"""`matchcut find` and `matchcut scan`: ranked candidates, shown, printed and written to files."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from matchcut import flavors
from matchcut.cli.answering import Wishes, answer
from matchcut.cli.console import errors_said
from matchcut.cli.options import (
    EngineName,
    FlavorName,
    Json,
    LibraryFolder,
    Maps,
    MinGap,
    MinHandle,
    Outputs,
    Preview,
    RayAddress,
    Refining,
    Reframing,
    Rejected,
    Scorer,
    SequenceName,
    ThroughSidecar,
    TimelineRate,
    Top,
    frame_rate,
    from_root,
    open_matching,
    path_maps,
    scorer_named,
)
from matchcut.errors import UsageError
from matchcut.media.state import is_folder, is_online
from matchcut.types import MediaQuery, PathMap, Query, TimelineQuery

MIN_GAP = 2.0
MIN_HANDLE = 8


def find(
    library: LibraryFolder,
    media: Annotated[
        Path | None, typer.Option(help="Film that holds the shot.", show_default=False)
    ] = None,
    timeline: Annotated[
        Path | None,
        typer.Option(
            help="Timeline that holds the shot: .otio, .xml, .aaf, .edl and others.",
            show_default=False,
        ),
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
    maps: Maps = None,
    rate: TimelineRate = None,
    sequence: SequenceName = None,
    flavor: FlavorName = flavors.DEFAULT,
    top: Top = 20,
    min_gap: MinGap = MIN_GAP,
    min_handle: MinHandle = MIN_HANDLE,
    reframe: Reframing = True,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Compare all shots, even where an index would be searched."),
    ] = False,
    rejected: Rejected = False,
    scorer: Scorer = None,
    refine: Refining = True,
    output: Outputs = None,
    preview: Preview = False,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Find shots to cut to from one shot.

    Example: `matchcut find -l ~/show.matchcut --timeline cut.otio --at 01:00:12:05 -o out.otio`

    With a timeline and -o x.otio, x.otio is that timeline with our markers added and nothing else
    changed; beside it x.matches.otio holds the candidates, trimmed at the cut. A timeline of
    another format is written as .otio, with the same clips.

    Some flavors find shots of very large libraries by an index, once `matchcut reindex` has built
    one. What it finds is scored like everything else, and says `exact: false`, since it may miss a
    shot in a few hundred; --exact compares all.

    The candidates are refined in order of rank, to the best frames near each cut and
    the best reframing of one side; Ctrl-C leaves the others as they were found. JSON, a candidate a
    line, each as soon as it is refined: rank, score, flavor, at_cut, exact, parts, refined,
    reframing, verdict, scorer, outgoing, incoming.

    Pairs that were rejected with `matchcut verdict` are left out, unless --rejected. With --scorer
    the best candidates come in the order of a trained classifier; their scores stay what they are.
    """
    with errors_said():
        read_as = TimelineWishes(path_maps(maps), frame_rate(rate), sequence)
        query = _query(media, timeline, at, clip, read_as)
        check_outputs(output, timeline, preview)
        matching = open_matching(library, sidecar)
        found = matching.find(
            query,
            flavor=flavor,
            top=top,
            min_gap=Fraction(str(min_gap)),
            min_handle=min_handle,
            reframe=reframe,
            exact=exact,
            rejected=rejected,
            scorer=scorer_named(scorer),
        )
        wishes = Wishes(output or [], preview, as_json, refine, min_handle, reframe)
        answer(found, query, matching, library, wishes)


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
    min_handle: MinHandle = MIN_HANDLE,
    reframe: Reframing = True,
    rejected: Rejected = False,
    scorer: Scorer = None,
    refine: Refining = True,
    output: Outputs = None,
    preview: Preview = False,
    engine: EngineName = "local",
    ray_address: RayAddress = None,
    sidecar: ThroughSidecar = False,
    as_json: Json = False,
) -> None:
    """Rank all pairs of shots of a library and show the best.

    Example: `matchcut scan --library ~/show.matchcut --flavor frame,camera:0.5 --top 100 -o
    pairs.html` ranks by both, camera counting half as much as frame.

    -o x.otio is a timeline of the candidates, trimmed at the cut; x.html a contact sheet, which
    plays the cuts with --preview; x.csv a table.

    With --engine ray the workers of a Ray cluster compare the pairs, with the same answer; that is
    for libraries of very many shots, as a cluster takes seconds to answer at all.

    The candidates are refined as those of `matchcut find`, and --scorer is as there. JSON, a
    candidate a line, each as soon as it is refined: rank, score, flavor, at_cut, exact, parts,
    refined, reframing, verdict, scorer, outgoing, incoming.
    """
    with errors_said():
        check_outputs(output, None, preview)
        matching = open_matching(library, sidecar, engine=engine, ray_address=ray_address)
        found = matching.scan(
            flavor=flavor,
            top=top,
            per_shot=per_shot,
            across=across,
            min_gap=Fraction(str(min_gap)),
            min_handle=min_handle,
            reframe=reframe,
            rejected=rejected,
            scorer=scorer_named(scorer),
        )
        wishes = Wishes(output or [], preview, as_json, refine, min_handle, reframe)
        answer(found, None, matching, library, wishes, across=across)


@dataclass(frozen=True, slots=True)
class TimelineWishes:
    """How a timeline is to be read; each as the option of its name says."""

    maps: tuple[PathMap, ...]
    rate: Fraction | None
    sequence: str | None


def _query(
    media: Path | None,
    timeline: Path | None,
    at: str | None,
    clip: str | None,
    read_as: TimelineWishes,
) -> Query:
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
        timeline=read_text(timeline, rate=read_as.rate, sequence=read_as.sequence),
        base=from_root(timeline).parent,
        name=timeline.name,
        clip=clip,
        at=at,
        maps=read_as.maps,
    )


def check_outputs(outputs: list[Path] | None, timeline: Path | None, preview: bool) -> None:
    """Refuses what cannot be written before any work is done."""
    from matchcut.cli.outputs import written_for

    if preview and ".html" not in {output.suffix.lower() for output in outputs or []}:
        raise UsageError(
            "--preview plays the cuts in a contact sheet, and none is asked for.",
            "Ask for one with -o x.html, or leave out --preview.",
        )
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
