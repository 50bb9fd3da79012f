"""Writes candidates to files: OTIO for the editing application, a page to look at, a table."""

from __future__ import annotations

from pathlib import Path

from matchcut.engine.blend import lead_flavor
from matchcut.engine.timelines import mark_timeline, write_matches
from matchcut.types import Matching, MatchSet, Monitor, Query, TimelineQuery


def written_for(output: Path, *, marked: bool) -> list[Path]:
    """The files that one output comes to.

    Args:
        output: As the user names it.
        marked: A timeline is asked about; the candidates then lie beside the marked one.
    """
    if marked and output.suffix.lower() == ".otio":
        return [output, output.with_suffix(".matches.otio")]
    return [output]


def write(
    output: Path,
    found: MatchSet,
    query: Query | None,
    matching: Matching,
    library: Path,
    monitor: Monitor,
    *,
    preview: bool,
) -> list[Path]:
    """Writes one file by its ending, and for a marked timeline the candidates beside it.

    `preview`: a contact sheet also plays the cuts.

    Returns:
        The files written. Each is complete or absent.
    """
    colors = {card.name: card.marker_color for card in matching.flavors()}
    color = colors[lead_flavor(found.flavor)]
    if output.suffix.lower() == ".otio":
        if isinstance(query, TimelineQuery):
            marked, beside = written_for(output, marked=True)
            mark_timeline(query, found, color, marked)
            write_matches(found, color, beside)
            return [marked, beside]
        write_matches(found, color, output)
        return [output]
    if output.suffix.lower() == ".csv":
        from matchcut.engine.timelines import write_table

        write_table(found, color, output)
        return [output]
    from matchcut.cli.sheet import write_sheet

    write_sheet(found, library, output, monitor, preview=preview)
    return [output]
