"""Measures the frame flavor's silhouettes against hand-drawn ones, and fits their coefficients.

    python -m tests.benchmarks.silhouettes [--assets ../shared/assets] [--fit] [--pages FOLDER]

Prints one JSON object a line: `name`, `value`, `unit`. What is fitted is measured on films that
were held out of the fit; the committed coefficients are fitted on all of them. `--fit` writes them.
`--pages` writes contact sheets: the drawn outline green, ours red.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matchcut.flavors._silhouette import cues, fuse, moment, refine
from matchcut.flavors._silhouette.canvas import COLUMNS, ROWS
from matchcut.similarity import mask_iou
from tests.benchmarks import regression
from tests.benchmarks.lines import say
from tests.benchmarks.subjects import Subject, annotated, without_subject

_FOLDS = 6
_WEIGHTS = Path(fuse.__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mask that a method gave for a frame, and what is known of it."""

    mask: NDArray[np.bool_]
    overlap: float
    signs: dict[str, float]


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    return float((one & other).sum() / max((one | other).sum(), 1))


def _judged(subject: Subject, seen: cues.Cues, coarse: NDArray[np.float32]) -> Judged:
    mask = moment.on_canvas(refine.refined(seen.picture, coarse), *subject.size)
    signs = moment.evidence(mask, coarse, *subject.size) if mask.any() else {}
    return Judged(mask, overlap(mask, subject.truth()), signs)


def _held_out(
    subjects: Sequence[Subject],
    seen: Sequence[cues.Cues],
    moves: bool,
    parts: Mapping[str, Collection[str]],
) -> list[Judged]:
    """Each frame judged with coefficients fitted without its part.

    Args:
        subjects: The frames.
        seen: What each shows.
        moves: Whether the maps of movement are used.
        parts: For each group of frames, the groups that are left out with it.
    """
    samples = [fuse.features(cue.maps, moves) for cue in seen]
    truths = [subject.drawn(ROWS, COLUMNS) for subject in subjects]
    fitted: dict[tuple[str, ...], dict[str, float]] = {}
    result = []
    for subject, cue, sample in zip(subjects, seen, samples, strict=True):
        without = parts[subject.group]
        key = tuple(sorted(without))
        if key not in fitted:
            learned = [at for at, each in enumerate(subjects) if each.group not in without]
            fitted[key] = regression.logistic(
                [samples[at] for at in learned], [truths[at] for at in learned]
            )
        result.append(_judged(subject, cue, regression.predicted(fitted[key], sample)))
    return result


