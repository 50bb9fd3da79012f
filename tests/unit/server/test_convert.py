from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchcut.engine import MIN_HANDLE
from matchcut.errors import UsageError
from matchcut.server import convert, matches, requests
from matchcut.types import (
    Candidate,
    IndexReport,
    MatchSet,
    MediaQuery,
    MediaTime,
    Progress,
    Query,
    Refined,
    SourceCard,
    Span,
)
from matchcut_api.v1 import match_pb2, media_pb2
from matchcut_client.messages import rational
from tests.unit.server import drawn


@given(drawn.times)
def test_a_time_survives_the_way(time: MediaTime) -> None:
    assert convert.unpack_time(convert.pack_time(time)) == time


@given(drawn.spans)
def test_a_span_survives_the_way(span: Span) -> None:
    assert convert.unpack_span(convert.pack_span(span)) == span


@given(drawn.source_cards)
def test_a_source_survives_the_way(card: SourceCard) -> None:
    assert convert.unpack_source_card(convert.pack_source_card(card)) == card


@given(drawn.match_sets)
def test_matches_survive_the_way_as_bytes(found: MatchSet) -> None:
    packed = matches.pack_match_set(found).SerializeToString()
    assert matches.unpack_match_set(match_pb2.MatchSet.FromString(packed)) == found


@given(drawn.refined)
def test_what_became_of_a_candidate_survives_the_way_as_bytes(refined: Refined) -> None:
    packed = matches.pack_refined(refined).SerializeToString()
    assert matches.unpack_refined(match_pb2.RefinedCandidate.FromString(packed)) == refined


def test_a_reframing_of_neither_side_is_not_taken() -> None:
    with pytest.raises(ValueError, match="no side"):
        matches.unpack_reframing(match_pb2.Reframing(scale=1.0))


@given(drawn.reports)
def test_a_report_survives_the_way(report: IndexReport) -> None:
    assert convert.unpack_report(convert.pack_report(report)) == report


@given(drawn.progresses)
def test_progress_survives_the_way(progress: Progress) -> None:
    assert convert.unpack_progress(convert.pack_progress(progress)) == progress


@given(drawn.queries)
def test_a_query_survives_the_way(query: Query) -> None:
    packed = convert.pack_query(query)
    request = match_pb2.FindRequest()
    if isinstance(query, MediaQuery):
        assert isinstance(packed, match_pb2.MediaQuery)
        request.media.CopyFrom(packed)
    else:
        assert isinstance(packed, match_pb2.TimelineQuery)
        request.timeline.CopyFrom(packed)
    assert requests.query_of(request) == query


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rotation_degrees": 45}, "rotation"),
        ({"transfer": media_pb2.TRANSFER_UNSPECIFIED}, "transfer"),
        ({"rate_fps": media_pb2.Rational(numerator=1)}, "denominator 0"),
    ],
)
def test_a_source_that_makes_no_sense_is_not_taken(change: dict[str, object], said: str) -> None:
    one = media_pb2.Rational(numerator=1, denominator=1)
    whole = {
        "transfer": media_pb2.TRANSFER_SDR,
        "rate_fps": one,
        "time_base_seconds": one,
        "pixel_aspect": one,
    }
    convert.unpack_source(media_pb2.Source(**whole))
    with pytest.raises(ValueError, match=said):
        convert.unpack_source(media_pb2.Source(**(whole | change)))


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (match_pb2.FindRequest(), "query"),
        (match_pb2.FindRequest(media=match_pb2.MediaQuery(at="1")), "media_path"),
        (
            match_pb2.FindRequest(
                timeline=match_pb2.TimelineQuery(timeline_otio="{}", base_path="edit")
            ),
            "base_path",
        ),
    ],
)
def test_a_query_without_an_absolute_path_is_refused_by_field(
    request_: match_pb2.FindRequest, field: str
) -> None:
    with pytest.raises(UsageError, match=field) as told:
        requests.query_of(request_)
    assert told.value.facts["field"] == field


def test_a_missing_or_malformed_number_is_refused_by_field() -> None:
    with pytest.raises(UsageError, match="top_count is missing"):
        requests.top_of(match_pb2.ScanRequest())
    with pytest.raises(UsageError, match="min_gap_seconds is missing"):
        requests.gap_of(match_pb2.ScanRequest())
    with pytest.raises(UsageError, match="min_gap_seconds is malformed"):
        requests.gap_of(match_pb2.ScanRequest(min_gap_seconds=media_pb2.Rational(numerator=1)))


