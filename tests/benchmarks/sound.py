"""Measures whether sounds that were cut in two are joined again, and what hearing costs.

    python -m tests.benchmarks.sound [--assets ../shared/assets]

Every sound, of real films and made ones, is cut so that the end of A and the start of B share
0.5 to 1.8 s. Each side is then recorded by a microphone, and encoded, of its own. Says in how many
pairs the overlap is found to 20 ms, and how well each B is found among all others by A; next to two
plain ways on the same pairs: correlation of the samples, and the cosine of mean spectra, which
finds no lag. One JSON object a line.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchcut.errors import MediaError
from matchcut.flavors.sound import FLAVOR, find_join
from matchcut.media.probe import probe
from matchcut.media.sound import sound_track
from matchcut.types import SOUND_RATE, Rows, Sound, Span, Window
from tests.benchmarks.lines import say
from tests.sounds import KINDS, encoded, in_a_room, recorded, slowed

TWO = 2 * SOUND_RATE
APART = 4 * SOUND_RATE
"""Samples between two cuts of one sound: no two pairs share any."""
MADE = 6
"""Sounds made of each kind."""
LONGEST = Fraction(60)
SHORTEST = round(0.4 * SOUND_RATE)
TREATMENTS = (
    "as it is",
    "other microphone",
    "other microphone, AAC at 32k",
    "10 dB above noise",
    "other room and microphone",
    "other microphone, slower by 0.1 %",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The end of one shot and the start of another, which share sound."""

    kind: str
    tail: Sound
    head: Sound
    overlap: float
    """Seconds shared."""


def films(assets: Path) -> Iterator[tuple[str, Sound]]:
    """The sound of every film with some, of its first minute."""
    seen: set[bytes] = set()
    for path in sorted((assets / "video").rglob("*")):
        if not path.is_file():
            continue
        try:
            source = probe(path)
        except MediaError as error:
            sys.stderr.write(f"{path.name} is left out: {error.sentence}\n")
            continue
        with sound_track(path, source) as track:
            sound = track.read(Span(source.start_pts, *_minute(source.start_pts, source.time_base)))
        sound = np.trim_zeros(sound)
        start = sound[:TWO].tobytes()
        if len(sound) >= TWO and start not in seen:
            seen.add(start)
            yield path.name, sound


def _minute(start: int, time_base: Fraction) -> tuple[int, Fraction]:
    return start + round(LONGEST / time_base), time_base


def cut(kind: str, sound: Sound, draw: np.random.Generator) -> Iterator[Pair]:
    """Cuts a sound where enough of the overlap can be heard."""
    for start in range(TWO, len(sound) - TWO, APART):
        overlap = int(draw.uniform(0.5, 1.8) * SOUND_RATE)
        shared = sound[start : start + overlap]
        if np.sqrt(np.square(shared).mean()) > 0.003:
            tail = sound[start + overlap - TWO : start + overlap]
            yield Pair(kind, tail, sound[start : start + TWO], overlap / SOUND_RATE)


def treated(pair: Pair, treatment: str, number: int) -> Pair:
    """The pair as two machines recorded it."""
    tail, head = pair.tail, pair.head
    if "room" in treatment:
        tail, head = in_a_room(tail, 2 * number), in_a_room(head, 2 * number + 1)
    if treatment != "as it is":
        noise = 10.0 if treatment.startswith("10") else 20.0
        tail = recorded(tail, 2 * number, noise=noise)
        head = recorded(head, 2 * number + 1, noise=noise)
    if "slower" in treatment:  # As film at 24 frames a second is on video at 23.976.
        head = slowed(head, 0.001)
    if treatment.endswith("32k"):
        tail, head = encoded(tail), encoded(head, bit_rate=48_000)
    return Pair(pair.kind, tail, head, pair.overlap)


