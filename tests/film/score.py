"""Marks an answer by the truth: which planted pairs and which decoys are among the candidates."""

from __future__ import annotations

from collections.abc import Iterable

from tests.film.script import GroundTruth, Pairs


def planted_found(
    truth: GroundTruth, flavor: str, candidates: Iterable[tuple[int, int]]
) -> tuple[Pairs, Pairs]:
    """The planted pairs of a flavor that are among the candidates, and all that are planted.

    Args:
        truth: The film's truth.
        flavor: `frame` or `camera`; both match in either order, so order does not count.
        candidates: (outgoing shot, incoming shot) indexes into `truth.shots`, such as the top 20.
            A repeat of a planted shot's set-up counts as that shot.

    Returns:
        (found, planted), both in the truth's order; a pair is found once however often it occurs.
    """
    return _among(truth, truth.planted[flavor], candidates), truth.planted[flavor]


def decoys_found(
    truth: GroundTruth, flavor: str, candidates: Iterable[tuple[int, int]]
) -> tuple[Pairs, Pairs]:
    """The decoys of a flavor that are among the candidates, and all decoys; as `planted_found`."""
    return _among(truth, truth.decoys[flavor], candidates), truth.decoys[flavor]


def _among(truth: GroundTruth, wanted: Pairs, candidates: Iterable[tuple[int, int]]) -> Pairs:
    seen = {frozenset(map(truth.representative, pair)) for pair in candidates}
    return tuple(pair for pair in wanted if frozenset(map(truth.representative, pair)) in seen)
