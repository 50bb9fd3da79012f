"""Sources and verdicts as JSON and back, for the catalogue and for files that travel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from matchcut.types import JudgedShot, Reframing, Source, Span, Verdict

_EXACT = ("rate", "time_base", "pixel_aspect")
JUDGEMENTS = ("keep", "reject", "clear")


def to_json(source: Source) -> str:
    """One line of JSON; fractions as `numerator/denominator`."""
    fields = asdict(source)
    for name in _EXACT:
        fields[name] = str(fields[name])
    return json.dumps(fields, sort_keys=True)


def from_json(text: str) -> Source:
    """The source that `to_json` wrote."""
    fields = json.loads(text)
    for name in _EXACT:
        fields[name] = Fraction(fields[name])
    return Source(**fields)


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON values, its id among them; fractions as text, the time as ISO 8601."""
    return {
        "id": verdict.id,
        "judgement": verdict.judgement,
        "when": verdict.when.astimezone(UTC).isoformat(timespec="microseconds"),
        "why": verdict.why,
        "flavor": verdict.flavor,
        "score": verdict.score,
        "at_cut": verdict.at_cut,
        "scorer": verdict.scorer,
        "reframing": None if verdict.reframing is None else asdict(verdict.reframing),
        "outgoing": _judged_fields(verdict.outgoing),
        "incoming": _judged_fields(verdict.incoming),
    }


def verdict_of(fields: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_fields` told of; other fields are passed over.

    Raises:
        ValueError: a field is missing or malformed, or the id is not that of the rest.
    """
    try:
        when = datetime.fromisoformat(fields["when"])
        reframing = fields["reframing"]
        found = Verdict(
            judgement=fields["judgement"],
            outgoing=_judged_of(fields["outgoing"]),
            incoming=_judged_of(fields["incoming"]),
            flavor=str(fields["flavor"]),
            score=None if fields["score"] is None else float(fields["score"]),
            at_cut=None if fields["at_cut"] is None else float(fields["at_cut"]),
            reframing=None if reframing is None else Reframing(**reframing),
            scorer=str(fields["scorer"]),
            why=str(fields["why"]),
            when=when,
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"{type(error).__name__} at {error}") from error
    if found.judgement not in JUDGEMENTS:
        raise ValueError(f"'{found.judgement}' is no judgement")
    if when.tzinfo is None:
        raise ValueError(f"'{fields['when']}' does not say of which time zone")
    if fields["id"] != found.id:
        raise ValueError(f"it was changed after it was written: its id is not {found.id}")
    return found


def _judged_fields(shot: JudgedShot) -> dict[str, Any]:
    return {
        "digest": shot.digest,
        "start_pts": shot.span.start,
        "end_pts": shot.span.end,
        "time_base": str(shot.span.time_base),
        "cut_frame": shot.cut_frame,
        "cut_pts": shot.cut_pts,
    }


def _judged_of(fields: Mapping[str, Any]) -> JudgedShot:
    return JudgedShot(
        digest=str(fields["digest"]),
        span=Span(int(fields["start_pts"]), int(fields["end_pts"]), Fraction(fields["time_base"])),
        cut_frame=int(fields["cut_frame"]),
        cut_pts=int(fields["cut_pts"]),
    )