Found = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(N, N) scores of every tail with every head, and (N,) the overlap found of each true pair."""


def ours(pairs: Sequence[Pair]) -> Found:
    """Scores and overlaps as the flavor gives them."""
    rows = np.concatenate([row(pair.head, pair.tail) for pair in pairs])
    scores = FLAVOR.similarity.pairwise(rows, rows).astype(np.float64)
    joins = [find_join(rows[at : at + 1], rows[at : at + 1]) for at in range(len(rows))]
    return scores, np.array([float(leave + enter) for leave, enter in joins])


def row(head: Sound, tail: Sound) -> Rows:
    """The row of a shot that begins and ends so."""
    picture = np.zeros((1, 2, 2, 3), np.uint8)
    window = Window(picture, np.zeros(1, np.int64), Fraction(1, 24), 0, (head, tail))
    return FLAVOR.representation.compute([window])


def samples(pairs: Sequence[Pair]) -> Found:
    """The plain way: the highest correlation of the samples themselves, at every lag."""
    size = 1 << (2 * TWO - 1).bit_length()
    lengths = np.arange(SHORTEST, TWO + 1)
    heads = np.conj(np.fft.rfft([pair.head for pair in pairs], size, axis=1))
    energy = np.cumsum(np.square([pair.head for pair in pairs], dtype=np.float64), axis=1)
    scores, found = np.zeros((len(pairs), len(pairs))), np.zeros(len(pairs))
    for place, pair in enumerate(pairs):
        own = np.cumsum(np.square(pair.tail[::-1], dtype=np.float64))[lengths - 1]
        tail = np.fft.rfft(pair.tail, size)
        for other in range(len(pairs)):
            products = np.fft.irfft(tail * heads[other], size)[TWO - lengths]
            likeness = products / np.sqrt(own * energy[other, lengths - 1] + 1e-9)
            scores[place, other] = likeness.max()
            if other == place:
                found[place] = lengths[likeness.argmax()] / SOUND_RATE
    return scores, found


def spectra(pairs: Sequence[Pair]) -> Found:
    """The plain way without a lag: the cosine of mean spectra."""

    def mean(sound: Sound) -> NDArray[np.float64]:
        frames = sound[: len(sound) // 512 * 512].reshape(-1, 512)
        spectrum = np.abs(np.fft.rfft(frames, axis=1)).mean(axis=0)
        return np.asarray(spectrum / (np.linalg.norm(spectrum) + 1e-9))

    tails, heads = (np.array([mean(one) for one in side]) for side in _sides(pairs))
    return tails @ heads.T, np.full(len(pairs), np.nan)


def _sides(pairs: Sequence[Pair]) -> tuple[list[Sound], list[Sound]]:
    return [pair.tail for pair in pairs], [pair.head for pair in pairs]


def report(way: str, treatment: str, pairs: Sequence[Pair], found: Found) -> None:
    """Says of each kind how well overlaps and partners were found."""
    scores, overlaps = found
    true = np.diag(scores)
    rank = 1 + (scores > true[:, None]).sum(axis=1)
    error = np.abs(overlaps - [pair.overlap for pair in pairs])
    kinds = np.array([pair.kind for pair in pairs])
    for kind in ("all", *dict.fromkeys(kinds.tolist())):
        here = np.ones(len(pairs), bool) if kind == "all" else kinds == kind
        facts = {"way": way, "treatment": treatment, "kind": kind, "pairs": int(here.sum())}
        if np.isfinite(error).all():
            say("sound_overlap_within_20_ms", float((error[here] <= 0.02).mean()), "share", **facts)
            say("sound_overlap_error", 1000 * float(np.median(error[here])), "ms, median", **facts)
        say("sound_recall_at_1", float((rank[here] == 1).mean()), "share", **facts)
        say("sound_recall_at_5", float((rank[here] <= 5).mean()), "share", **facts)
        say("sound_mean_average_precision", float((1 / rank[here]).mean()), "of 1", **facts)
        if way == "flavor":
            others = scores[here[:, None] & (kinds[:, None] != kinds)]
            say("sound_score_of_partners", float(np.median(true[here])), "median", **facts)
            say("sound_score_of_other_kinds", float(np.quantile(others, 0.9)), "q90", **facts)


def costs(pairs: Sequence[Pair], assets: Path) -> None:
    """Says what a shot, a pair and a minute of film cost."""
    begun = time.process_time()
    rows = np.concatenate([row(pair.head, pair.tail) for pair in pairs])
    say("sound_shot", 1000 * (time.process_time() - begun) / len(pairs), "ms of processor a shot")
    many = np.resize(rows, 2000)
    FLAVOR.similarity.pairwise(many[:10], many[:10])
    for outgoing in (1, 1000):
        begun = time.perf_counter()
        FLAVOR.similarity.pairwise(many[:outgoing], many)
        say("sound_pairs", time.perf_counter() - begun, "s", outgoing=outgoing, incoming=len(many))
    begun = time.perf_counter()
    for at in range(len(rows)):
        find_join(rows[at : at + 1], rows[at : at + 1])
    say("sound_join", 1000 * (time.perf_counter() - begun) / len(rows), "ms a pair")
    for name in ("shots/sintel_trailer_480x204.mp4", "motion/tlrender_train_pan_Dinky.m4v"):
        path = assets / "video" / name
        if path.is_file():
            source = probe(path)
            before, begun = _bytes_read(), time.process_time()
            with sound_track(path, source) as track:
                span = Span(source.start_pts, *_minute(source.start_pts, source.time_base))
                heard = len(np.trim_zeros(track.read(span), "b")) / SOUND_RATE
            spent = time.process_time() - begun
            say("sound_decoding", 60_000 * spent / heard, "ms of processor a minute", film=name)
            if before is not None:
                share = ((_bytes_read() or 0) - before) / path.stat().st_size
                say("sound_bytes_read", share, "of the file's bytes", film=name)


def _bytes_read() -> int | None:
    """What this program has read so far, where the system counts it."""
    counts = Path("/proc/self/io")
    if not counts.is_file():
        return None
    return int(counts.read_text().split()[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Says all results; exit status 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.sound")
    parser.add_argument("--assets", type=Path, default=Path("../shared/assets"))
    options = parser.parse_args(arguments)
    if not options.assets.is_dir():
        sys.stderr.write(f"No real footage in {options.assets}: made sounds alone.\n")
    draw = np.random.default_rng(5)
    sounds = [("film", sound) for _, sound in films(options.assets)]
    for kind, make in KINDS.items():
        sounds += [(kind, make(seed, 9.0)) for seed in range(MADE)]
    pairs = [pair for kind, sound in sounds for pair in cut(kind, sound, draw)]
    for treatment in TREATMENTS:
        heard = [treated(pair, treatment, number) for number, pair in enumerate(pairs)]
        for way, find in (("flavor", ours), ("samples", samples), ("mean spectrum", spectra)):
            report(way, treatment, pairs, find(heard))
    costs(pairs, options.assets)
    return 0


if __name__ == "__main__":
    sys.exit(main())
