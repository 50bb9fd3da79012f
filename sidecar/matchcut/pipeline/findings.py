"""What one run of indexing has found so far, and what of it the user should know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matchcut.errors import MatchcutError
from matchcut.pipeline.given import is_given
from matchcut.pipeline.one_film import Analysed
from matchcut.types import IndexReport, Refusal


@dataclass(slots=True)
class Findings:
    """What became of each file, and of its shots."""

    added: list[Path] = field(default_factory=list)
    known: list[Path] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)
    """Of each film whose shots are found otherwise now: what found them before, and now."""
    given: list[str] = field(default_factory=list)
    """For each film whose shots a cut list gave in this run: the list's name."""
    kept: int = 0
    """Films that keep the shots which a cut list gave before."""
    damaged: list[tuple[Path, int]] = field(default_factory=list)
    """Each film that could not be read everywhere, and in how many places."""
    unheard: list[tuple[Path, str]] = field(default_factory=list)
    """Each film whose sound could not be read, or not everywhere, and why."""

    @property
    def done(self) -> int:
        """Files that are finished, well or not."""
        return len(self.added) + len(self.known) + len(self.refused)

    def refuse(self, path: Path, error: MatchcutError) -> None:
        """Passes over a file; the others go on."""
        self.refused.append(Refusal(path, error.reason, error.sentence, error.next_step))

    def note_cuts(self, before: str | None, now: str, given: str | None) -> None:
        """Notes where the shots of a film come from.

        Args:
            before: Identity of what found those in use so far; None for a new film.
            now: Identity of what found those in use from now on.
            given: Name of the list that gave them in this run, if one did.
        """
        if given is not None:
            self.given.append(given)
        elif is_given(now):
            self.kept += 1
        if before is not None and before != now:
            self.replaced.append((before, now))

    def note_damage(self, file: Path, analysed: Analysed) -> None:
        """Notes what could not be read of a film."""
        if analysed.damaged_places:
            self.damaged.append((file, analysed.damaged_places))
        if analysed.soundless:
            self.unheard.append((file, analysed.soundless))
        elif analysed.damaged_sounds:
            why = f"{analysed.damaged_sounds} place(s) of it are damaged"
            self.unheard.append((file, why))

    def report(self, files: Sequence[Path], detector: str, shots: int, groups: int) -> IndexReport:
        """All of it, in the order of the files: workers finish in any order."""
        place = {file: number for number, file in enumerate(files)}
        self.damaged.sort(key=lambda one: place[one[0]])
        self.unheard.sort(key=lambda one: place[one[0]])
        return IndexReport(
            added=tuple(sorted(self.added, key=place.__getitem__)),
            known=tuple(sorted(self.known, key=place.__getitem__)),
            refused=tuple(sorted(self.refused, key=lambda one: place.get(one.path, -1))),
            shots=shots,
            groups=groups,
            notes=self._notes(detector),
        )

    def _notes(self, detector: str) -> tuple[str, ...]:
        """What the user should know of where the shots come from."""
        notes: list[str] = []
        if self.given:
            lists = ", ".join(sorted(set(self.given)))
            notes.append(f"The shots of {len(self.given)} film(s) are those of {lists}.")
        if self.kept:
            notes.append(
                f"{self.kept} film(s) keep the shots that a list gave; --detector finds them anew."
            )
        found = [one for one in self.replaced if not is_given(one[1])]
        if found:
            before = ", ".join(sorted({old for old, _ in found}))
            notes.append(
                f"The shots of {detector} replace those of {before} in {len(found)} film(s)."
            )
        if self.damaged:
            films = ", ".join(f"{file.name} ({places})" for file, places in self.damaged)
            notes.append(
                f"Damaged, with the places that could not be read: {films}. The rest of them is "
                "indexed; copy them again if the picture matters there."
            )
        notes += [
            f"The sound of {file.name} is not all there: {why}." for file, why in self.unheard
        ]
        return tuple(notes)
