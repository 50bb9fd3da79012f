"""Candidates as they are shown: to programs as JSON, to people as a table."""

from __future__ import annotations

from dataclasses import asdict

from rich.markup import escape
from rich.table import Column, Table

from matchcut.cli.console import print_json
from matchcut.types import Candidate, MatchSet, Reframing, Side

TIMECODE_WIDTH = len("00:00:00:00")
_VERDICTS = {None: "", "keep": "kept", "reject": "out"}
"""What stands under a rank."""


def print_candidate(candidate: Candidate) -> None:
    """A candidate on one line of stdout, as `--json` promises it."""
    reframing = candidate.reframing
    print_json(
        {
            "rank": candidate.rank,
            "score": candidate.score,
            "flavor": candidate.flavor,
            "at_cut": candidate.at_cut,
            "exact": candidate.exact,
            "parts": [asdict(part) for part in candidate.parts],
            "refined": candidate.refined,
            "reframing": None if reframing is None else asdict(reframing),
            "verdict": candidate.verdict,
            "scorer": candidate.scorer or None,
            "outgoing": _side_fields(candidate.outgoing),
            "incoming": _side_fields(candidate.incoming),
        }
    )


def _side_fields(side: Side) -> dict[str, object]:
    return {
        "source": str(side.source),
        "digest": side.digest,
        "shot": side.shot,
        "start_frame": side.start_frame,
        "end_frame": side.end_frame,
        "clean_start_frame": side.clean_start_frame,
        "clean_end_frame": side.clean_end_frame,
        "cut_frame": side.cut_frame,
        "handle_before": side.handle_before,
        "handle_after": side.handle_after,
        "timecode": side.timecode,
        "repeats": list(side.repeats),
    }


def table_of(found: MatchSet) -> Table:
    """Two lines a candidate, so that 80 columns hold it; there must be one at least."""
    blended = bool(found.candidates[0].parts)
    moved = "\nreframed" if any(one.reframing for one in found.candidates) else ""
    # A narrow terminal folds file names, and never cuts a timecode or a number short.
    table = Table(
        "rank",
        Column("score\ncut", no_wrap=True, min_width=5),
        Column(f"leave{moved}", overflow="fold"),
        Column("at\nhandles", no_wrap=True, min_width=TIMECODE_WIDTH),
        Column(f"enter{moved}", overflow="fold"),
        Column("at\nhandles", no_wrap=True, min_width=TIMECODE_WIDTH),
        # Both would leave no room for names.
        Column("parts", min_width=len("0.00 0.00"), max_width=11)
        if blended
        else Column("repeats", max_width=7),
        title=f"{escape(found.flavor)}: the best of {found.pairs_compared} pairs",
    )
    for candidate in found.candidates:
        a, b = candidate.outgoing, candidate.incoming
        repeats = str(len(a.repeats) + len(b.repeats) or "")
        table.add_row(
            f"{candidate.rank}\n{_VERDICTS[candidate.verdict]}".rstrip(),
            f"{candidate.score:.3f}\n{candidate.at_cut:.3f}",
            _name(a, _moved(candidate, "outgoing")),
            _place(a),
            _name(b, _moved(candidate, "incoming")),
            _place(b),
            " ".join(f"{part.score:.2f}" for part in candidate.parts) if blended else repeats,
        )
    return table


def _name(side: Side, moved: str) -> str:
    name = escape(f"{side.source.name} #{side.shot}")
    return f"{name}\n{moved}" if moved else name


def _place(side: Side) -> str:
    """The timecode of the cut frame, and the clean frames before and after it."""
    return f"{side.timecode}\n-{side.handle_before} +{side.handle_after}"


def _moved(candidate: Candidate, side: str) -> str:
    """How this side's picture is moved, such as `1.12x 2.0° flop`; empty where it is not."""
    reframing = candidate.reframing
    return "" if reframing is None or reframing.side != side else in_short(reframing)


def in_short(reframing: Reframing) -> str:
    """The reframing in few words, without what is not noticed; the shift in percent of the width.

    For example `1.12x 2.0° right 3% down 1% flop`.
    """
    right, down = (round(100 * shift) for shift in (reframing.right, reframing.down))
    words = [f"{reframing.scale:.2f}x"] if round(reframing.scale, 2) != 1 else []
    words += [f"{reframing.rotation:.1f}°"] if round(reframing.rotation, 1) else []
    words += [f"{'right' if right > 0 else 'left'} {abs(right)}%"] if right else []
    words += [f"{'down' if down > 0 else 'up'} {abs(down)}%"] if down else []
    words += ["flop"] if reframing.flop else []
    return " ".join(words) or "hardly"
