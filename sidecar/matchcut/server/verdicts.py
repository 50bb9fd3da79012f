"""Verdicts as messages and back without loss, and the service that records and lists them."""

from __future__ import annotations

from datetime import UTC

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from matchcut.server import requests
from matchcut.server.border import Answering
from matchcut.server.convert import pack_span, pack_time, unpack_span, unpack_time
from matchcut.server.matches import (
    JUDGEMENT_NAMES,
    JUDGEMENTS,
    pack_reframing,
    unpack_reframing,
)
from matchcut.types import JudgedShot, Matching, MediaTime, Verdict
from matchcut_api.v1 import verdict_pb2, verdict_pb2_grpc
from matchcut_client.wire_text import from_wire, to_wire


class VerdictServicer(verdict_pb2_grpc.VerdictServiceServicer):
    """Recording and listing, as `verdict.proto` says."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching

    def RecordVerdict(
        self, request: verdict_pb2.RecordVerdictRequest, context: grpc.ServicerContext
    ) -> verdict_pb2.Verdict:
        with Answering(context, "RecordVerdict"):
            return pack_verdict(
                self._matching.record_verdict(
                    requests.candidate_of(request),
                    requests.judgement_of(request),
                    why=from_wire(request.why),
                )
            )

    def ListVerdicts(
        self, request: verdict_pb2.ListVerdictsRequest, context: grpc.ServicerContext
    ) -> verdict_pb2.ListVerdictsResponse:
        with Answering(context, "ListVerdicts"):
            verdicts, token = requests.page(
                self._matching.verdicts(history=request.history),
                lambda verdict: verdict.id,
                request.page_size,
                request.page_token,
            )
            return verdict_pb2.ListVerdictsResponse(
                verdicts=[pack_verdict(verdict) for verdict in verdicts], next_page_token=token
            )


def pack_verdict(verdict: Verdict) -> verdict_pb2.Verdict:
    when = Timestamp()
    when.FromDatetime(verdict.when)
    reframing = verdict.reframing
    return verdict_pb2.Verdict(
        id=verdict.id,
        judgement=JUDGEMENTS[verdict.judgement],
        outgoing=_pack_judged(verdict.outgoing),
        incoming=_pack_judged(verdict.incoming),
        flavor=to_wire(verdict.flavor),
        score=verdict.score,
        at_cut_score=verdict.at_cut,
        reframing=None if reframing is None else pack_reframing(reframing),
        scorer=to_wire(verdict.scorer),
        why=to_wire(verdict.why),
        record_time=when,
    )


def unpack_verdict(message: verdict_pb2.Verdict) -> Verdict:
    """The verdict that a message holds.

    Raises:
        ValueError: it says nothing, or a time base or a span is none.
    """
    if message.judgement not in JUDGEMENT_NAMES:
        raise ValueError(f"{message.judgement} is nothing that can be said of a candidate")
    return Verdict(
        judgement=JUDGEMENT_NAMES[message.judgement],
        outgoing=_unpack_judged(message.outgoing),
        incoming=_unpack_judged(message.incoming),
        flavor=from_wire(message.flavor),
        score=message.score if message.HasField("score") else None,
        at_cut=message.at_cut_score if message.HasField("at_cut_score") else None,
        reframing=unpack_reframing(message.reframing) if message.HasField("reframing") else None,
        scorer=from_wire(message.scorer),
        why=from_wire(message.why),
        when=message.record_time.ToDatetime(UTC),
    )


def _pack_judged(shot: JudgedShot) -> verdict_pb2.JudgedShot:
    return verdict_pb2.JudgedShot(
        source_digest=to_wire(shot.digest),
        span=pack_span(shot.span),
        cut_frame=shot.cut_frame,
        cut_time=pack_time(MediaTime(shot.cut_pts, shot.span.time_base)),
    )


def _unpack_judged(message: verdict_pb2.JudgedShot) -> JudgedShot:
    return JudgedShot(
        digest=from_wire(message.source_digest),
        span=unpack_span(message.span),
        cut_frame=message.cut_frame,
        cut_pts=unpack_time(message.cut_time).pts,
    )