def _precision(
    subjects: Sequence[Subject],
    masks: NDArray[np.bool_],
    trust: NDArray[np.float64],
    alike: float,
) -> float:
    """Average precision of ranking pairs of different groups, each also mirrored, by mask overlap.

    A pair is right where the drawn masks overlap by `alike`.
    """
    truths = np.stack([subject.truth() for subject in subjects])
    groups = np.array([subject.group for subject in subjects])
    first, second = np.nonzero(np.triu(groups[:, None] != groups[None]))
    scores, right = [], []
    trusted = np.minimum(np.minimum(trust[first], trust[second]) / 0.5, 1)
    for flipped in (1, -1):
        ours = mask_iou(_packed(masks), _packed(masks[:, :, ::flipped]))[first, second]
        drawn = mask_iou(_packed(truths), _packed(truths[:, :, ::flipped]))[first, second]
        scores.append(ours * trusted)
        right.append(drawn >= alike)
    order = np.argsort(-np.concatenate(scores), kind="stable")
    hits = np.concatenate(right)[order]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def _packed(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(masks.reshape(len(masks), -1), axis=1)


def _rectangle(subject: Subject) -> NDArray[np.bool_]:
    """GrabCut from a centred rectangle, half the picture wide: the best of five tried."""
    picture = subject.window.pictures[subject.window.centre]
    height, width = picture.shape[:2]
    seeds = np.zeros((height, width), np.uint8)
    box = (width // 4, height // 10, width // 2, height - height // 10)
    cv2.setRNGSeed(1)
    background, inside = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(picture, seeds, box, background, inside, 3, cv2.GC_INIT_WITH_RECT)
    mask = (seeds == cv2.GC_FGD) | (seeds == cv2.GC_PR_FGD)
    return moment.on_canvas(mask, height, width)


def _still(subject: Subject) -> cues.Cues:
    window = subject.window
    one = slice(window.centre, window.centre + 1)
    return cues.found(type(window)(window.pictures[one], window.pts[one], window.time_base, 0))


def _report(name: str, subjects: Sequence[Subject], judged: Sequence[Judged]) -> None:
    overlaps = np.array([each.overlap for each in judged])
    say(f"{name}: mean IoU at 64x36", float(overlaps.mean()), "1")
    say(f"{name}: share of frames with IoU over 0.5", float((overlaps > 0.5).mean()), "1")
    masks = np.stack([each.mask for each in judged])
    for alike in (0.5, 0.6):
        found = _precision(subjects, masks, np.ones(len(judged)), alike)
        say(f"{name}: average precision of pairs, true IoU >= {alike}", found, "1")


def _write(
    subjects: Sequence[Subject],
    seen: Sequence[cues.Cues],
    frozen: Sequence[cues.Cues],
    nobody: Sequence[Subject],
    judged: Sequence[Judged],
) -> None:
    """Fits on all frames and writes the coefficients that the package ships.

    Confidence is fitted to the overlap of held-out masks, and to 0 on frames without a subject.
    """
    truths = [subject.drawn(ROWS, COLUMNS) for subject in subjects]
    found = {
        name: regression.rounded(
            regression.logistic([fuse.features(cue.maps, moves) for cue in each], truths)
        )
        for name, moves, each in (("moving", True, seen), ("still", False, frozen))
    }
    trials = [(each.signs, each.overlap) for each in judged if each.signs]
    for subject in nobody:
        for cue in (cues.found(subject.window), _still(subject)):
            coefficients = found["moving" if cue.moves else "still"]
            coarse = regression.predicted(coefficients, fuse.features(cue.maps, cue.moves))
            signs = _judged(subject, cue, coarse).signs
            if signs:
                trials.append((signs, 0.0))
    found["confidence"] = regression.rounded(
        regression.linear([signs for signs, _ in trials], [goal for _, goal in trials])
    )
    about = {
        "what": "Coefficients of the silhouette of the frame flavor; see fuse.py and moment.py.",
        "made_by": "python -m tests.benchmarks.silhouettes --fit",
        "fitted_on": f"{len(subjects)} hand-drawn masks; see docs/silhouette-card.md",
    }
    _WEIGHTS.write_text(json.dumps(about | found, indent=1) + "\n", encoding="utf-8")
    fuse.weights.cache_clear()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.silhouettes")
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    parser.add_argument("--fit", action="store_true", help="write the coefficients")
    parser.add_argument("--pages", type=Path, help="folder for contact sheets")
    options = parser.parse_args(arguments)
    subjects = annotated(options.assets)
    nobody = without_subject(options.assets)
    say("annotated frames", len(subjects), "frames")

    seen = [cues.found(subject.window) for subject in subjects]
    frozen = [_still(subject) for subject in subjects]
    film = {subject.group: subject.film for subject in subjects}
    films = {group: {each for each in film if film[each] == film[group]} for group in film}
    mixed = np.random.default_rng(1).permutation(sorted(film)).tolist()
    folds = {group: mixed[at % _FOLDS :: _FOLDS] for at, group in enumerate(mixed)}
    held_out = _held_out(subjects, seen, True, films)
    alone = _held_out(subjects, frozen, False, films)
    _report("ours, films held out", subjects, held_out)
    _report("ours, groups held out", subjects, _held_out(subjects, seen, True, folds))
    _report("ours, one frame a moment, films held out", subjects, alone)
    boxes = [_rectangle(subject) for subject in subjects]
    pairs = zip(boxes, subjects, strict=True)
    boxed = [Judged(box, overlap(box, subject.truth()), {}) for box, subject in pairs]
    _report("GrabCut from a centred rectangle", subjects, boxed)

    if options.fit:
        _write(subjects, seen, frozen, nobody, [*held_out, *alone])

    started = time.process_time()
    for subject in subjects:
        moment.silhouette(subject.window)
    say("processor time a moment", (time.process_time() - started) / len(subjects) * 1000, "ms")
    empty = [moment.silhouette(subject.window) for subject in nobody]
    trust = np.array([moment.trusted(each.signs) if each.signs else 0.0 for each in held_out])
    overlaps = np.array([each.overlap for each in held_out])
    say(
        "confidence: correlation with IoU of held-out masks",
        float(np.corrcoef(trust, overlaps)[0, 1]),
        "1",
    )
    say("confidence: share of frames at 0.5 or more", float((trust >= 0.5).mean()), "1")
    say("confidence: their mean IoU", float(overlaps[trust >= 0.5].mean()), "1")
    say("confidence: mean IoU of the others", float(overlaps[trust < 0.5].mean()), "1")
    say(
        "frames without subject under 0.5",
        float(np.mean([each.confidence < 0.5 for each in empty])),
        "1",
    )
    masks = np.stack([each.mask for each in held_out])
    for alike in (0.5, 0.6):
        say(
            f"ours with confidence, films held out: average precision, true IoU >= {alike}",
            _precision(subjects, masks, trust.astype(np.float64), alike),
            "1",
        )
    if options.pages:
        from tests.benchmarks.silhouette_pages import write

        write(options.pages, subjects, held_out, trust)
    return 0


if __name__ == "__main__":
    sys.exit(main())
