"""Measures the weight-free silhouettes against hand-drawn ones, and trains their numbers.

    python -m tests.benchmarks.silhouettes [--assets ../shared/assets] [--pages DIR] [--keep FILE]
    python -m tests.benchmarks.silhouettes --fit

Prints one JSON object a line: `name`, `value`, `unit`. What is trained is measured on groups of
frames that were held out whole, in 6 folds; intervals are bootstrapped over groups. In the same
run: logistic regression on the same maps, and GrabCut from a centred rectangle. `--fit` trains on
all frames, with a confidence fitted to the held-out masks, and writes `head.safetensors`.
`--pages` writes contact sheets: the drawn outline green, ours red. `--keep` writes the held-out
probabilities, for trying what is made of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.silhouettes.canvas import COLUMNS, ROWS, on_canvas
from matchcut.silhouettes.cues import fuse, moment, network, refine, trust
from matchcut.similarity import mask_iou
from tests.benchmarks.lines import say
from tests.subjects import regression
from tests.subjects.frames import Subject, everything
from tests.subjects.variants import Sample, changed, changes, sample

FOLDS = 6
CROPS, COMPOSITES, SEED = 5, 1100, 0
FIRST = 65
"""So many frames come first in the list: those that earlier figures were measured on."""
RESAMPLED = 400
_RIDGE = 1.0
"""Of the confidence; alike from 0.2 to 2."""
_ALIKE = (0.5, 0.6)
_HALVED = ("enter", "around", "whole", "leave", "skip")
"""Numbers of the networks that are stored in half precision; masks hardly differ by it."""
_HEAD = Path(network.__file__).with_name("head.safetensors")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mask that a method gave for a frame, and what is known of it."""

    mask: NDArray[np.bool_]
    overlap: float
    signs: NDArray[np.float64] | None
    trust: float = 1.0
    parts: fuse.Fused | None = None
    """What the mask was made from, where it was."""


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def folds(subjects: Sequence[Subject]) -> list[frozenset[str]]:
    """The groups of each fold: those with a subject are dealt out, and then those without."""
    shown = sorted({one.group for one in subjects if one.polygons})
    nobody = sorted({one.group for one in subjects if not one.polygons})
    mixed = np.random.default_rng(1).permutation(shown).tolist()
    return [frozenset([*mixed[at::FOLDS], *nobody[at::FOLDS]]) for at in range(FOLDS)]


def _also_left_out(subjects: Sequence[Subject], out: frozenset[str]) -> frozenset[str]:
    """The groups left out of training: those of the fold, and backgrounds of the same films."""
    films = {one.film for one in subjects if one.group in out and one.polygons}
    return out | {one.group for one in subjects if one.film in films and not one.polygons}


def _judged(subject: Subject, one: Sample, parts: fuse.Fused) -> Judged:
    fine = refine.refined(one.picture, parts.likely)
    mask = on_canvas(fine, *subject.size)
    found = trust.signs(fine, parts, one.picture) if mask.any() else None
    return Judged(mask, overlap(mask, subject.truth()), found, parts=parts)


@dataclass(frozen=True, slots=True)
class Trial:
    """All that one fold needs."""

    subjects: Sequence[Subject]
    drawn: Sequence[Sample]
    more: Sequence[Sample]
    seeds: Sequence[int]


_trial: Trial
"""What a worker works on; set where it starts, since it is too large to be sent to every fold."""


def _begin(trial: Trial) -> None:
    global _trial
    import torch

    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    _trial = trial


def _fold(out: frozenset[str]) -> dict[int, tuple[Judged, Judged]]:
    """The frames of one fold judged by numbers trained without them: ours, and the regression."""
    from tests.subjects.training import trained

    subjects, drawn = _trial.subjects, _trial.drawn
    without = _also_left_out(subjects, out)
    kept = [at for at, one in enumerate(subjects) if one.group not in without]
    numbers = trained(
        [drawn[at] for at in kept if subjects[at].polygons],
        [drawn[at] for at in kept if not subjects[at].polygons],
        [one for one in _trial.more if not one.groups & without],
        _trial.seeds,
    ).numbers
    found = {}
    for at, subject in enumerate(subjects):
        if subject.group in out:
            one = drawn[at]
            parts = fuse.fused(numbers, one.features.astype(np.float32), one.picture)
            simple = fuse.Fused(parts.first, parts.first[None])
            found[at] = (_judged(subject, one, parts), _judged(subject, one, simple))
    return found


def _held_out(trial: Trial) -> tuple[list[Judged], list[Judged]]:
    """Each frame judged by numbers trained without its group: ours, and the regression alone."""
    found: dict[int, tuple[Judged, Judged]] = {}
    with ProcessPoolExecutor(initializer=_begin, initargs=(trial,)) as pool:
        for fold in pool.map(_fold, folds(trial.subjects)):
            found |= fold
    both = [found[at] for at in range(len(trial.subjects))]
    return [ours for ours, _ in both], [simple for _, simple in both]


