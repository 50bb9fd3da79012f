"""Matches for the shot at the playhead of Resolve's timeline: markers, a bin, a sequence to play.

Only documented calls are made (README of Resolve's scripting, 24 July 2026), with positional
arguments. What they answer is looked at, since Resolve refuses without a word. This has not been
run in Resolve: see docs/resolve.md.

Python 3.8 reads this module; it needs the standard library and `matchcut_client`.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchcut_client import ClientError, connect_plain, start_sidecar
from matchcut_client.plain import PlainClient

COLORS = {
    "PINK": "Pink",
    "RED": "Red",
    "ORANGE": "Sand",
    "YELLOW": "Yellow",
    "GREEN": "Green",
    "CYAN": "Cyan",
    "BLUE": "Blue",
    "PURPLE": "Purple",
    "MAGENTA": "Fuchsia",
    "BLACK": "Cocoa",
    "WHITE": "Cream",
}
"""Resolve's name of each OTIO colour; it has sixteen, none of them orange, black or white."""
FURTHER = 24
"""How many frames behind its own a marker may stand, where others stand on them."""


@dataclass(frozen=True)
class Wishes:
    """What the user has chosen; each as the menu script says."""

    library: str
    program: str
    flavor: str = "frame"
    top: int = 10
    apart: int = 2
    refine: bool = True


def run(resolve: Any, fusion: Any, bmd: Any, wishes: Wishes) -> None:
    """Does it all, and says in a few sentences what was done or why not.

    In Workspace > Console, and in a window, which the free edition does not have.
    """
    free = False
    try:
        sentence = find_match_cuts(resolve, wishes)
    except ClientError as error:
        sentence, free = str(error), error.reason == "RESOLVE_FREE"
    print(sentence)  # noqa: T201
    if not free:
        show(sentence, fusion, bmd)


def find_match_cuts(resolve: Any, wishes: Wishes) -> str:
    """Asks for the shot at the playhead, and brings in what was found.

    Running again replaces the markers of this flavor and shot, and nothing else; bin and sequence
    get new names. The open timeline and bin are the same afterwards.

    Raises:
        ClientError: Resolve or the sidecar has refused, and nothing was changed before.
    """
    project, timeline = _opened(resolve)
    with tempfile.TemporaryDirectory(prefix="matchcut-") as name, _asking(wishes) as client:
        folder = Path(name)
        query = _query(resolve, timeline, folder)
        found, notes = _found(client, query, wishes)
        if not found["candidates"]:
            return " ".join(["There is no match for this shot.", *notes])
        title = f"Matches of {timeline.GetName()} at {query['at']}".replace(":", ".")
        asked = {"matches": found, "host": "resolve", "name": _file_name(title)}
        files = client.call("MatchService/Export", {**asked, "timeline": query})
        done = [_mark(timeline, files["marks"], found["candidates"][0])]
        with _as_it_was(project, timeline):
            done += [_bin(resolve, project, title, found["candidates"])]
            done += [_sequence(project, title, files["files"], folder)]
    return " ".join([*done, *notes])


def _opened(resolve: Any) -> tuple[Any, Any]:
    """The open project and timeline, in the edition that has scripting."""
    product = resolve.GetProductName()
    if "Studio" not in str(product):
        # Not one call more: in the free edition each of them opens a dialog that blocks.
        raise ClientError(
            "RESOLVE_FREE",
            f"{product} lets no script work; its Studio edition does.",
            "Export the timeline as OTIO, run `matchcut find --timeline cut.otio -o found.otio`, "
            "then `matchcut export found.otio --for resolve-free`, and import what it writes.",
        )
    project = resolve.GetProjectManager().GetCurrentProject()
    timeline = project.GetCurrentTimeline() if project else None
    if not timeline:
        raise ClientError(
            "NO_TIMELINE", "No timeline is open.", "Open one, and move the playhead to a shot."
        )
    return project, timeline


@contextmanager
def _asking(wishes: Wishes) -> Iterator[PlainClient]:
    """A client of the library's sidecar, which is started where none runs."""
    if not wishes.library:
        raise ClientError(
            "LIBRARY_UNSET",
            "The script does not know your library.",
            "Run `python plugin/resolve/install.py --library FOLDER` again.",
        )
    library = Path(wishes.library).expanduser()
    start_sidecar(library, program=Path(wishes.program) if wishes.program else None)
    with connect_plain(library) as client:
        yield client


def _query(resolve: Any, timeline: Any, folder: Path) -> dict[str, Any]:
    """The timeline as OTIO and the playhead on it."""
    at = timeline.GetCurrentTimecode()
    if not at:
        raise ClientError(
            "NO_PLAYHEAD", "Resolve does not say where the playhead is.", "Open the Edit page."
        )
    path = folder / "timeline.otio"
    # The live values: a text for the type is refused without a word.
    if not timeline.Export(str(path), resolve.EXPORT_OTIO, resolve.EXPORT_NONE):
        raise ClientError(
            "EXPORT_REFUSED",
            "Resolve did not export its timeline as OpenTimelineIO.",
            "Try File > Export > Timeline > OTIO; if that is not there, update Resolve.",
        )
    return {
        "timelineOtio": path.read_text(encoding="utf-8"),
        "basePath": str(folder),
        "timelineName": timeline.GetName(),
        "at": at,
    }


