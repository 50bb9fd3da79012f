"""Tables in the documents that are made from the code: `python -m tests.tables --write`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from matchcut import errors, shots
from matchcut.engine import Engine

ROOT = Path(__file__).parents[1]


def flavors() -> str:
    """What each flavor matches, how it scores, and where it comes from."""
    rows = ["| flavor | what matches | score | marker | method |", "|---|---|---|---|---|"]
    rows += [
        f"| `{card.name}` | {card.label} | {card.lowest:g} to {card.highest:g} "
        f"| {card.marker_color.lower()} | {card.source} |"
        for card in Engine(ROOT).flavors()
    ]
    return "\n".join(rows)


def detectors() -> str:
    """Each shot detector."""
    rows = ["| `--detector` | what it is |", "|---|---|"]
    rows += [f"| `{one.name}` | {one.label} |" for one in shots.detectors().values()]
    return "\n".join(rows)


def failures() -> str:
    """Every error: its reason, what it means, and the exit code of the command line."""
    rows = ["| reason | meaning | exit code |", "|---|---|---|"]
    for error in sorted(_leaves(errors.MatchcutError), key=lambda one: one.reason):
        meaning = (error.__doc__ or "").splitlines()[0]
        code = 2 if issubclass(error, errors.UsageError) else 1
        code = 130 if error is errors.Cancelled else code
        rows.append(f"| `{error.reason}` | {meaning} | {code} |")
    return "\n".join(rows)


def _leaves(error: type[errors.MatchcutError]) -> list[type[errors.MatchcutError]]:
    below = [one for one in error.__subclasses__() if one.__module__ == errors.__name__]
    return [leaf for one in below for leaf in _leaves(one)] if below else [error]


TABLES: dict[str, Callable[[], str]] = {
    "flavors": flavors,
    "detectors": detectors,
    "failures": failures,
}
DOCUMENTS = ("README.md", "docs/errors.md")


def renewed(text: str) -> str:
    """The document with each of its tables as the code has it now."""
    for name, table in TABLES.items():
        marked = re.compile(
            rf"(<!-- {name}: made by `make docs` -->\n).*?(<!-- {name} end -->)", re.S
        )
        text = marked.sub(lambda found, made=table: f"{found[1]}{made()}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    for document in DOCUMENTS:
        path = ROOT / document
        made = renewed(path.read_text(encoding="utf-8"))
        if sys.argv[1:] == ["--write"]:
            path.write_text(made, encoding="utf-8")
        elif made != path.read_text(encoding="utf-8"):
            sys.exit(f"{document} is not fresh: run `make docs`")
