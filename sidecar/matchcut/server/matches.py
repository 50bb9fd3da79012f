"""Candidates and what became of them as messages, and back without loss; see `convert`."""

from __future__ import annotations

from typing import Literal

from matchcut.server.convert import pack_span, pack_time, unpack_span, unpack_time
from matchcut.types import Candidate, Judgement, MatchSet, PartScore, Refined, Reframing, Side
from matchcut_api.v1 import match_pb2
from matchcut_client.messages import fraction, rational, text_path
from matchcut_client.wire_text import from_wire, to_wire

_SIDES: dict[Literal["outgoing", "incoming"], match_pb2.CandidateSide] = {
    "outgoing": match_pb2.CANDIDATE_SIDE_OUTGOING,
    "incoming": match_pb2.CANDIDATE_SIDE_INCOMING,
}
_SIDE_NAMES = {number: name for name, number in _SIDES.items()}
JUDGEMENTS: dict[Judgement, match_pb2.Judgement] = {
    "keep": match_pb2.JUDGEMENT_KEEP,
    "reject": match_pb2.JUDGEMENT_REJECT,
    "clear": match_pb2.JUDGEMENT_CLEAR,
}
JUDGEMENT_NAMES = {number: name for name, number in JUDGEMENTS.items()}
_SHOWN: dict[match_pb2.Judgement, Literal["keep", "reject"]] = {
    match_pb2.JUDGEMENT_KEEP: "keep",
    match_pb2.JUDGEMENT_REJECT: "reject",
}


def pack_side(side: Side) -> match_pb2.Side:
    return match_pb2.Side(
        source_path=to_wire(str(side.source)),
        source_digest=to_wire(side.digest),
        shot_index=side.shot,
        start_frame=side.start_frame,
        end_frame=side.end_frame,
        cut_frame=side.cut_frame,
        cut_time=pack_time(side.cut_time),
        timecode=to_wire(side.timecode),
        rate_fps=rational(side.rate),
        start_timecode_frame=side.start_timecode_frame,
        source_frame_count=side.source_frames,
        repeats=[to_wire(text) for text in side.repeats],
        span=pack_span(side.span),
        source_span=pack_span(side.source_span),
        clean_start_frame=side.clean_start_frame,
        clean_end_frame=side.clean_end_frame,
        clean_span=pack_span(side.clean),
        shown_width_pixels=side.size[0],
        shown_height_pixels=side.size[1],
    )


def unpack_side(message: match_pb2.Side) -> Side:
    return Side(
        source=text_path(message.source_path),
        digest=from_wire(message.source_digest),
        shot=message.shot_index,
        start_frame=message.start_frame,
        end_frame=message.end_frame,
        cut_frame=message.cut_frame,
        cut_time=unpack_time(message.cut_time),
        timecode=from_wire(message.timecode),
        rate=fraction(message.rate_fps),
        start_timecode_frame=message.start_timecode_frame,
        source_frames=message.source_frame_count,
        repeats=tuple(from_wire(text) for text in message.repeats),
        span=unpack_span(message.span),
        source_span=unpack_span(message.source_span),
        clean_start_frame=message.clean_start_frame,
        clean_end_frame=message.clean_end_frame,
        clean=unpack_span(message.clean_span),
        size=(message.shown_width_pixels, message.shown_height_pixels),
    )


def pack_reframing(reframing: Reframing) -> match_pb2.Reframing:
    return match_pb2.Reframing(
        side=_SIDES[reframing.side],
        scale=reframing.scale,
        rotation_degrees=reframing.rotation,
        right_widths=reframing.right,
        down_widths=reframing.down,
        flop=reframing.flop,
        before_score=reframing.before,
        after_score=reframing.after,
    )