def _found(
    client: PlainClient, query: Mapping[str, Any], wishes: Wishes
) -> tuple[dict[str, Any], list[str]]:
    """What was found, refined where that is wished, and the sentences that came with it."""
    found = client.call(
        "MatchService/Find",
        {
            "timeline": query,
            "flavor": wishes.flavor,
            "topCount": wishes.top,
            "minGapSeconds": {"numerator": wishes.apart, "denominator": 1},
        },
    )
    notes = list(found["notes"])
    if wishes.refine:
        refined = [
            client.call("MatchService/RefineOne", {"candidate": candidate})
            for candidate in found["candidates"]
        ]
        found["candidates"] = [one["candidate"] for one in refined]
        notes += sorted({one["note"] for one in refined if one["note"]})
    return found, notes


def _mark(timeline: Any, marks: Sequence[Mapping[str, Any]], first: Mapping[str, Any]) -> str:
    """Puts our markers in the place of those of an earlier run."""
    side = first["outgoing"]
    ours = f"matchcut {first['flavor']} {side['sourceDigest']} {side['shotIndex']} "
    for marker in (timeline.GetMarkers() or {}).values():
        if marker["customData"].startswith(ours):
            timeline.DeleteMarkerByCustomData(marker["customData"])
    made = sum(_marked(timeline, mark, f"{ours}{mark['id']}") for mark in marks)
    left_out = len(marks) - made
    said = f"{made} marker(s) are on the timeline."
    return f"{said} {left_out} found no free frame." if left_out else said


def _marked(timeline: Any, mark: Mapping[str, Any], custom: str) -> bool:
    """Whether the marker stands on its frame, or on the next one that Resolve has free."""
    at, color = int(mark["recordFrame"]), COLORS.get(mark["markerColor"], "Blue")
    return any(
        timeline.AddMarker(at + further, color, mark["name"], mark["comment"], 1, custom)
        for further in range(FURTHER)
    )


@contextmanager
def _as_it_was(project: Any, timeline: Any) -> Iterator[None]:
    """Opens the same timeline and bin again at the end: importing opens others."""
    pool = project.GetMediaPool()
    folder = pool.GetCurrentFolder()
    try:
        yield
    finally:
        pool.SetCurrentFolder(folder)
        project.SetCurrentTimeline(timeline)


def _bin(resolve: Any, project: Any, title: str, candidates: Sequence[Mapping[str, Any]]) -> str:
    """A new bin with the shots to cut to, each from its first clean frame to its last."""
    pool = project.GetMediaPool()
    root = pool.GetRootFolder()
    name = _unlike([folder.GetName() for folder in root.GetSubFolderList()], title)
    folder = pool.AddSubFolder(root, name)
    # Clips go into the bin that is open, whichever it is.
    if not folder or not pool.SetCurrentFolder(folder):
        return f"Resolve did not make the bin '{name}'."
    made = 0
    for candidate in candidates:
        side = candidate["incoming"]
        start, end = int(side["cleanStartFrame"]), int(side["cleanEndFrame"]) - 1
        item = {"media": side["sourcePath"], "startFrame": start, "endFrame": end}
        # One a call: in a list, Resolve may take the same film for the same item.
        made += len(resolve.GetMediaStorage().AddItemListToMediaPool([item]) or [])
    return f"{made} of {len(candidates)} clips are in the bin '{name}'."


def _sequence(project: Any, title: str, files: Sequence[Mapping[str, Any]], folder: Path) -> str:
    """The candidates as a timeline of their own, one after another."""
    [file] = [one for one in files if one["carrier"] == "otio-matches"]
    path = folder / file["name"]
    path.write_bytes(base64.b64decode(file["content"]))
    taken = [
        project.GetTimelineByIndex(index).GetName()
        for index in range(1, project.GetTimelineCount() + 1)
    ]
    name = _unlike(taken, title)
    options = {"timelineName": name, "importSourceClips": True}
    if not project.GetMediaPool().ImportTimelineFromFile(str(path), options):
        return "Resolve did not import the timeline of the matches."
    return f"They play in the timeline '{name}'."


def _unlike(taken: Sequence[str], wanted: str) -> str:
    """`wanted`, with a number behind it where that name is taken: Resolve refuses it then."""
    names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def _file_name(title: str) -> str:
    """`title` without what no file name may hold."""
    return "".join(" " if letter in '/\\:*?"<>|' else letter for letter in title).strip(". ")


def show(sentence: str, fusion: Any, bmd: Any) -> None:
    """Shows a sentence in a window of Resolve's until it is closed."""
    manager = fusion.UIManager
    dispatcher = bmd.UIDispatcher(manager)
    label = manager.Label({"ID": "said", "Text": sentence, "WordWrap": True})
    button = manager.Button({"ID": "close", "Text": "OK", "Weight": 0})
    window = dispatcher.AddWindow(
        {"ID": "matchcut", "WindowTitle": "Find match cuts", "Geometry": [400, 300, 480, 200]},
        [manager.VGroup([label, button])],
    )

    def close(event: Any) -> None:
        dispatcher.ExitLoop()

    window.On["close"].Clicked = close
    window.On["matchcut"].Close = close
    window.Show()
    dispatcher.RunLoop()
    window.Hide()
