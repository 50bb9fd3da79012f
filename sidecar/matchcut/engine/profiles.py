"""Which way of computing a flavor is taken: with pretrained weights, or without any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from matchcut import flavors, models
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.embeddings.pretrained import pretrained
from matchcut.errors import (
    DiskFull,
    ModelDamaged,
    ModelNotFetched,
    OutputUnwritable,
    ProfileUnknown,
)
from matchcut.models import devices
from matchcut.types import Monitor, Pretrained, Representation

AUTO, PRETRAINED, CLASSICAL = "auto", "pretrained", "classical"
PROFILES = (AUTO, PRETRAINED, CLASSICAL)
DEFAULT = AUTO


@dataclass(frozen=True, slots=True)
class Choice:
    """What computes a representation in this run, and why."""

    representation: Representation
    sentence: str
    """For the user: what was chosen, why, and how to get a better one. Empty where there was
    nothing to choose."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses by profile, and by the weights and the device that this machine has."""

    profile: str
    """`auto`, `pretrained`, `classical`, or the name of one model."""
    shelves: models.Shelves
    device: str
    """As PyTorch names it."""

    def choose(
        self,
        what: str,
        weight_free: Representation,
        better: Sequence[Pretrained],
        monitor: Monitor,
    ) -> Choice:
        """The best way that the profile allows.

        Args:
            what: What is computed, in the user's words.
            weight_free: The way that always works.
            better: The others, best first.
            monitor: Is told about the fetching of weights, and may stop it.

        Raises:
            ModelMissing: the profile insists on weights that are not here.
            ModelDamaged: the profile insists on weights that are not as published.
            Cancelled: the monitor asked to stop.
        """
        if not better:
            return Choice(weight_free, "")
        if self.profile == AUTO:
            return self._best(what, weight_free, better, monitor)
        asked = [one for one in better if self.profile in (PRETRAINED, one.name)]
        if asked:
            return self._insisted(what, asked)
        return Choice(weight_free, f"{what}: without pretrained weights, as asked for.")

    def check(self, known: Sequence[str]) -> None:
        """Refuses a profile that is not among those known.

        Raises:
            ProfileUnknown: it is none of them.
        """
        if self.profile not in known:
            raise ProfileUnknown(self.profile, list(known))

    def present(
        self, weight_free: Representation, better: Sequence[Pretrained]
    ) -> tuple[Choice, ...]:
        """Those whose weights are here, as far as the profile allows; none is fetched.

        They are worth storing and nothing depends on them, so nothing is said where they are not.
        Damaged ones are told and passed over: the weight-free way takes their place.

        Raises:
            ModelDamaged: the profile insists on weights that are not as published.
        """
        allowed = {AUTO: quick_on(self.device, better), PRETRAINED: better}
        found: list[Choice] = []
        for one in allowed.get(self.profile, ()):
            if self.shelves.find(models.model(one.name)) is None:
                continue
            try:
                found.append(self._taken("Embedding", one))
            except ModelDamaged as error:
                if self.profile == PRETRAINED:
                    raise
                found.append(Choice(weight_free, f"Embedding: {error}"))
        return tuple(found)

    def _insisted(self, what: str, asked: Sequence[Pretrained]) -> Choice:
        """The first whose weights are here; what suits the device comes first."""
        ordered = sorted(asked, key=lambda one: one.suits != devices.kind(self.device))
        here = [one for one in ordered if self.shelves.find(models.model(one.name)) is not None]
        return self._taken(what, (here or ordered)[0])

    def _best(
        self, what: str, weight_free: Representation, better: Sequence[Pretrained], monitor: Monitor
    ) -> Choice:
        """The best that is here, or can be had now, and is quick enough on this device."""
        quick = quick_on(self.device, better)
        best = quick[0].name if quick else better[0].name
        advice = (
            f"For better ones run `matchcut models fetch {best}` (without internet: elsewhere with "
            "--to DIR, then name the carried folder here by --models DIR) and index again."
        )
        why = ""  # The best one is not taken.
        for one in quick:
            try:
                self._fetch(one, monitor)
                taken = self._taken(what, one)
            except ModelNotFetched:
                why = why or f"the weights of '{one.name}' are not here and cannot be had now"
            except (ModelDamaged, DiskFull, OutputUnwritable) as error:
                said = error.sentence.removesuffix(".")
                why = why or f"the weights of '{one.name}' cannot be used ({said})"
            else:
                if not why:
                    return taken
                told = taken.sentence.removesuffix(".")
                return replace(taken, sentence=f"{told}, since {why}. {advice}")
        why = why or "no pretrained network is quick enough on this machine"
        return Choice(weight_free, f"{what}: without pretrained weights, since {why}. {advice}")

    def _fetch(self, one: Pretrained, monitor: Monitor) -> None:
        """Sees to it that the weights are here, where they can be had at once."""
        model = models.model(one.name)
        if self.shelves.find(model) is None:
            if not models.can_be_had(model):
                raise ModelNotFetched(model.name, model.published.url, "it is out of reach")
            models.fetch(model, self.shelves.place, monitor)

    def _taken(self, what: str, one: Pretrained) -> Choice:
        model = models.model(one.name)
        path = self.shelves.require(model)
        models.check(model, path)
        return Choice(
            one.representation(path, self.device),
            f"{what}: by '{one.name}' ({one.label}), on {devices.described(self.device)}.",
        )


def quick_on(device: str, better: Sequence[Pretrained]) -> Sequence[Pretrained]:
    """Those that are quick enough on a device to be chosen unasked, in the order given."""
    return [one for one in better if devices.kind(device) == "gpu" or one.suits == "cpu"]


def ways(chooser: Chooser, monitor: Monitor) -> tuple[Choice, ...]:
    """How each flavor, and each embedding that is worth storing, is computed in this run.

    Raises:
        As `Chooser.choose`.
    """
    known = flavors.flavors().values()
    better = {one.name for flavor in known for one in flavor.pretrained}
    chooser.check([*PROFILES, *sorted(better)])
    chosen = [
        chooser.choose(f"Flavor '{one.name}'", one.representation, one.pretrained, monitor)
        for one in known
    ]
    return (*chosen, *chooser.present(APPEARANCE, pretrained()))


def outlook(folder: Path | None) -> tuple[str, ...]:
    """What `auto` would choose here now, in a sentence a flavor; nothing is fetched or asked for.

    Args:
        folder: Of the pretrained weights; None: the user's own.
    """
    shelves = models.shelves(folder)
    device = devices.device()
    sentences: list[str] = []
    for flavor in flavors.flavors().values():
        quick = quick_on(device, flavor.pretrained)
        here = [one.name for one in quick if shelves.find(models.model(one.name)) is not None]
        if quick:
            way = f"by '{here[0]}'" if here else "without pretrained weights"
            fetching = f"; `matchcut models fetch {quick[0].name}` is the better way"
            better = "" if here[:1] == [quick[0].name] else fetching
            sentences.append(f"{flavor.name}: {way}{better}")
    return tuple(sentences)
