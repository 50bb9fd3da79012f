"""What all formats of labelled sets have in common: how their titles are divided, and refusals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from matchcut.errors import LabelsRefused
from matchcut.learn.pairs import Pairs
from matchcut.learn.splits import SPLITS, divided


def split_titles(folder: Path, tasks: Mapping[str, Pairs]) -> dict[str, frozenset[str]]:
    """The split of every title: as `train.txt`, `validation.txt` and `test.txt` of a folder say.

    Each names a title a line. Where none of the three is there, titles are divided by themselves.

    Raises:
        LabelsRefused: some of the three are missing, or a title is in two of them.
    """
    named = {split: folder / f"{split}.txt" for split in SPLITS}
    there = [split for split, file in named.items() if file.is_file()]
    if not there:
        return divided({title for pairs in tasks.values() for title, _ in pairs.shots})
    if len(there) < len(named):
        missing = ", ".join(file.name for split, file in named.items() if split not in there)
        raise LabelsRefused(folder, f"it divides titles, but {missing} is missing")
    found: dict[str, frozenset[str]] = {}
    for split, file in named.items():
        with readable(file):
            titles = frozenset(file.read_text(encoding="utf-8").split())
        for other, others in found.items():
            if both := titles & others:
                raise LabelsRefused(folder, f"{min(both)} is both in {other} and in {split}")
        found[split] = titles
    return found


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Says what goes wrong while a file is read, as a refusal of it."""
    try:
        yield
    except OSError as error:
        raise LabelsRefused(file, f"it does not open ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise LabelsRefused(file, "it is no text in UTF-8") from error


def number(text: object) -> float:
    """A finite number as a set writes it, or NaN where it writes nothing.

    Raises:
        ValueError: it is something else.
    """
    if text is None or text == "":
        return math.nan
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ValueError(f"{text!r} is no number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is no finite number")
    return value


TRUE, FALSE = frozenset({"1", "true", "yes", "keep"}), frozenset({"0", "false", "no", "reject"})


def judged(text: object) -> bool:
    """Whether people found that a pair matches.

    Raises:
        ValueError: it is none of the words for that.
    """
    word = str(text).strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(f"{text!r} is neither true nor false")


def first_twice(shots: Iterable[tuple[object, ...]]) -> tuple[object, ...] | None:
    """The first that comes a second time; None if none does."""
    seen: set[tuple[object, ...]] = set()
    for one in shots:
        if one in seen:
            return one
        seen.add(one)
    return None
