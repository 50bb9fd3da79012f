"""What every carrier keeps: found by itself, one file a format, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from otio_matchcut.carriers import carriers, carriers_for, hosts
from otio_matchcut.delivering import deliver
from otio_matchcut.delivery import Carrier
from otio_matchcut.errors import TimelineError
from tests.golden.deliveries import DELIVERIES

every = pytest.mark.parametrize("carrier", carriers().values(), ids=lambda carrier: carrier.name)
every_case = pytest.mark.parametrize(
    ("carrier", "case"),
    [
        pytest.param(carrier, case, id=f"{carrier.name}-{case}")
        for case, make in DELIVERIES.items()
        for has_timeline in [make().edited is not None]
        for carrier in carriers().values()
        if has_timeline or not carrier.needs_timeline
    ],
)
HOSTS = {
    "any",
    "avid",
    "blender",
    "fcp",
    "hiero",
    "kdenlive",
    "premiere",
    "resolve",
    "resolve-free",
}


@every
def test_its_card_can_be_read_in_a_list_and_in_a_table(carrier: Carrier) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", carrier.name)
    assert re.fullmatch(r"(\.[a-z0-9-]+)+", carrier.suffix)
    for text in (carrier.label, carrier.carries, carrier.loses):
        assert text
        assert "\n" not in text
        assert "|" not in text
        assert not text.endswith(".")
    assert carrier.hosts
    assert set(carrier.hosts) <= HOSTS
    for how in carrier.hosts.values():
        assert re.fullmatch(r"[A-Z][^\n|]*\.", how)


def test_no_two_files_for_one_application_have_one_name() -> None:
    for host in hosts():
        suffixes = [carrier.suffix for carrier in carriers_for(host)]
        assert len(set(suffixes)) == len(suffixes), host


@every_case
def test_the_same_matches_give_the_same_file(carrier: Carrier, case: str) -> None:
    first = carrier.write(DELIVERIES[case]())
    assert first == carrier.write(DELIVERIES[case]())


@every_case
def test_the_file_is_text_that_every_application_can_decode(carrier: Carrier, case: str) -> None:
    text = carrier.write(DELIVERIES[case]()).decode("utf-8")
    assert "\0" not in text


@every
def test_every_match_is_in_it_under_its_rank_and_with_both_files(carrier: Carrier) -> None:
    delivery = DELIVERIES["film_23976"]()
    text = carrier.write(delivery).decode()
    for match in delivery.matches:
        assert match.incoming.name in text
        assert match.outgoing.name in text


@every
def test_writing_leaves_the_editors_timeline_as_it_was(carrier: Carrier) -> None:
    delivery = DELIVERIES["film_23976"]()
    assert delivery.edited is not None
    before = delivery.edited.timeline.to_json_string()
    carrier.write(delivery)
    assert delivery.edited.timeline.to_json_string() == before


@pytest.mark.parametrize(
    "carrier",
    [one for one in carriers().values() if one.needs_timeline and not one.suffix.endswith(".otio")],
    ids=lambda carrier: carrier.name,
)
def test_markers_of_earlier_searches_are_not_delivered_again(carrier: Carrier) -> None:
    """Imported once more into the same timeline, they would stand there twice."""
    delivery = DELIVERIES["film_23976"]()
    only = replace(delivery, matches=delivery.matches[1:])
    text = carrier.write(only).decode()
    assert delivery.matches[1].label in text
    assert delivery.matches[0].label not in text


def test_what_belongs_to_a_timeline_is_left_out_in_a_sentence_without_one() -> None:
    delivery = DELIVERIES["mixed_rates"]()
    for host in hosts():
        files, notes = deliver(delivery, host)
        wanted = carriers_for(host)
        assert [file.carrier for file in files] == [
            carrier.name for carrier in wanted if not carrier.needs_timeline
        ]
        assert len(files) + len(notes) == len(wanted)
        assert all(note.endswith(".") for note in notes)


def test_an_application_that_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(TimelineError, match="avid") as error:
        deliver(DELIVERIES["nothing"](), "moviola")
    assert error.value.reason == "HOST_UNKNOWN"
