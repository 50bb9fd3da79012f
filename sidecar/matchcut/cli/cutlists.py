"""`--shots LIST`: reads cut lists, and says which film each speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matchcut.cli.options import from_root
from matchcut.errors import CutListRefused, TimelineQueryWrong, TimelineRefused, UsageError
from matchcut.types import CutList, PathMap

AS_TEXT = (".json", ".otio", ".edl")
"""Cut lists that are sent as they are; other timelines are sent as OpenTimelineIO."""


def cut_list_for(film: Path, path: Path, maps: tuple[PathMap, ...] = ()) -> CutList:
    """A list that speaks of one film.

    Raises:
        CutListRefused: it is not there, or cannot be read.
        UsageError: its name says that it is no cut list.
    """
    return CutList(from_root(film), _text(path), from_root(path).parent, path.name, maps)


def cut_lists_for(
    paths: Sequence[Path], lists: Sequence[Path], maps: tuple[PathMap, ...] = ()
) -> list[CutList]:
    """The lists with the films of `paths` that they speak of.

    A timeline speaks of one film, so one alone may be given. The lines of a shot list each speak of
    the film that they name; lines that name none speak of the one film that is given.

    Raises:
        UsageError: a list speaks of no film that is given, two speak of one, or it is not clear
            which one is meant.
        CutListRefused: a list cannot be read.
        NoMediaFound: there is no film.
    """
    if not lists:
        return []
    # Looks into folders, which is not needed without a list.
    from matchcut.media.files import media_files

    films = media_files(paths)
    found: dict[Path, CutList] = {}
    for path in lists:
        for film in _films_of(path, films):
            if film in found:
                raise UsageError(
                    f"{found[film].name} and {path.name} both speak of {film.name}.",
                    "Give one list a film.",
                )
            found[film] = cut_list_for(film, path, maps)
    return list(found.values())


def _films_of(path: Path, films: Sequence[Path]) -> list[Path]:
    _check_kind(path)
    if path.suffix.lower() != ".json":
        if len(films) != 1:
            raise UsageError(
                f"{path.name} is a timeline, which speaks of one film, but {len(films)} are given.",
                f"Index that film by itself: matchcut index FILM --shots {path.name}.",
            )
        return list(films)
    if len(films) == 1:
        return list(films)
    from matchcut.engine.shotlist import lines_for, lines_of

    lines = lines_of(_text(path), path.name)
    if any(line.film is None for line in lines):
        raise UsageError(
            f"{path.name} does not say of which of {len(films)} films its shots are.",
            'Write "film": "NAME" into each line, or index that film by itself.',
        )
    named = [film for film in films if lines_for(lines, film)]
    if not named:
        raise UsageError(
            f"{path.name} speaks of none of the {len(films)} films that are given.",
            'Correct the "film" of its lines, or name the films that it is of.',
        )
    return named


def _check_kind(path: Path) -> None:
    from otio_matchcut.readers import suffixes

    if path.suffix.lower() not in suffixes():
        listed = ", ".join(sorted(suffixes()))
        raise UsageError(
            f"{path.name} is no cut list: its name does not end in {listed}.",
            "Give a shot list (`matchcut shots FILM --json`) or the timeline of an editing "
            "application.",
        )


def _as_otio(path: Path) -> str:
    from matchcut.engine.timelines import read_text

    try:
        return read_text(path)
    except (TimelineRefused, TimelineQueryWrong) as error:
        facts = {**error.facts, "list": path.name}
        raise CutListRefused(error.sentence, error.next_step, **facts) from error


def _text(path: Path) -> str:
    _check_kind(path)
    if path.suffix.lower() not in AS_TEXT:
        return _as_otio(path)
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CutListRefused(
            f"There is no cut list at {path}.", "Check the path.", list=path.name, why="missing"
        ) from error
    except OSError as error:
        why = f"it cannot be opened ({error.strerror})"
        raise CutListRefused(
            f"{path} cannot be read: {why}.", "Check the file.", list=path.name, why=why
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if path.suffix.lower() == ".edl":
            # Older systems write comments in their own encoding; what counts is ASCII.
            return content.decode("latin-1")
        raise CutListRefused(
            f"{path} cannot be read: it is not text in UTF-8.",
            "Save it as UTF-8.",
            list=path.name,
            why="it is not text",
        ) from error
