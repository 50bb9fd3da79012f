"""DaVinci Resolve as its documents and its users describe it, and nothing beyond: a strict fake.

Calls and arguments are those of the scripting README of 24 July 2026; whatever else is called fails
the test. What it does where the README is silent was reported by people who measured it (Studio
19.1.3 to 21.0.3: samuelgursky/davinci-resolve-mcp, `docs/reference/api-limitations.md`):

- a text in place of an export type, a timeline name that is taken, and an OTIO file in another
  shape than its own are refused without a word;
- `hasattr` is true of everything;
- imports go into the bin that is open, and open the timeline that they make;
- a marker on a taken frame is refused;
- `GetSourceStartFrame` may be one off, `GetLeftOffset` is not;
- `CreateTimelineFromClips` takes the same clip once;
- in the free edition a call opens a dialog, answers False, and blocks all that come after it.

It cannot show what nobody has measured. Passing here says that the plug-in does as the documents
say, not that it works in Resolve.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLORS = {
    *("Blue", "Cyan", "Green", "Yellow", "Red", "Pink", "Purple", "Fuchsia"),
    *("Rose", "Lavender", "Sky", "Mint", "Lemon", "Sand", "Cocoa", "Cream"),
}


class Undocumented(AssertionError):
    """Something was asked of Resolve that no document promises."""


class Documented:
    """An object of the API: it has what its class defines, and pretends to have all else."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def fabricated(*_: object, **__: object) -> None:
            raise Undocumented(f"{type(self).__name__}.{name} is in no document")

        return fabricated


def whole(*values: object) -> None:
    """Frames are whole numbers; Python's own, since others are not known to arrive."""
    if not all(type(value) is int for value in values):
        raise Undocumented(f"{values} are no whole numbers")


def text(*values: object) -> None:
    if not all(type(value) is str for value in values):
        raise Undocumented(f"{values} are no texts")


@dataclass(eq=False)
class MediaPoolItem(Documented):
    path: str
    frames: tuple[int, int] | None = None
    """First and last, where a part was added."""

    def GetName(self) -> str:
        return Path(self.path).name


@dataclass(eq=False)
class Folder(Documented):
    name: str
    clips: list[MediaPoolItem] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)

    def GetName(self) -> str:
        return self.name

    def GetSubFolderList(self) -> list[Folder]:
        return list(self.folders)

    def GetClipList(self) -> list[MediaPoolItem]:
        return list(self.clips)


@dataclass(eq=False)
class TimelineItem(Documented):
    left_offset: int
    start: int

    def GetStart(self) -> int:
        return self.start

    def GetLeftOffset(self) -> int:
        return self.left_offset

    def GetSourceStartFrame(self) -> int:
        return self.left_offset + 1


@dataclass(eq=False)
class Timeline(Documented):
    name: str
    otio: dict[str, Any]
    playhead: str | None = None
    frames: int = 100_000
    markers: dict[int, dict[str, Any]] = field(default_factory=dict)

    def GetName(self) -> str:
        return self.name

    def GetCurrentTimecode(self) -> str | None:
        return self.playhead

    def Export(self, path: str, kind: object, subtype: object, /) -> bool:
        text(path)
        if kind is not Resolve.EXPORT_OTIO or subtype is not Resolve.EXPORT_NONE:
            return False
        Path(path).write_text(json.dumps(self.otio), encoding="utf-8")
        return True

    def AddMarker(
        self, frame: int, color: str, name: str, note: str, duration: int, custom: str = "", /
    ) -> bool:
        whole(frame, duration)
        text(color, name, note, custom)
        if color not in COLORS:
            raise Undocumented(f"{color} is no colour of Resolve's markers")
        if frame in self.markers or not 0 <= frame < self.frames:
            return False
        self.markers[frame] = {
            "color": color,
            "duration": float(duration),
            "note": note,
            "name": name,
            "customData": custom,
        }
        return True

    def GetMarkers(self) -> dict[float, dict[str, Any]]:
        return {float(frame): dict(marker) for frame, marker in self.markers.items()}

    def DeleteMarkerByCustomData(self, custom: str, /) -> bool:
        text(custom)
        for frame, marker in self.markers.items():
            if marker["customData"] == custom:
                del self.markers[frame]
                return True
        return False


@dataclass(eq=False)
class MediaPool(Documented):
    project: Project
    root: Folder = field(default_factory=lambda: Folder("Master"))

    def __post_init__(self) -> None:
        self.current = self.root

    def GetRootFolder(self) -> Folder:
        return self.root

    def GetCurrentFolder(self) -> Folder:
        return self.current

    def SetCurrentFolder(self, folder: Folder, /) -> bool:
        assert isinstance(folder, Folder)
        self.current = folder
        return True

    def AddSubFolder(self, folder: Folder, name: str, /) -> Folder | None:
        text(name)
        if name in [one.name for one in folder.folders]:
            return None
        folder.folders.append(Folder(name))
        return folder.folders[-1]

    def ImportTimelineFromFile(
        self, path: str, options: dict[str, object] | None = None, /
    ) -> Timeline | None:
        text(path)
        options = options or {}
        known = {"timelineName", "importSourceClips", "sourceClipsPath", "sourceClipsFolders"}
        if options.keys() - known:
            raise Undocumented(f"{options.keys() - known} are no options of an import")
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        name = str(options.get("timelineName", told["name"]))
        clips = clips_of(told)
        if name in [one.name for one in self.project.timelines] or not all(map(shaped, clips)):
            return None
        if options.get("importSourceClips", True):
            for media in sorted({media_of(clip)["target_url"] for clip in clips}):
                self.current.clips.append(MediaPoolItem(media))
        made = Timeline(name, told)
        self.project.timelines.append(made)
        self.project.current = made
        return made

    def CreateTimelineFromClips(self, name: str, clips: Sequence[MediaPoolItem], /) -> Timeline:
        text(name)
        made = Timeline(name, {"clips": [clip.path for clip in dict.fromkeys(clips)]})
        self.project.timelines.append(made)
        return made