def _trusted(subjects: Sequence[Subject], judged: Sequence[Judged]) -> list[Judged]:
    """The same, each with the confidence that was fitted without its group."""
    result = list(judged)
    for out in folds(subjects):
        seen = [
            one for subject, one in zip(subjects, judged, strict=True) if subject.group not in out
        ]
        coefficients = {"confidence": fitted_trust(seen)}
        for at, (subject, one) in enumerate(zip(subjects, judged, strict=True)):
            if subject.group in out:
                sure = 0.0 if one.signs is None else trust.trusted(coefficients, one.signs)
                result[at] = replace(one, trust=sure)
    return result


def fitted_trust(judged: Sequence[Judged]) -> NDArray[np.float32]:
    """The coefficients of `trust.trusted`, fitted to the overlap of held-out masks."""
    known = [one for one in judged if one.signs is not None]
    signs = np.array([one.signs for one in known])
    goals = np.array([one.overlap for one in known])
    return regression.linear(signs, goals, _RIDGE).astype(np.float32)


def _packed(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(masks.reshape(len(masks), -1), axis=1)


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of frames of different groups, each also with one side mirrored."""

    scores: NDArray[np.float64]
    true: NDArray[np.float64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    def precision(self, alike: float, weight: NDArray[np.float64] | None = None) -> float:
        """Average precision of ranking them, a pair being right from a true IoU of `alike` on.

        `weight`: (groups of the frames,) how often each frame's group was drawn.
        """
        order = np.argsort(-self.scores, kind="stable")
        hits = (self.true >= alike)[order].astype(np.float64)
        often = np.ones(len(hits))
        if weight is not None:
            often = (weight[self.first] * weight[self.second])[order]
        right, seen = np.cumsum(hits * often), np.cumsum(often)
        found = right[-1]
        if found == 0:
            return 0.0
        return float((right / np.maximum(seen, 1e-12) * hits * often).sum() / found)


def pairs_of(subjects: Sequence[Subject], judged: Sequence[Judged], confident: bool) -> Pairs:
    """The pairs with our score, which counts the confidence where asked for, and the true one."""
    masks = np.stack([one.mask for one in judged])
    truths = np.stack([subject.truth() for subject in subjects])
    groups = np.array([subject.group for subject in subjects])
    first, second = np.nonzero(np.triu(groups[:, None] != groups[None]))
    sure = np.array([one.trust if confident else 1.0 for one in judged])
    trusted = np.minimum(np.minimum(sure[first], sure[second]) / 0.5, 1)
    scores, true = [], []
    for flipped in (1, -1):
        ours = mask_iou(_packed(masks), _packed(masks[:, :, ::flipped]))[first, second]
        drawn = mask_iou(_packed(truths), _packed(truths[:, :, ::flipped]))[first, second]
        scores.append(ours * trusted)
        true.append(drawn)
    return Pairs(
        np.concatenate(scores),
        np.concatenate(true),
        np.concatenate([first, first]),
        np.concatenate([second, second]),
    )


def _interval(values: Sequence[float]) -> list[float]:
    low, high = np.percentile(values, (5, 95))
    return [round(float(low), 4), round(float(high), 4)]


def _report(name: str, subjects: Sequence[Subject], judged: Sequence[Judged]) -> None:
    """Prints the figures of one method, each with the middle 90 % of resampled groups."""
    overlaps = np.array([one.overlap for one in judged])
    names, group = np.unique([one.group for one in subjects], return_inverse=True)
    rng = np.random.default_rng(2)
    draws = [
        np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))[group]
        for _ in range(RESAMPLED)
    ]
    about = {"frames": len(subjects), "groups": len(names)}
    means = [float(np.average(overlaps, weights=often)) for often in draws]
    mean = float(overlaps.mean())
    say(f"{name}: mean IoU at 64x36", mean, "1", interval90=_interval(means), **about)
    each = [overlaps[group == at].mean() for at in range(len(names))]
    say(f"{name}: mean IoU, every group alike", float(np.mean(each)), "1", **about)
    say(f"{name}: share of frames with IoU over 0.5", float((overlaps > 0.5).mean()), "1", **about)
    for confident in (False, True):
        pairs = pairs_of(subjects, judged, confident)
        how = " with confidence" if confident else ""
        for alike in _ALIKE:
            spread = [pairs.precision(alike, often) for often in draws[: RESAMPLED // 4]]
            say(
                f"{name}: average precision of pairs{how}, true IoU >= {alike}",
                pairs.precision(alike),
                "1",
                interval90=_interval(spread),
                positives=int((pairs.true >= alike).sum()),
                pairs=len(pairs.true),
                **about,
            )
        if all(one.signs is None for one in judged):
            return


def _rectangle(subject: Subject) -> Judged:
    """GrabCut from a centred rectangle, half the picture wide: the best of five tried."""
    picture = subject.window.pictures[subject.window.centre]
    height, width = picture.shape[:2]
    seeds = np.zeros((height, width), np.uint8)
    box = (width // 4, height // 10, width // 2, height - height // 10)
    cv2.setRNGSeed(1)
    background, inside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, seeds, box, background, inside, 3, cv2.GC_INIT_WITH_RECT)
    mask = on_canvas((seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD), height, width)
    return Judged(mask, overlap(mask, subject.truth()), None)


def _drawn_sample(subject: Subject) -> Sample:
    return sample(subject.window, subject.drawn(ROWS, COLUMNS), [subject.group])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rank of each value; equal ones share the mean of theirs."""
    order = np.sort(values)
    below, upto = np.searchsorted(order, values, "left"), np.searchsorted(order, values, "right")
    return (below + upto) / 2


def _confidence(judged: Sequence[Judged], nobody: Sequence[Judged]) -> None:
    sure = np.array([one.trust for one in judged])
    overlaps = np.array([one.overlap for one in judged])
    rank = float(np.corrcoef(_ranks(sure), _ranks(overlaps))[0, 1])
    say("confidence: rank correlation with IoU of held-out masks", rank, "1")
    say("confidence: share of frames at 0.5 or more", float((sure >= 0.5).mean()), "1")
    say("confidence: their mean IoU", float(overlaps[sure >= 0.5].mean()), "1")
    say("confidence: mean IoU of the others", float(overlaps[sure < 0.5].mean()), "1")
    low = float(np.mean([one.trust < 0.5 for one in nobody]))
    say("frames without a subject under 0.5", low, "1", frames=len(nobody))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.silhouettes")
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    parser.add_argument("--fit", action="store_true", help="write the trained numbers")
    parser.add_argument("--seeds", type=int, default=5, help="networks that are averaged")
    parser.add_argument("--pages", type=Path, help="folder for contact sheets")
    parser.add_argument("--keep", type=Path, help="file (.npz) for the held-out probabilities")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    seeds = range(1, options.seeds + 1)

    subjects = everything(options.assets)
    with ProcessPoolExecutor() as pool:
        drawn = list(pool.map(_drawn_sample, subjects, chunksize=8))
        made = pool.map(changed, changes(subjects, CROPS, COMPOSITES, SEED), chunksize=16)
        more = [one for one in made if one is not None]
    shown = [at for at, one in enumerate(subjects) if one.polygons]
    say("drawn frames", len(shown), "frames", without_subject=len(subjects) - len(shown))
    say("changed frames for training", len(more), "frames")

    ours, simple = _held_out(Trial(subjects, drawn, more, seeds))
    if options.keep:
        parts = [one.parts for one in ours if one.parts is not None]
        np.savez_compressed(
            options.keep,
            first=np.stack([one.first for one in parts]),
            second=np.stack([one.second for one in parts]),
        )
    ours, simple = _trusted(subjects, ours), _trusted(subjects, simple)
    boxes = [_rectangle(one) if one.polygons else None for one in subjects]
    with_subject = [subjects[at] for at in shown]
    for name, judged in (
        ("ours", [ours[at] for at in shown]),
        ("logistic regression", [simple[at] for at in shown]),
        ("GrabCut from a centred rectangle", [box for box in boxes if box is not None]),
    ):
        _report(name, with_subject, judged)
        _report(f"{name}, the first {FIRST} frames", with_subject[:FIRST], judged[:FIRST])
    nobody = [one for one, subject in zip(ours, subjects, strict=True) if not subject.polygons]
    _confidence([ours[at] for at in shown], nobody)

    if options.fit:
        _write(subjects, drawn, more, seeds, fitted_trust(ours))
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):  # as in the pipeline
        started = time.process_time()
        for subject in with_subject[:FIRST]:
            moment.silhouette(subject.window)
    cost = (time.process_time() - started) / FIRST * 1000
    say("processor time a moment", cost, "ms", networks=len(seeds))
    if options.pages:
        from tests.benchmarks.silhouette_pages import write

        write(options.pages, subjects, ours)
    return 0


def _write(
    subjects: Sequence[Subject],
    drawn: Sequence[Sample],
    more: Sequence[Sample],
    seeds: Sequence[int],
    confidence: NDArray[np.float32],
) -> None:
    """Trains on all frames and writes the numbers that the package ships."""
    from safetensors.numpy import save_file

    from tests.subjects.training import trained

    pairs = list(zip(subjects, drawn, strict=True))
    numbers = trained(
        [one for subject, one in pairs if subject.polygons],
        [one for subject, one in pairs if not subject.polygons],
        more,
        seeds,
    ).numbers
    about = {"made_by": "python -m tests.benchmarks.silhouettes --fit", "frames": str(len(pairs))}
    stored = {
        name: value.astype(np.float16) if name.rpartition(".")[2] in _HALVED else value
        for name, value in numbers.items()
    }
    save_file({**stored, "confidence": confidence}, _HEAD, metadata=about)
    _HEAD.chmod(0o644)
    network.numbers.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
