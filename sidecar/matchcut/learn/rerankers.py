"""Orders learned from verdicts, in the library: tensors and facts in one file, and a card.

    LIBRARY/scorers/NAME.safetensors    weights; as metadata, JSON of what they were learned from
    LIBRARY/scorers/NAME.md             the same for people

Each is written whole or not at all. Whoever deletes the folder has the flavors' own orders again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from matchcut.errors import OutputUnwritable, TrainedRefused
from matchcut.lasting import make_last
from matchcut.learn.reranking import Fitted, Judgement

VERSION = 1
_TENSORS = ("mean", "deviation", "weight", "bias")


@dataclass(frozen=True, slots=True, eq=False)
class Reranker:
    """What orders the best pairs of one flavor or blend anew."""

    flavor: str
    features: tuple[str, ...]
    """Names of what it sees of a pair; each that depends on stored rows says of which."""
    fitted: Fitted
    judgement: Judgement
    when: str
    """When it was learned, ISO 8601."""

    @property
    def name(self) -> str:
        """`verdicts-` and a digest of what it has learned."""
        parts = [repr((self.flavor, self.features)).encode()]
        parts += [np.asarray(getattr(self.fitted, one)).tobytes() for one in _TENSORS]
        return f"verdicts-{hashlib.blake2b(b'|'.join(parts), digest_size=4).hexdigest()}"


def place(library: Path, flavor: str) -> Path:
    """Where what was learned for a flavor lies, if anything was."""
    digest = hashlib.blake2b(flavor.encode(), digest_size=4).hexdigest()
    readable = re.sub("[^a-z0-9]+", "-", flavor.lower())[:40]
    return library / "scorers" / f"{readable}-{digest}.safetensors"


def save(reranker: Reranker, library: Path) -> Path:
    """Writes it, in place of what was learned before.

    Raises:
        OutputUnwritable: it cannot be written.
    """
    from safetensors.numpy import save as as_bytes

    fitted = reranker.fitted
    facts = {
        "version": VERSION,
        "flavor": reranker.flavor,
        "features": list(reranker.features),
        "judgement": asdict(reranker.judgement),
        "when": reranker.when,
    }
    tensors = {one: np.atleast_1d(np.asarray(getattr(fitted, one))) for one in _TENSORS}
    at = place(library, reranker.flavor)
    try:
        at.parent.mkdir(exist_ok=True)
        _write(at, as_bytes(tensors, {"matchcut": json.dumps(facts)}))
        _write(at.with_suffix(".md"), card(reranker).encode())
    except OSError as error:
        raise OutputUnwritable(
            f"{at} cannot be written: {error.strerror}.",
            "Make room, or let it be written.",
            path=at,
        ) from error
    return at


def forget(library: Path, flavor: str) -> None:
    """Removes what was learned for a flavor, if anything was.

    Raises:
        OutputUnwritable: it cannot be removed.
    """
    at = place(library, flavor)
    try:
        for file in (at, at.with_suffix(".md")):
            with suppress(FileNotFoundError):
                file.unlink()
    except OSError as error:
        raise OutputUnwritable(
            f"{at} cannot be removed: {error.strerror}.", "Remove it by hand.", path=at
        ) from error


def load(at: Path) -> Reranker:
    """What lies at a place.

    Raises:
        TrainedRefused: it cannot be read, or a newer matchcut wrote it.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(at, framework="numpy") as opened:
            facts = json.loads(opened.metadata()["matchcut"])
            found = {one: opened.get_tensor(one) for one in _TENSORS}
        if facts["version"] > VERSION:
            raise TrainedRefused(at, "a newer matchcut wrote it")
        reranker = Reranker(
            facts["flavor"],
            tuple(facts["features"]),
            Fitted(found["mean"], found["deviation"], found["weight"], float(found["bias"][0])),
            Judgement(**facts["judgement"]),
            facts["when"],
        )
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise TrainedRefused(at, f"it cannot be read ({error})") from error
    if any(len(found[one]) != len(reranker.features) for one in _TENSORS[:-1]):
        raise TrainedRefused(at, "its weights are not those of its features")
    return reranker


def card(reranker: Reranker) -> str:
    """What it is, as a page."""
    told, fitted = reranker.judgement, reranker.fitted
    lines = [
        f"# {reranker.name}",
        "",
        f"Orders the best pairs of `{reranker.flavor}` as the verdicts of this library's editors "
        "suggest. It re-ranks a short list that the flavor's own score has found.",
        "",
        f"Learned {reranker.when} from {told.pairs} verdicts, {told.kept} of them kept, in "
        f"{told.groups} groups. On groups that it had not seen: average precision "
        f"{told.learned:.3f}, and {told.own:.3f} by the flavor's own score; better in "
        f"{100 * told.better:.0f} of 100 draws of the groups.",
        "",
        "| what it sees | weight, scaled |",
        "|---|---|",
        *(
            f"| {name} | {weight:+.3f} |"
            for name, weight in zip(reranker.features, fitted.weight.tolist(), strict=True)
        ),
        "",
        "It knows what these editors kept among pairs that this flavor had proposed, in films like "
        "these, and nothing else. It refuses a library whose rows were computed otherwise.",
        "",
    ]
    return "\n".join(lines)


def _write(at: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=at.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            Path(file.name).replace(at)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    make_last(at.parent)