def unpack_reframing(message: match_pb2.Reframing) -> Reframing:
    """The reframing that a message tells of.

    Raises:
        ValueError: it is of neither side.
    """
    if message.side not in _SIDE_NAMES:
        raise ValueError(f"{message.side} is no side of a candidate")
    return Reframing(
        side=_SIDE_NAMES[message.side],
        scale=message.scale,
        rotation=message.rotation_degrees,
        right=message.right_widths,
        down=message.down_widths,
        flop=message.flop,
        before=message.before_score,
        after=message.after_score,
    )


def pack_candidate(candidate: Candidate) -> match_pb2.Candidate:
    return _candidate(candidate, pack_side(candidate.outgoing), pack_side(candidate.incoming))


def _candidate(
    candidate: Candidate, outgoing: match_pb2.Side, incoming: match_pb2.Side
) -> match_pb2.Candidate:
    """The candidate with its sides as messages."""
    reframing = candidate.reframing
    return match_pb2.Candidate(
        rank=candidate.rank,
        score=candidate.score,
        flavor=to_wire(candidate.flavor),
        exact=candidate.exact,
        outgoing=outgoing,
        incoming=incoming,
        parts=[
            match_pb2.PartScore(
                flavor=to_wire(part.flavor),
                weight=part.weight,
                score=part.score,
                rarity_decades=part.rarity,
            )
            for part in candidate.parts
        ],
        at_cut_score=candidate.at_cut,
        refined=candidate.refined,
        reframing=None if reframing is None else pack_reframing(reframing),
        verdict=JUDGEMENTS[candidate.verdict] if candidate.verdict else None,
        scorer=to_wire(candidate.scorer),
    )


def unpack_candidate(message: match_pb2.Candidate) -> Candidate:
    """The candidate that a message holds.

    Raises:
        ValueError: a rate, a time base or a span that is none, or a reframing of neither side.
    """
    return Candidate(
        rank=message.rank,
        score=message.score,
        flavor=from_wire(message.flavor),
        exact=message.exact,
        outgoing=unpack_side(message.outgoing),
        incoming=unpack_side(message.incoming),
        parts=tuple(
            PartScore(from_wire(part.flavor), part.weight, part.score, part.rarity_decades)
            for part in message.parts
        ),
        at_cut=message.at_cut_score,
        refined=message.refined,
        reframing=(unpack_reframing(message.reframing) if message.HasField("reframing") else None),
        verdict=_SHOWN.get(message.verdict),
        scorer=from_wire(message.scorer),
    )


def pack_match_set(matches: MatchSet) -> match_pb2.MatchSet:
    # One shot is in many candidates, as a rule by one object: it is packed once.
    sides: dict[int, match_pb2.Side] = {}

    def packed(side: Side) -> match_pb2.Side:
        if id(side) not in sides:
            sides[id(side)] = pack_side(side)
        return sides[id(side)]

    return match_pb2.MatchSet(
        candidates=[
            _candidate(one, packed(one.outgoing), packed(one.incoming))
            for one in matches.candidates
        ],
        flavor=to_wire(matches.flavor),
        compared_pair_count=matches.pairs_compared,
        notes=[to_wire(note) for note in matches.notes],
    )


def unpack_match_set(message: match_pb2.MatchSet) -> MatchSet:
    """The answer that a message holds.

    Raises:
        ValueError: as `unpack_candidate`.
    """
    return MatchSet(
        candidates=tuple(unpack_candidate(candidate) for candidate in message.candidates),
        flavor=from_wire(message.flavor),
        pairs_compared=message.compared_pair_count,
        notes=tuple(from_wire(note) for note in message.notes),
    )


def pack_refined(refined: Refined) -> match_pb2.RefinedCandidate:
    return match_pb2.RefinedCandidate(
        candidate=pack_candidate(refined.candidate), note=to_wire(refined.note)
    )


def unpack_refined(message: match_pb2.RefinedCandidate) -> Refined:
    """What became of a candidate.

    Raises:
        ValueError: as `unpack_candidate`.
    """
    return Refined(unpack_candidate(message.candidate), from_wire(message.note))