def clips_of(told: Any) -> list[dict[str, Any]]:
    """All clips of a timeline in OTIO JSON."""
    if isinstance(told, dict):
        own = [told] if told.get("OTIO_SCHEMA", "").startswith("Clip.") else []
        return own + [clip for value in told.values() for clip in clips_of(value)]
    return [clip for value in told for clip in clips_of(value)] if isinstance(told, list) else []


def media_of(clip: dict[str, Any]) -> dict[str, Any]:
    media: dict[str, Any] = clip["media_references"][clip["active_media_reference_key"]]
    return media


def shaped(clip: dict[str, Any]) -> bool:
    """Whether a clip is as Resolve's import wants it, with a file that is there."""
    if clip["OTIO_SCHEMA"] != "Clip.2" or "media_references" not in clip:
        return False
    media = media_of(clip)
    whole_range, used = media["available_range"], clip["source_range"]
    if whole_range is None or used is None or "://" in media["target_url"]:
        return False
    first = whole_range["start_time"]["value"]
    start = used["start_time"]["value"]
    end = start + used["duration"]["value"]
    inside = first <= start and end <= first + whole_range["duration"]["value"]
    return inside and Path(media["target_url"]).is_file()


@dataclass(eq=False)
class Project(Documented):
    timelines: list[Timeline]
    current: Timeline | None

    def __post_init__(self) -> None:
        self.pool = MediaPool(self)

    def GetMediaPool(self) -> MediaPool:
        return self.pool

    def GetCurrentTimeline(self) -> Timeline | None:
        return self.current

    def SetCurrentTimeline(self, timeline: Timeline, /) -> bool:
        assert timeline in self.timelines
        self.current = timeline
        return True

    def GetTimelineCount(self) -> int:
        return len(self.timelines)

    def GetTimelineByIndex(self, index: int, /) -> Timeline:
        whole(index)
        assert 1 <= index <= len(self.timelines), "timelines are counted from 1"
        return self.timelines[index - 1]


@dataclass(eq=False)
class MediaStorage(Documented):
    pool: MediaPool

    def AddItemListToMediaPool(self, items: Sequence[dict[str, object]], /) -> list[MediaPoolItem]:
        added = []
        for item in items:
            if item.keys() != {"media", "startFrame", "endFrame"}:
                raise Undocumented(f"{item} is no item of a media storage")
            whole(item["startFrame"], item["endFrame"])
            media, start, end = str(item["media"]), item["startFrame"], item["endFrame"]
            assert isinstance(start, int)
            assert isinstance(end, int)
            if Path(media).is_file() and 0 <= start <= end:
                added.append(MediaPoolItem(media, (start, end)))
        self.pool.current.clips.extend(added)
        return added


@dataclass(eq=False)
class ProjectManager(Documented):
    project: Project | None

    def GetCurrentProject(self) -> Project | None:
        return self.project


class Resolve(Documented):
    """What a script of the menu is given as `resolve`."""

    EXPORT_OTIO = object()
    EXPORT_NONE = object()

    def __init__(self, project: Project | None, product: str = "DaVinci Resolve Studio") -> None:
        self.project = project
        self.product = product
        self.blocked = False

    def GetProductName(self) -> str:
        return self.product

    def GetProjectManager(self) -> Any:
        return self._of_studio(ProjectManager(self.project))

    def GetMediaStorage(self) -> Any:
        assert self.project is not None
        return self._of_studio(MediaStorage(self.project.pool))

    def _of_studio(self, thing: Documented) -> Any:
        if "Studio" in self.product:
            return thing
        if self.blocked:
            raise Undocumented("a dialog blocks all calls; a real script would hang here")
        self.blocked = True
        return False


class Event(Documented):
    """What the handlers of a window are set on: `window.On[id].Clicked = handler`."""


class Window(Documented):
    def __init__(self, said: list[str], children: Sequence[Any]) -> None:
        self.said = said
        self.children = children
        self.On = {"close": Event(), "matchcut": Event()}

    def Show(self) -> None:
        self.said.append(self.children[0]["Text"])

    def Hide(self) -> None:
        pass


class Dispatcher(Documented):
    """Runs one window, whose button is pressed at once."""

    def __init__(self, said: list[str]) -> None:
        self.said = said
        self.ended = False

    def AddWindow(self, properties: dict[str, object], children: Sequence[Any], /) -> Window:
        assert {"ID", "WindowTitle", "Geometry"} <= properties.keys()
        [group] = children
        self.window = Window(self.said, group)
        return self.window

    def RunLoop(self) -> None:
        self.window.On["close"].Clicked({"who": "close"})
        assert self.ended, "the window would never close"

    def ExitLoop(self) -> None:
        self.ended = True


class UIManager(Documented):
    def Label(self, properties: dict[str, object], /) -> dict[str, object]:
        return properties

    def Button(self, properties: dict[str, object], /) -> dict[str, object]:
        return properties

    def VGroup(self, children: Sequence[Any], /) -> Sequence[Any]:
        return children


class Fusion(Documented):
    """What a script of the menu is given as `fusion`."""

    UIManager = UIManager()


class Bmd(Documented):
    """What a script of the menu is given as `bmd`; `said` is what its windows have shown."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def UIDispatcher(self, manager: object, /) -> Dispatcher:
        assert isinstance(manager, UIManager)
        return Dispatcher(self.said)
