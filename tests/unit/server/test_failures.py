from __future__ import annotations

from collections import Counter

import grpc
import pytest
from google.rpc import code_pb2

from matchcut import errors
from matchcut.server import failures
from matchcut_client.failing import ClientError


def test_every_family_of_errors_has_a_code_of_its_own() -> None:
    assert set(errors.MatchcutError.__subclasses__()) <= failures.CODES.keys()


def test_every_code_is_one_that_grpc_has() -> None:
    known = {code.value[0] for code in grpc.StatusCode}
    assert {failures.code_of(kind) for kind in failures.families()} <= known


def test_no_two_errors_share_a_reason() -> None:
    reasons = Counter(kind.reason for kind in failures.families())
    assert [reason for reason, times in reasons.items() if times > 1] == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.FlavorUnknown, code_pb2.INVALID_ARGUMENT),
        (errors.SourceNotIndexed, code_pb2.NOT_FOUND),
        (errors.NoPicture, code_pb2.FAILED_PRECONDITION),
        (errors.LibraryNewer, code_pb2.FAILED_PRECONDITION),
        (errors.DiskFull, code_pb2.RESOURCE_EXHAUSTED),
        (errors.Cancelled, code_pb2.CANCELLED),
        (errors.InternalError, code_pb2.INTERNAL),
    ],
)
def test_an_error_has_the_code_of_its_family(kind: type[errors.MatchcutError], code: int) -> None:
    assert failures.code_of(kind) == code


def test_an_error_built_from_facts_comes_back_as_it_was() -> None:
    error = errors.LibraryNewer("/films", 7, 3)
    back = failures.error_of(failures.failure_of(error, "a test"))
    assert type(back) is errors.LibraryNewer
    assert (str(back), back.facts) == (str(error), error.facts)


def test_an_error_that_is_not_ours_is_told_by_its_type_alone() -> None:
    failure = failures.failure_of(RuntimeError("password"), "Find")
    assert failure.code == code_pb2.INTERNAL
    assert "RuntimeError" in failure.sentence
    assert "password" not in str(failure)


def test_a_reason_of_a_newer_sidecar_becomes_a_refusal_with_its_sentence() -> None:
    back = failures.error_of_call(ClientError("MOON_FULL", "The moon is full.", "Wait."))
    assert isinstance(back, errors.SidecarRefused)
    assert "The moon is full (MOON_FULL)" in back.sentence


def test_a_refinement_without_a_reason_of_its_own_comes_back_as_what_it_refines() -> None:
    failure = failures.failure_of(errors.UsageError("No.", "Do."), "a test")
    assert type(failures.error_of(failure)) is errors.UsageError
