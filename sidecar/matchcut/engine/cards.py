"""What there is to choose from and what was analysed: as cards for menus, and as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matchcut import flavors
from matchcut.engine.snapshot import identities
from matchcut.library import Library, StoredSource
from matchcut.types import FlavorCard, Representation, SourceCard


def flavor_cards() -> tuple[FlavorCard, ...]:
    """Every flavor there is."""
    return tuple(
        FlavorCard(
            name=one.name,
            label=one.label,
            directed=not one.similarity.symmetric,
            lowest=one.similarity.lowest,
            highest=one.similarity.highest,
            marker_color=one.marker_color,
            source=one.source,
            variants=tuple(variant.name for variant in one.variants),
        )
        for one in flavors.flavors().values()
    )


def source_cards(library: Library) -> tuple[SourceCard, ...]:
    """What a library holds, in its order."""
    return tuple(
        SourceCard(
            stored.source,
            stored.paths,
            stored.frames,
            len(library.shots(stored.source.digest, stored.detector)),
        )
        for stored in library.sources()
    )


def provided(library: Library) -> list[str]:
    """For each flavor and provider, how many sources it analysed, as sentences for people."""
    named = library.providers()
    counts: Counter[tuple[str, str]] = Counter()
    for stored in _placed(library):
        have = library.representations(stored.source.digest, stored.detector)
        for flavor in flavors.flavors().values():
            for identity in have.intersection(identities(flavor)):
                counts[flavor.name, named.get(identity, "weight-free")] += 1
    return [
        f"{flavor}: {sources} source(s) by {provider}"
        for (flavor, provider), sources in sorted(counts.items())
    ]


def left_behind(library: Library, ways: Sequence[Representation]) -> tuple[str, ...]:
    """Tells how many sources another provider analysed than the one that was chosen now."""
    chosen = {way.spec.identity for way in ways}
    notes: list[str] = []
    for flavor in flavors.flavors().values():
        others = frozenset(identities(flavor)) - chosen
        behind = 0
        for stored in _placed(library):
            have = library.representations(stored.source.digest, stored.detector)
            behind += bool(have & others) and not have & chosen.intersection(identities(flavor))
        if behind:
            notes.append(
                f"{behind} source(s) of the library were analysed for '{flavor.name}' by another "
                "provider and cannot be compared with these: index them again as well, or index "
                "these again with the --profile used before."
            )
    return tuple(notes)


def _placed(library: Library) -> list[StoredSource]:
    """The sources whose place is known: those that find and scan look at."""
    return [stored for stored in library.sources() if stored.paths]
