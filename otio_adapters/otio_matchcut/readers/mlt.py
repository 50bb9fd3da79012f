"""Kdenlive projects and MLT XML, by a reader of our own.

OpenTimelineIO's adapter for Kdenlive is given up by its authors; it loses speed, switched-off
clips, nested sequences and the folder that relative paths start from. What is read here is what
MLT plays: tracks of playlists of entries, whose times are frames of the project's rate or clock
times. A Kdenlive track is two playlists, since two clips of it overlap where one mixes into the
other; the cut of a mix is where Kdenlive shows it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from opentimelineio.schema import Stack, Timeline, Track, TrackKind

from otio_matchcut import clock
from otio_matchcut.parsing import unreadable
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._files import text_in
from otio_matchcut.readers._mlt_items import Project, laid, markers_in, property_of
from otio_matchcut.urls import path_of

_DEEPEST = 50
"""How deep sequences may nest; one that holds itself would nest without end."""


def _sniff(head: bytes) -> bool:
    return b"<mlt" in head


def _read(path: Path, wanted: Wanted) -> Timeline:
    try:
        root = ElementTree.fromstring(text_in(path))
    except ElementTree.ParseError as error:
        raise unreadable(str(path), f"it is not whole XML ({error})") from error
    if root.tag != "mlt":
        raise unreadable(str(path), "it is XML, but no MLT")
    project = _project(root, path)
    main = _main(root, project)
    if main is None:
        raise unreadable(str(path), "it holds no timeline")
    timeline = Timeline(root.get("title") or path.stem)
    try:
        timeline.tracks.extend(_tracks(main, project, 0))
        guides = property_of(main, "kdenlive:sequenceproperties.guides") or _old_guides(project)
        timeline.tracks.markers.extend(markers_in(guides, project.rate))
    except (KeyError, ValueError) as error:
        why = f"a part of it is missing or is not what MLT allows there ({error})"
        raise unreadable(str(path), why) from error
    return timeline


def _project(root: Element, path: Path) -> Project:
    profile = root.find("profile")
    stated = {} if profile is None else profile.attrib
    try:
        rate = Fraction(
            int(stated.get("frame_rate_num", "25")), int(stated.get("frame_rate_den", "1"))
        )
    except (ValueError, ZeroDivisionError) as error:
        raise unreadable(str(path), "its profile states no frame rate") from error
    written = root.get("root")
    return Project(
        rate=clock.nominal_rate(clock.to_float(rate)),
        folder=path_of(written, path.parent) if written else path.parent,
        parts={one.get("id", ""): one for one in root if one.get("id")},
    )


def _main(root: Element, project: Project) -> Element | None:
    """What is played: Kdenlive's opened sequence, else the last thing that MLT finds."""
    tractors = root.findall("tractor")
    for tractor in reversed(tractors):
        if property_of(tractor, "kdenlive:projectTractor") == "1":
            track = tractor.find("track")
            return None if track is None else project.parts.get(track.get("producer", ""))
    fed = [tractor for tractor in tractors if tractor.get("global_feed") == "1"]
    playlists = [one for one in root.findall("playlist") if one.get("id") != "main_bin"]
    return next(iter([*fed, *reversed(tractors), *reversed(playlists)]), None)


def _old_guides(project: Project) -> str:
    main_bin = project.parts.get("main_bin")
    return "" if main_bin is None else property_of(main_bin, "kdenlive:docproperties.guides")


def _tracks(played: Element, project: Project, depth: int) -> list[Track]:
    """The tracks of a tractor, from the lowest up; a playlist is one track."""
    if depth > _DEEPEST:
        raise ValueError(f"its sequences nest more than {_DEEPEST} deep")
    if played.tag == "playlist":
        return [_track([played], [], project, depth)]
    tracks = []
    for reference in played.findall("track"):
        part = project.parts[reference.get("producer", "")]
        if part.tag not in ("tractor", "playlist") or _is_backdrop(part):
            continue
        inner = part.findall("track") if part.tag == "tractor" else []
        lists = [project.parts[one.get("producer", "")] for one in inner] or [part]
        made = _track(lists, part.findall("transition"), project, depth)
        hidden = {one.get("hide", "") for one in (*inner, reference)} - {""}
        made.name = property_of(part, "kdenlive:track_name")
        if property_of(part, "kdenlive:audio_track") or hidden == {"video"}:
            made.kind = TrackKind.Audio
        elif "both" in hidden or "video" in hidden:
            made.enabled = False
        tracks.append(made)
    return tracks


def _is_backdrop(part: Element) -> bool:
    return property_of(part, "kdenlive:playlistid") == "black_track"


def _track(playlists: list[Element], mixes: list[Element], project: Project, depth: int) -> Track:
    track = Track(kind=TrackKind.Video)

    def nested(sequence: Element) -> Stack:
        return Stack(children=_tracks(sequence, project, depth + 1))

    track.extend(laid(playlists, mixes, project, nested))
    return track


READER = Reader(
    name="Kdenlive and MLT",
    suffixes=(".kdenlive", ".mlt"),
    applications=("Kdenlive", "Shotcut", "melt"),
    line="All tracks, nested sequences, mixes, constant speed and guides; no compositions.",
    sniff=_sniff,
    read=_read,
)
