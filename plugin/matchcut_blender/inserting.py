"""A match put into the timeline: the incoming shot after the strip that was asked about."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from . import strips
from .incoming import add_incoming, channel_for, check_film
from .plain import entries, plans, transforms
from .plain.matches import Match
from .plain.told import Query
from .target import CannotApply, Target, asked_about, entry, rates_said

BEFORE = "before"
"""In the entry of an inserted strip: how the strip asked about was before, and how we left it."""


def insert_after(query: Query, match: Match, *, trim: bool) -> str:
    """The incoming shot as a strip that begins at the frame after the cut frame.

    Inserted again, it takes the place of what was inserted after this strip before, and the strip
    is first given back what was changed on it then.

    Args:
        query: What was asked.
        match: Which.
        trim: Whether the strip asked about is trimmed to end with its cut frame, and reframed where
            it is the side to move. Else it stays as it is, and the new strip lies above it.

    Returns:
        How it went, as sentences.

    Raises:
        CannotApply: the strip that was asked about, or the film, cannot be had.
    """
    found = asked_about(query)
    held = strips.beside(found.scene, found.strip)
    check_film(held, match)
    cut, length = found.played.last_showing(match.outgoing.cut), plans.stay(match)
    if cut < found.played.first:
        raise CannotApply(
            f"{found.strip.name} begins after the cut of #{match.rank}, which is after frame "
            f"{match.outgoing.cut} of its film. Pull its beginning out, or choose another match."
        )
    channel_for(held, cut + 1, length, lowest=found.strip.channel + 1)
    _take_back(held, query, found.strip)
    before = _end_at(held, found.strip, cut + 1) if trim else {}
    found = asked_about(query)
    at = min(cut + 1, found.played.end)
    said = _longer(found.strip, before) + _elsewhere(found, match, at)
    if match.reframing is not None and match.reframing.outgoing:
        before |= _reframe(found, match, said, allowed=trim)
    channel = channel_for(held, at, length, lowest=found.strip.channel + (not trim))
    noted = {**entries.entry_of(match, query.strip), BEFORE: before}
    placed = plans.Placed(match, at, length)
    made = add_incoming(found.scene, held, placed, channel=channel, entry=noted)
    said.insert(0, f"{made.name} begins at frame {at} in channel {made.channel}.")
    return " ".join([*said, *rates_said(found.scene, [match]), *found.doubts])


def _longer(strip: Any, before: dict[str, Any]) -> list[str]:
    """That the strip had to become longer to show its cut frame, as a sentence."""
    old, new = before.get("end", (0, 0))
    return [f"{strip.name} is {new - old} frames longer than it was."] if new > old else []


def _elsewhere(found: Target, match: Match, at: int) -> list[str]:
    """That the cut is not where the match has it, as a sentence."""
    shown = found.played.media_frame(at - 1)
    if shown == match.outgoing.cut:
        return []
    return [f"The cut is after frame {shown}, not {match.outgoing.cut} as matched."]


def _end_at(held: Any, strip: Any, end: int) -> dict[str, Any]:
    """Has a strip end there, or as near as what lies behind it in its channel allows."""
    old = strip.frame_final_end
    behind = [
        one.start for one in strips.taken(held) if one.channel == strip.channel and one.start >= old
    ]
    new = min([end, *behind])
    strip.frame_final_end = new
    return {"end": [old, new]}


def _reframe(found: Target, match: Match, said: list[str], *, allowed: bool) -> dict[str, Any]:
    """Moves the picture of the strip asked about, where it lies as Blender puts it."""
    assert match.reframing is not None
    strip, screen = found.strip, strips.size(found.scene)
    pixels = strips.pixels(strip)
    shown = transforms.upright(pixels, match.outgoing.size)
    old = strips.transform(strip)
    untouched = transforms.fitted(pixels, pixels, screen), transforms.fitted(pixels, shown, screen)
    if not allowed or not any(old.near(one) for one in untouched):
        said.append(f"Reframe by hand: {match.reframing.said}.")
        return {}
    new = transforms.reframed(match.reframing, pixels, shown, screen)
    strips.place(strip, new)
    return {"transform": [astuple(old), astuple(new)]}


def _take_back(held: Any, query: Query, strip: Any) -> None:
    """Removes what was inserted after a strip, and gives the strip back what we changed on it.

    What has been changed since stays as it is.
    """
    for one in list(held):
        noted = entry(one)
        if noted.get("query") != query.strip or BEFORE not in noted:
            continue
        held.remove(one)
        before = noted[BEFORE]
        if "end" in before and strip.frame_final_end == before["end"][1]:
            _end_at(held, strip, before["end"][0])
        if "transform" in before:
            old, new = (transforms.Transform(*values) for values in before["transform"])
            if strips.transform(strip).near(new):
                strips.place(strip, old)
