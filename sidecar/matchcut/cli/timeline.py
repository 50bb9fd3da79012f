"""`matchcut timeline`: what a timeline shows, clip by clip, and the timeline itself as OTIO."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from matchcut.cli.console import errors_said, people, print_json
from matchcut.cli.options import (
    Json,
    Maps,
    SequenceName,
    TimelineRate,
    frame_rate,
    from_root,
    path_maps,
)
from matchcut.cli.shown import TIMECODE_WIDTH
from matchcut.errors import UsageError

if TYPE_CHECKING:
    from matchcut.engine.listing import Listing, TimelineClip


def timeline(
    file: Annotated[
        Path, typer.Argument(help="A timeline of any editing application.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the timeline to this .otio, unchanged but for its format.",
            show_default=False,
        ),
    ] = None,
    maps: Maps = None,
    relink: Annotated[
        list[Path] | None,
        typer.Option(
            help="Look in this folder for media that is offline. May be given several times.",
            show_default=False,
        ),
    ] = None,
    library: Annotated[
        Path | None,
        typer.Option(
            "--library",
            "-l",
            envvar="MATCHCUT_LIBRARY",
            help="Look among the films of this library for media that is offline.",
            show_default=False,
        ),
    ] = None,
    rate: TimelineRate = None,
    sequence: SequenceName = None,
    as_json: Json = False,
) -> None:
    r"""List the clips of a timeline, and the frames of its media that each shows.

    Examples: `matchcut timeline cut.otio`, `matchcut timeline reel1.edl --rate 25`,
    `matchcut timeline cut.xml --map "/Volumes/SAN=/mnt/san" --map "D:\media=/mnt/media"`,
    `matchcut timeline cut.aaf --relink /mnt/rushes -o cut.otio`

    JSON, a video clip a line, from the lowest track up: name, track, record_start, record_end
    (timecode), media (path; null where the timeline names none), source_start, source_end (frames
    of the media, half-open), online, notes. Frames of a file that is online are counted from its
    first one, whichever clock the timeline uses; those of one that is offline as the timeline
    counts them.

    Media that is offline is looked for by its file name. It must hold the frames that the clip
    uses; of several files, those are preferred that begin at the timecode, last as long and run at
    the rate that the timeline states. Where two still fit, both are named and none is taken.
    """
    with errors_said():
        if output is not None:
            _check(output, file)
        from matchcut.engine.listing import Places, listing_of
        from matchcut.engine.timelines import write_timeline

        found = listing_of(
            from_root(file),
            rate=frame_rate(rate),
            sequence=sequence,
            maps=path_maps(maps),
            places=Places.of(library, [from_root(folder) for folder in relink or []]),
        )
        if as_json:
            for clip in found.clips:
                _print(clip)
        elif found.clips:
            people().print(_table(found, file.name))
        people().print(_summary(found), markup=False)
        if output is not None:
            write_timeline(found.timeline, output)
            people().print(f"Written: {output}", markup=False)


def _check(output: Path, file: Path) -> None:
    if output.suffix.lower() != ".otio":
        raise UsageError(
            f"'{output}' does not end in .otio, which is what is written.",
            "Give a name such as cut.otio to -o.",
        )
    if output.resolve() == file.resolve():
        raise UsageError(
            f"'{output}' is the timeline that is read; it is never overwritten.",
            "Give another name to -o.",
        )


def _print(clip: TimelineClip) -> None:
    print_json(
        {
            "name": clip.name,
            "track": clip.track,
            "record_start": clip.record_start,
            "record_end": clip.record_end,
            "media": None if clip.media is None else str(clip.media),
            "source_start": clip.source_start,
            "source_end": clip.source_end,
            "online": clip.online,
            "notes": list(clip.notes),
        }
    )


def _table(found: Listing, name: str) -> Table:
    """Two lines a clip, so that 80 columns hold it; its notes below its media."""
    table = Table(
        Column("clip\ntrack", overflow="fold"),
        Column("record", no_wrap=True, min_width=TIMECODE_WIDTH),
        Column("media", overflow="fold"),
        Column("frames", no_wrap=True, justify="right"),
        title=escape(f"{name}: {found.format}"),
    )
    for clip in found.clips:
        media = "-" if clip.media is None else escape(clip.media.name or str(clip.media))
        lines = [media if clip.online else f"[yellow]{media}[/]"]
        lines += [f"[dim]{escape(note)}[/]" for note in clip.notes]
        table.add_row(
            escape(f"{clip.name}\n{clip.track}"),
            f"{clip.record_start}\n{clip.record_end}",
            "\n".join(lines),
            f"{clip.source_start}\n{clip.source_end}",
        )
    return table


def _summary(found: Listing) -> str:
    tracks = len({clip.track for clip in found.clips})
    online = sum(clip.online for clip in found.clips)
    parts = [
        f"{_count(len(found.clips), 'clip')} on {_count(tracks, 'video track')}",
        f"{online} online, {len(found.clips) - online} offline",
        f"{found.record_start} to {found.record_end} at {float(found.rate):.5g} frames a second",
    ]
    if found.sounds:
        parts.append(f"{_count(found.sounds, 'audio clip')} not listed")
    return "; ".join(parts) + "."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