@given(st.lists(drawn.candidates, max_size=2))
def test_candidates_come_back_to_the_sidecar_as_it_gave_them(candidates: list[Candidate]) -> None:
    request = match_pb2.RefineRequest(candidates=map(matches.pack_candidate, candidates))
    assert requests.candidates_of(request) == tuple(candidates)


ONE = media_pb2.Rational(numerator=1, denominator=1)
SPAN = media_pb2.Span(start_pts=0, end_pts=1, time_base_seconds=ONE)
SIDE = match_pb2.Side(
    source_path="/a.mov",
    cut_time=media_pb2.MediaTime(time_base_seconds=ONE),
    rate_fps=ONE,
    span=SPAN,
    clean_span=SPAN,
    source_span=SPAN,
)
EMPTY = media_pb2.Span(start_pts=1, end_pts=1, time_base_seconds=ONE)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"outgoing": None}, ".outgoing", "is missing"),
        ({"incoming": None}, ".incoming", "is missing"),
        ({"outgoing": "source_path"}, ".outgoing.source_path", "not an absolute path"),
        ({"outgoing": "cut_time"}, "", "denominator 0"),
        ({"incoming": "rate_fps"}, "", "denominator 0"),
        ({"incoming": "span"}, "", "denominator 0|never empty"),
        ({"incoming": EMPTY}, "", "never empty"),
        ({"reframing": match_pb2.Reframing(scale=1.0)}, "", "no side"),
    ],
)
def test_a_candidate_that_makes_no_sense_is_refused_by_its_place(
    change: dict[str, object], field: str, said: str
) -> None:
    whole = match_pb2.Candidate(outgoing=SIDE, incoming=SIDE)
    broken = match_pb2.Candidate(outgoing=SIDE, incoming=SIDE)
    for name, value in change.items():
        if value is None:
            broken.ClearField(name)
        elif isinstance(value, str):
            getattr(broken, name).ClearField(value)
        elif isinstance(value, media_pb2.Span):
            getattr(broken, name).span.CopyFrom(value)
        else:
            broken.reframing.CopyFrom(value)
    request = match_pb2.RefineRequest(candidates=[whole])
    assert len(requests.candidates_of(request)) == 1
    request.candidates.append(broken)
    with pytest.raises(UsageError, match=said) as told:
        requests.candidates_of(request)
    assert told.value.facts["field"] == f"candidates[1]{field}"


@pytest.mark.parametrize(
    "request_", [match_pb2.FindRequest(), match_pb2.ScanRequest(), match_pb2.RefineRequest()]
)
def test_who_says_nothing_of_handles_and_reframing_gets_the_usual(
    request_: match_pb2.FindRequest | match_pb2.ScanRequest | match_pb2.RefineRequest,
) -> None:
    assert requests.handle_of(request_) == MIN_HANDLE
    assert requests.reframe_of(request_)
    request_.min_handle_frame_count, request_.reframe = 0, False
    assert requests.handle_of(request_) == 0
    assert not requests.reframe_of(request_)


@given(st.lists(st.text(min_size=1), unique=True, max_size=30), st.integers(1, 7))
def test_the_union_of_pages_is_the_list(items: list[str], size: int) -> None:
    union: list[str] = []
    token = ""
    while True:
        chosen, token = requests.page(items, str, size, token)
        assert len(chosen) <= size
        union += chosen
        if not token:
            break
    assert union == items


def test_a_page_goes_on_behind_the_one_before_though_items_were_added() -> None:
    _, token = requests.page(["b", "c", "d"], str, 2, "")
    assert requests.page(["a", "b", "c", "d"], str, 2, token) == (["d"], "")


def test_a_page_of_no_sense_is_refused() -> None:
    with pytest.raises(UsageError, match="page_size"):
        requests.page(["a"], str, -1, "")
    with pytest.raises(UsageError, match="page_token"):
        requests.page(["a"], str, 1, "b")


def test_a_page_is_never_larger_than_the_limit() -> None:
    items = [str(number) for number in range(2000)]
    assert len(requests.page(items, str, 1500, "")[0]) == requests.PAGE_AT_MOST
    assert len(requests.page(items, str, 0, "")[0]) == requests.PAGE_BY_DEFAULT


@given(drawn.fractions)
def test_a_fraction_stays_exact(fraction: object) -> None:
    assert requests.seconds(rational(fraction), "gap") == fraction


def test_a_path_is_sent_as_it_is_written(tmp_path: Path) -> None:
    query = MediaQuery(tmp_path / ".." / "a.mov", "1")
    packed = convert.pack_query(query)
    assert isinstance(packed, match_pb2.MediaQuery)
    assert packed.media_path == str(query.media)
