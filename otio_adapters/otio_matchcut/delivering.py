"""Writes what was found for one application: the right files, and how to bring each in."""

from __future__ import annotations

from dataclasses import dataclass

from otio_matchcut.carriers import carriers_for
from otio_matchcut.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file for an application."""

    name: str
    """The file's."""
    content: bytes
    carrier: str
    """Name of the carrier that wrote it."""
    label: str
    """What it is for, in one line."""
    how: str
    """How to bring it into the application, in a sentence."""


def deliver(delivery: Delivery, host: str) -> tuple[tuple[Delivered, ...], tuple[str, ...]]:
    """The files for an application, and sentences on what was left out.

    Args:
        delivery: What was found.
        host: One of `carriers.hosts()`.

    Raises:
        TimelineError: HOST_UNKNOWN; or a format cannot say it.
    """
    files, notes = [], []
    for carrier in carriers_for(host):
        name = f"{delivery.name}{carrier.suffix}"
        if carrier.needs_timeline and delivery.edited is None:
            notes.append(f"{name} is left out: it belongs to a timeline, and none was given.")
            continue
        files.append(
            Delivered(
                name, carrier.write(delivery), carrier.name, carrier.label, carrier.hosts[host]
            )
        )
    return tuple(files), tuple(notes)
