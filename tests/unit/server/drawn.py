"""Random words of `matchcut.types`, of every shape that a message must carry."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from matchcut.types import (
    Candidate,
    CutList,
    Exported,
    ExportedFile,
    FlavorCard,
    IndexReport,
    JudgedShot,
    MatchSet,
    MediaQuery,
    MediaTime,
    PartScore,
    PathMap,
    Progress,
    Refined,
    Reframing,
    Refusal,
    Side,
    Source,
    SourceCard,
    Span,
    Thumbnail,
    TimelineMark,
    TimelineQuery,
    Verdict,
)

T = TypeVar("T")


def whole(kind: type[T], **drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Draws every field of a data class, so that a field added later cannot be forgotten here."""
    named = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    assert named == drawn.keys(), f"{kind.__name__}: {named ^ drawn.keys()}"
    return st.builds(kind, **drawn)


int64s = st.integers(-(2**63), 2**63 - 1)
counts = st.integers(0, 2**63 - 1)
small = st.integers(0, 2**31 - 1)
texts = st.text(max_size=12)
"""Any text, U+0000 included, without lone surrogates."""
names = st.text(
    st.characters(blacklist_characters="\0/", blacklist_categories=["Cs"]), min_size=1, max_size=8
) | st.sampled_from(["caf\udce9.mov", "\udcff", "Film 🎬.mp4"])
"""File names, also those whose bytes are no UTF-8."""
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: Path("/", *parts))
fractions = st.builds(Fraction, st.integers(-(2**40), 2**40), st.integers(1, 2**40))
rates = st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(60000, 1001)])
bases = st.builds(Fraction, st.integers(1, 2**20), st.integers(1, 2**40))
scores = st.floats(allow_nan=False)
digests = st.text("0123456789abcdef", min_size=1, max_size=32)

times = whole(MediaTime, pts=int64s, time_base=bases)
ends = st.lists(int64s, min_size=2, max_size=2, unique=True).map(sorted)
spans = st.builds(lambda ends, base: Span(*ends, base), ends, bases)

sources = whole(
    Source,
    digest=digests,
    width=small,
    height=small,
    rate=rates,
    time_base=bases,
    start_pts=int64s,
    duration_pts=st.none() | counts,
    start_timecode=st.none() | texts,
    rotation=st.sampled_from([0, 90, 180, 270]),
    pixel_aspect=bases,
    transfer=st.sampled_from(["sdr", "pq", "hlg"]),
    codec=texts,
    stream_index=small,
    video_streams=small,
    audio_streams=small,
)
source_cards = whole(
    SourceCard,
    source=sources,
    paths=st.lists(paths, max_size=3).map(tuple),
    frames=counts,
    shots=counts,
)
flavor_cards = whole(
    FlavorCard,
    name=texts,
    label=texts,
    directed=st.booleans(),
    lowest=scores,
    highest=scores,
    marker_color=texts,
    source=texts,
    variants=st.lists(texts, max_size=3).map(tuple),
)
thumbnails = whole(Thumbnail, jpeg=st.binary(max_size=12), width=small, height=small)
sides = whole(
    Side,
    source=paths,
    digest=digests,
    shot=counts,
    start_frame=counts,
    end_frame=counts,
    cut_frame=counts,
    cut_time=times,
    timecode=texts,
    rate=rates,
    start_timecode_frame=counts,
    source_frames=counts,
    span=spans,
    source_span=spans,
    clean_start_frame=counts,
    clean_end_frame=counts,
    clean=spans,
    size=st.tuples(st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1)),
    repeats=st.lists(names, max_size=3).map(tuple),
)
reframings = whole(
    Reframing,
    side=st.sampled_from(["outgoing", "incoming"]),
    scale=scores,
    rotation=scores,
    right=scores,
    down=scores,
    flop=st.booleans(),
    before=scores,
    after=scores,
)
candidates = whole(
    Candidate,
    rank=counts,
    score=scores,
    flavor=texts,
    exact=st.booleans(),
    outgoing=sides,
    incoming=sides,
    parts=st.lists(
        whole(PartScore, flavor=texts, weight=scores, score=scores, rarity=scores), max_size=3
    ).map(tuple),
    at_cut=scores,
    refined=st.booleans(),
    reframing=st.none() | reframings,
    verdict=st.sampled_from([None, "keep", "reject"]),
    scorer=texts,
)
judged_shots = whole(JudgedShot, digest=digests, span=spans, cut_frame=counts, cut_pts=int64s)
judgements = st.sampled_from(["keep", "reject", "clear"])
instants = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(
    lambda drawn: drawn.replace(tzinfo=UTC)
)
verdicts = whole(
    Verdict,
    judgement=judgements,
    outgoing=judged_shots,
    incoming=judged_shots,
    flavor=texts,
    score=st.none() | scores,
    at_cut=st.none() | scores,
    reframing=st.none() | reframings,
    scorer=texts,
    why=texts,
    when=instants,
)
refined = whole(Refined, candidate=candidates, note=names)
match_sets = whole(
    MatchSet,
    candidates=st.lists(candidates, max_size=3).map(tuple),
    flavor=texts,
    pairs_compared=counts,
    notes=st.lists(names, max_size=2).map(tuple),
)
exports = whole(
    Exported,
    files=st.lists(
        whole(
            ExportedFile,
            name=names,
            content=st.binary(max_size=12),
            carrier=texts,
            label=texts,
            how=texts,
        ),
        max_size=3,
    ).map(tuple),
    notes=st.lists(names, max_size=2).map(tuple),
    marks=st.lists(
        whole(
            TimelineMark,
            id=texts,
            rank=counts,
            frame=counts,
            timecode=texts,
            name=names,
            comment=names,
            color=texts,
        ),
        max_size=3,
    ).map(tuple),
)
maps = st.lists(whole(PathMap, old=names, new=paths), max_size=2).map(tuple)
timeline_queries = whole(
    TimelineQuery,
    timeline=texts,
    base=paths,
    name=names,
    clip=st.none() | texts,
    at=st.none() | texts,
    maps=maps,
)
queries = whole(MediaQuery, media=paths, at=texts) | timeline_queries
cut_lists = whole(CutList, media=paths, text=texts, base=paths, name=names, maps=maps)
progresses = whole(
    Progress, stage=texts, item=names, done=counts, total=st.none() | counts, unit=texts
)
refusals = whole(Refusal, path=paths, reason=texts, sentence=names, next_step=names)
reports = whole(
    IndexReport,
    added=st.lists(paths, max_size=3).map(tuple),
    known=st.lists(paths, max_size=3).map(tuple),
    refused=st.lists(refusals, max_size=2).map(tuple),
    shots=counts,
    groups=counts,
    notes=st.lists(names, max_size=2).map(tuple),
)
