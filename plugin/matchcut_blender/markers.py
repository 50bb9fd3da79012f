"""Matches as timeline markers, and the markers that are ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from .plain import entries, plans
from .plain.matches import Match
from .plain.told import Query
from .target import asked_about, entry


def add_markers(query: Query, matches: Sequence[Match]) -> str:
    """A marker for each match, at the last frame before its cut, in place of those of before.

    Returns:
        How it went, as sentences.

    Raises:
        CannotApply: the strip that was asked about cannot be found again.
    """
    found = asked_about(query)
    played = found.played
    remove_markers(found.scene, query, {match.flavor for match in matches})
    taken = {marker.frame for marker in found.scene.timeline_markers}
    put_markers(found.scene, query, plans.marker_frames(played, matches, taken))
    cuts = [match.outgoing.cut for match in matches]
    hidden = sum(played.media_frame(played.nearest_showing(cut)) != cut for cut in cuts)
    said = [f"{len(matches)} marker{'s' * (len(matches) > 1)} at {query.strip}."]
    if hidden:
        said.append(f"{hidden} cut at frames that the strip does not show, and stand nearest to.")
    return " ".join([*said, *found.doubts])


def put_markers(scene: Any, query: Query, placed: Iterable[tuple[Match, int]]) -> None:
    """Adds a marker for each match, and notes in the scene what it stands for."""
    told = entry(scene)
    noted = dict(told.get("markers", {}))
    for match, at in placed:
        name = entries.marker_name(match)
        scene.timeline_markers.new(name, frame=at)
        noted[name] = entries.entry_of(match, query.strip)
    _note(scene, told, noted)


def remove_markers(scene: Any, query: Query, flavors: AbstractSet[str]) -> None:
    """Removes our markers of the same strip and the same flavors, wherever they have been moved."""
    told = entry(scene)
    noted = dict(told.get("markers", {}))
    ours = {
        name
        for name, one in noted.items()
        if one.get("query") == query.strip and one.get("flavor") in flavors
    }
    for marker in [one for one in scene.timeline_markers if one.name in ours]:
        scene.timeline_markers.remove(marker)
    left = {one.name for one in scene.timeline_markers}
    _note(scene, told, {name: one for name, one in noted.items() if name in left})


def _note(scene: Any, told: entries.Entry, noted: dict[str, Any]) -> None:
    told = {**told, "version": entries.FORMAT_VERSION, "markers": noted}
    if noted or told.keys() - {"version", "markers"}:
        scene[entries.KEY] = entries.written(told)
    elif entries.KEY in scene:
        del scene[entries.KEY]
