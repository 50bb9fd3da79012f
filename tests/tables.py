"""Tables in the documents that are made from the code: `python -m tests.tables --write`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from matchcut import errors, models, shots
from matchcut.embeddings import pretrained as embeddings
from matchcut.engine import Engine
from matchcut.silhouettes import pretrained as silhouettes
from matchcut.types import Pretrained
from otio_matchcut import carriers

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


MEASURED = ROOT / "tests" / "benchmarks" / "represent.jsonl"
"""What `python -m tests.benchmarks.represent` printed last."""


def providers() -> str:
    """What can compute silhouettes and embeddings, at which cost, and when it is chosen."""
    rows = [
        "| provider | good for | weights | licence, trained on | shots/s | chosen |",
        "|---|---|---|---|---|---|",
    ]
    speed = _speeds()
    for what, better, nothing in (
        ("silhouettes", silhouettes.pretrained(), "one main subject, of no known kind"),
        ("embeddings", embeddings.pretrained(), "repeats of a set-up"),
    ):
        rows.append(
            f"| {what}: `weight-free` | {nothing} | in the package | Apache-2.0, this project "
            f"| {speed[f'{what}.weight-free']} | `--profile classical`, or where no other is here |"
        )
        rows += [_provider(what, one, speed) for one in better]
    return "\n".join(rows)


def _provider(what: str, one: Pretrained, speed: dict[str, str]) -> str:
    model = models.model(one.name)
    published = model.published
    chosen = "on a GPU" if one.suits == "gpu" else "on a processor, and on a GPU after the others"
    fetched = ", fetched where it can be" if what == "silhouettes" else ", where its weights lie"
    return (
        f"| {what}: `{one.name}` | {one.label} | {model.architecture}, "
        f"{published.mebibytes:.0f} MiB, {published.paper} | {published.licence}; "
        f"{published.trained_on} | {speed[f'{what}.{one.name}']} "
        f"| `auto` {chosen}{fetched}; `--profile pretrained` |"
    )


def _speeds() -> dict[str, str]:
    """By provider, shots a second on each device that was measured."""
    found: dict[str, str] = {}
    for line in MEASURED.read_text(encoding="utf-8").splitlines():
        figure = json.loads(line)
        if figure["unit"] == "shots a second":
            name = figure["name"].removesuffix(".speed")
            shown = f"{figure['value']:.3g} ({figure['device']})"
            found[name] = f"{found[name]}, {shown}" if name in found else shown
    return found


def failures() -> str:
    """Every error: its reason, what it means, and the exit code of the command line."""
    rows = ["| reason | meaning | exit code |", "|---|---|---|"]
    for error in sorted(_leaves(errors.MatchcutError), key=lambda one: one.reason):
        meaning = (error.__doc__ or "").splitlines()[0]
        code = 2 if issubclass(error, errors.UsageError) else 1
        code = 130 if error is errors.Cancelled else code
        rows.append(f"| `{error.reason}` | {meaning} | {code} |")
    return "\n".join(rows)


def carried() -> str:
    """Each file for an editing application: what arrives by it, and what does not."""
    rows = ["| carrier | file | what it is | carries | loses |", "|---|---|---|---|---|"]
    rows += [
        f"| `{one.name}` | `NAME{one.suffix}` | {one.label} | {one.carries} | {one.loses} |"
        for one in carriers.carriers().values()
    ]
    return "\n".join(rows)


def brought_in() -> str:
    """For each application, its files and how to bring each in."""
    rows = ["| `--for` | file | how to bring it in |", "|---|---|---|"]
    for host in carriers.hosts():
        for one in carriers.carriers_for(host):
            timeline = " (with a timeline)" if one.needs_timeline else ""
            rows.append(f"| `{host}` | `NAME{one.suffix}`{timeline} | {one.hosts[host]} |")
    return "\n".join(rows)


def _leaves(error: type[errors.MatchcutError]) -> list[type[errors.MatchcutError]]:
    below = [one for one in error.__subclasses__() if one.__module__ == errors.__name__]
    return [leaf for one in below for leaf in _leaves(one)] if below else [error]


TABLES: dict[str, Callable[[], str]] = {
    "flavors": flavors,
    "detectors": detectors,
    "failures": failures,
    "providers": providers,
    "carried": carried,
    "brought in": brought_in,
}
DOCUMENTS = ("README.md", "docs/carriers.md", "docs/errors.md", "docs/models.md")


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
