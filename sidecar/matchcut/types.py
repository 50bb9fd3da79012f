"""The words every other part speaks: time, sources, shots, windows of frames, flavors, candidates.

Time is integer pts with an exact time base; spans are half-open and never empty. Seconds and frame
numbers are derived. Nothing here decodes, computes or stores.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8, RGB, full range, rotation applied, square pixels, SDR, no black bars."""

PICTURE_VERSION = 2
"""Of how frames are normalised; raised by whatever changes a pixel of a `Picture`."""

Rows: TypeAlias = NDArray[Any]
"""(N, ...) one row a moment, of the dtype and row shape that the representation's spec states."""

SOUND_RATE = 16_000
"""Samples a second of the sound that representations hear."""

Sound: TypeAlias = NDArray[np.float32]
"""(samples,) float32, -1 to 1, mono, `SOUND_RATE` a second."""

MOMENT = np.dtype([("shot", "<i4"), ("frame", "<i8"), ("pts", "<i8")])
"""What one row stands for: the number of its shot in its source, and a frame of it with its pts."""


@dataclass(frozen=True, slots=True)
class MediaTime:
    """An instant of a source, exact at any rate."""

    pts: int
    """Presentation time in units of `time_base`."""
    time_base: Fraction
    """Seconds a unit."""

    @property
    def seconds(self) -> Fraction:
        """The instant in seconds of the source's clock, exact."""
        return self.pts * self.time_base


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source, half-open `[start, end)`, never empty."""

    start: int
    """First pts inside."""
    end: int
    """First pts after it."""
    time_base: Fraction
    """Seconds a unit."""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a span is never empty, but [{self.start}, {self.end}) is")

    @property
    def seconds(self) -> Fraction:
        """The duration in seconds, exact."""
        return (self.end - self.start) * self.time_base

    def at(self, share: Fraction) -> int:
        """The last pts at or before `share` (0 to 1) of the span, always inside it."""
        return min(self.start + int((self.end - self.start) * share), self.end - 1)

    def clamp(self, pts: int) -> int:
        """The pts inside the span that is nearest to `pts`."""
        return min(max(pts, self.start), self.end - 1)

    def offset(self, seconds: Fraction) -> int:
        """`seconds` in units of the span's time base, rounded half away from zero."""
        units = seconds / self.time_base
        whole = int(abs(units) + Fraction(1, 2))
        return whole if units >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Source:
    """One media file, known by its content. Where it lies is no part of it: paths can be many."""

    digest: str
    """Hex digest of the file's bytes."""
    width: int
    """Coded width of the chosen video stream, before rotation and pixel aspect."""
    height: int
    """Coded height of the chosen video stream."""
    rate: Fraction
    """Nominal frames a second, exact (24000/1001, not 23.976)."""
    time_base: Fraction
    """Seconds a pts unit of the chosen video stream."""
    start_pts: int
    """Presentation time at which the stream begins; 0 where the container does not say."""
    duration_pts: int | None
    """Duration the container promises, or None. The frames decoded are the truth."""
    start_timecode: str | None
    """Timecode of the first frame as the container writes it, `;` before FF for drop-frame."""
    rotation: Literal[0, 90, 180, 270]
    """Degrees clockwise to turn the decoded picture, mirrored where it says so, to be shown."""
    pixel_aspect: Fraction
    """Width of a pixel over its height."""
    transfer: Literal["sdr", "pq", "hlg"]
    """Transfer function of the picture."""
    codec: str
    """Name of the video codec, for people."""
    stream_index: int
    """Index of the chosen video stream in the container."""
    video_streams: int
    """How many video streams the container holds (attached pictures not counted)."""
    audio_streams: int
    """How many audio streams the container holds."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A decoded frame with its exact place in the source."""

    index: int
    """0-based count in the order the frames are shown."""
    pts: int
    """Presentation time in the source's time base, strictly increasing with `index`."""
    picture: Picture
    """The normalised picture, of one size throughout a source."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The frames between two cuts. No pixels, no vectors; its id is the same on every machine."""

    source: str
    """Digest of the source."""
    index: int
    """0-based place in the source."""
    start_frame: int
    """First frame (0-based, in the order shown)."""
    end_frame: int
    """First frame after it: half-open."""
    span: Span
    """The same stretch in pts; its end is the next shot's start, or the end of the last frame."""
    detector: str
    """Identity of what found it: its name and version."""
    clean_start_frame: int
    """First frame that shows this shot alone: after the transition into it."""
    clean_end_frame: int
    """First frame that shows it alone no more: half-open, at least one frame is clean."""
    clean: Span
    """The clean frames in pts: what representations are computed from, and where cut points lie."""

    @property
    def id(self) -> str:
        """Digest of source, span and detector."""
        text = f"{self.source}|{self.span.start}|{self.span.end}|{self.detector}"
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """Where one shot gives way to the next: at once, or over the frames `[start, end)`."""

    start: int
    """First frame that shows the old shot alone no more."""
    cut: int
    """First frame of the new shot, which divides the two; `start` <= `cut` <= `end`."""
    end: int
    """First frame that shows the new shot alone; equal to `start` at a hard cut."""

    def __post_init__(self) -> None:
        if not self.start <= self.cut <= self.end:
            raise ValueError(f"a transition {self.start}, {self.cut}, {self.end} is out of order")


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What a detector has decided so far about one film."""

    until: int
    """Every transition whose cut lies before this frame is known."""
    transitions: tuple[Transition, ...]
    """Those decided since the last answer, by increasing cut, each cut < `until`. No two overlap,
    and the frames of none lie outside of the film."""


class Reading(Protocol):
    """One film being read by a detector, frame after frame."""

    def push(self, picture: Picture, /) -> Boundaries:
        """Takes the next frame and says what is decided now."""
        ...

    def finish(self) -> Boundaries:
        """Decides all that is left; `until` is the number of frames pushed."""
        ...


class Detector(Protocol):
    """Finds where one shot gives way to the next. A new one is one new file in `shots/`."""

    name: str
    """What the user types."""
    label: str
    """One line for help texts."""
    identity: str
    """Name and version, which whatever changes its result raises; safe as a file name."""

    def begin(self) -> Reading:
        """Starts reading a film; readings do not share state."""
        ...


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """The frames a representation wants for one row: those nearest to `instants`."""

    moment: int
    """The pts that the row stands for."""
    instants: tuple[int, ...]
    """Wanted pts inside the shot's span, in increasing order; `moment` is among them."""
    sounds: tuple[Span, ...] = ()
    """Stretches of the shot whose sound is wanted, in increasing order of their start."""


@dataclass(frozen=True, slots=True)
class Window:
    """Frames of one shot around one moment, oldest first. What a representation computes from."""

    pictures: NDArray[np.uint8]
    """(T, H, W, 3) uint8, as `Picture`; T is at least 1 and at most the instants asked for."""
    pts: NDArray[np.int64]
    """(T,) strictly increasing, in units of `time_base`."""
    time_base: Fraction
    """Seconds a pts unit."""
    centre: int
    """Index along T of the frame nearest to the moment."""
    sounds: tuple[Sound, ...] = ()
    """The sound of each stretch asked for, with silence where there is none; of length 0 where the
    source has no sound in all of the stretch."""

    @property
    def seconds(self) -> NDArray[np.float64]:
        """(T,) seconds from the centre frame; negative before it."""
        from_centre = self.pts - self.pts[self.centre]
        return np.asarray(from_centre * float(self.time_base), np.float64)


WEIGHT_FREE = "weight-free"
"""Provider of representations that need no pretrained weights."""


@dataclass(frozen=True, slots=True)
class RepresentationSpec:
    """What identifies a representation and the shape of what it makes.

    Whatever changes a value is in here; device, batch size and threads are not.
    """

    name: str
    version: int
    dtype: np.dtype[Any]
    """Of one row; a structured dtype where a row has several fields."""
    shape: tuple[int, ...]
    """Of one row; () for a structured row."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Parameters that change the result, as text, in a fixed order."""
    weights: str | None = None
    """Digest of learned weights, where there are any."""

    @property
    def provider(self) -> str:
        """What computes it: the name of a pretrained model, or `weight-free`."""
        return dict(self.parameters).get("model", WEIGHT_FREE)

    @property
    def identity(self) -> str:
        """`name-vN-` and a digest of all that changes a value; safe as a file name."""
        facts = (
            PICTURE_VERSION,
            self.name,
            self.version,
            self.dtype.descr,
            self.shape,
            self.parameters,
        )
        text = f"{facts}|{self.weights}"
        digest = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        return f"{self.name}-v{self.version}-{digest}"


class Representation(Protocol):
    """Turns windows of frames into rows to compare. Pure: row i depends on window i alone."""

    @property
    def spec(self) -> RepresentationSpec: ...

    def moments(self, span: Span) -> Sequence[int]:
        """The instants of a shot for which there are rows: pts inside its span, increasing.

        At least one. See `matchcut.moments` for those that most flavors share.
        """
        ...

    def window(self, span: Span, moment: int) -> WindowRequest:
        """The frames wanted for the row of any instant of a shot."""
        ...

    def compute(self, windows: Sequence[Window], /) -> Rows:
        """One row a window. Never NaN. The batch's size never changes a value."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MomentRows:
    """The rows of all shots of one source, in their order, and what each stands for."""

    rows: Rows
    """(R, ...) at least one a shot."""
    moments: Rows
    """(R,) of `MOMENT`, by increasing shot, then frame."""


class Pretrained(Protocol):
    """A better way to compute a representation: with weights that someone has trained.

    Its rows have the dtype and shape, and stand for the same moments, as those of the weight-free
    representation it takes the place of. Rows of different identity are never compared.
    """

    @property
    def name(self) -> str:
        """Name of the model, as in `matchcut models list`."""
        ...

    @property
    def label(self) -> str:
        """What it is good for, in one line."""
        ...

    @property
    def suits(self) -> Literal["gpu", "cpu"]:
        """The slowest kind of device on which it is quick enough to be chosen unasked."""
        ...

    def representation(self, weights: Path, device: str, /) -> Representation:
        """The representation with the weights in this file; they are read when first computed.

        `device` is as PyTorch names it: `cpu`, `cuda`, `mps`. It is no part of the identity.
        """
        ...


class Similarity(Protocol):
    """How alike two rows are; higher is more alike, and 0 or less is no match at all."""

    @property
    def name(self) -> str: ...

    @property
    def symmetric(self) -> bool: ...

    @property
    def lowest(self) -> float: ...

    @property
    def highest(self) -> float: ...

    @property
    def fluke(self) -> float:
        """By how much the best of e times as many comparisons of unrelated rows scores higher.

        Above 0; the scale of an exponential tail. Measured by `tests.benchmarks.moments`.
        """
        ...

    def pairwise(self, a: Rows, b: Rows, /) -> NDArray[np.float32]:
        """(N, M) similarity of every row of `a` (outgoing) to every row of `b` (incoming)."""
        ...


RowNumbers: TypeAlias = NDArray[np.int64]
"""(N,) numbers of rows among all that are compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Bits:
    """Rows as bits, which tell quickly that most pairs score little.

    A pair scores at most the overlap (intersection over union) of the first one's `words` with the
    second one's `others`, times the lesser worth.
    """

    words: NDArray[np.uint64]
    """(R, W)."""
    others: NDArray[np.uint64]
    """(R, W) with as many bits set in each; often the same."""
    areas: NDArray[np.float32]
    """(R,) bits set in each."""
    kind: NDArray[np.int8]
    """(R,) rows of different kinds score 0."""
    worth: NDArray[np.float32]
    """(R,) 0 to 1; a row of no worth scores 0 with every one."""


class Prepared(Protocol):
    """All rows that are compared, made ready once, so that asking again is quick."""

    def __len__(self) -> int: ...

    @property
    def bits(self) -> tuple[Bits, ...]:
        """Ways to score: a pair scores what it does by one of them, so no more than the most.

        Empty where products tell it, or bounds: then they are `Products`, or `Bounded`.
        """
        ...

    def pairwise(self, one: RowNumbers, other: RowNumbers, /) -> NDArray[np.float32]:
        """(N, M) as `Similarity.pairwise` of these rows."""
        ...

    def along(self, one: RowNumbers, other: RowNumbers, /) -> NDArray[np.float32]:
        """(N,) the scores of each row of `one` with that of `other` beside it."""
        ...


@runtime_checkable
class Products(Protocol):
    """Prepared rows of which a pair scores the product of its vectors."""

    @property
    def vectors(self) -> NDArray[np.float32]:
        """(R, D)."""
        ...

    @property
    def error(self) -> float:
        """By how much a product may be less than the score."""
        ...


@runtime_checkable
class Bounded(Protocol):
    """Prepared rows of which it is quickly told what a pair scores at most."""

    @property
    def cost(self) -> float:
        """About how many nanoseconds that takes of a pair that may matter.

        Of a blend, what takes least is told first.
        """
        ...

    def most(
        self, one: RowNumbers, other: RowNumbers, wanted: NDArray[np.float32], /
    ) -> NDArray[np.float32]:
        """(N, M) what each of some rows scores with each of some others at most.

        Args:
            one: (N,) rows; those that are left, where the similarity has a direction.
            other: (M,) rows; those that are entered.
            wanted: (N, M) what each pair must score to matter: of one that falls short of it,
                nothing more needs to be told than that it does.
        """
        ...


@runtime_checkable
class Preparing(Protocol):
    """A similarity that can make many rows ready once.

    Of one that is not symmetric, the first of two rows is left and the second is entered.
    """

    def prepared(self, parts: Iterable[Rows], /) -> Prepared:
        """All rows of some arrays, in their order; each array is let go once it is read."""
        ...


LARGEST_SCALE = 1.4
"""How far a reframing may push in."""
LARGEST_ROTATION = 5.0
"""Degrees by which a reframing may turn a picture, either way."""


@dataclass(frozen=True, slots=True)
class Reframing:
    """How one side's picture is moved on the screen so that the match is better.

    In this order: the picture is flopped, scaled and rotated about its own middle, then shifted. It
    always covers the place on the screen that it covered before.
    """

    side: Literal["outgoing", "incoming"]
    """Whose picture is moved."""
    scale: float
    """1 to `LARGEST_SCALE`."""
    rotation: float
    """Degrees clockwise, within `LARGEST_ROTATION` either way."""
    right: float
    """Shift to the right, in widths of the 16:9 screen."""
    down: float
    """Shift downwards, in widths of the 16:9 screen."""
    flop: bool
    """Whether left and right are swapped."""
    before: float
    """The flavor's score of the two frames at the cut as they are."""
    after: float
    """The same once the picture is moved; above `before`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a candidate, as a flavor draws its reason from it."""

    picture: Picture
    """The picture at the cut; moved, where a reframing says so."""
    row: Rows
    """(1, ...) the row of the frame at the cut; moved as the picture is."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a candidate looks like at its cut, and why it is one."""

    outgoing: Picture
    """The last frame of A, moved where a reframing says so."""
    incoming: Picture
    """The first frame of B, moved where a reframing says so."""
    drawn: tuple[tuple[str, Picture], ...]
    """By flavor, in the order of the blend: why the two match. Of the size of `outgoing`."""


class DrawReason(Protocol):
    def __call__(self, outgoing: Evidence, incoming: Evidence, /) -> Picture:
        """A picture of why the two match, of the size of the outgoing picture."""
        ...


class FindJoin(Protocol):
    def __call__(self, outgoing: Rows, incoming: Rows, /) -> tuple[Fraction, Fraction]:
        """Where two shots join best, given the (1,) row of each.

        Returns:
            Seconds before the end of the outgoing shot at which to leave it, and seconds after the
            start of the incoming one at which to enter it; of their clean frames, none negative.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What is known of every frame of a stretch, given the rows of some."""

    rows: Rows
    """(T,) one a frame; those that were given, unchanged."""
    fine: Rows | None = None
    """(T, ...) what `Flavor.finer` compares of each frame; None where nothing finer is known."""


class FollowRows(Protocol):
    def __call__(
        self,
        rows: Rows,
        pictures: NDArray[np.uint8],
        at: Sequence[int],
        seconds: NDArray[np.float64],
        /,
    ) -> Followed:
        """The rows of all frames of a stretch, given those of some: quicker than computing each.

        Args:
            rows: (K,) the rows of the frames `at`; K is at least 1.
            pictures: (T, H, W, 3) every frame of the stretch, of one shot, as `Picture`.
            at: Which of them the rows belong to, increasing.
            seconds: (T,) when each is shown, strictly increasing.
        """
        ...


class MoveRow(Protocol):
    def __call__(self, row: Rows, aspect: float, reframing: Reframing, /) -> Rows:
        """The (1,) row as it would be, were its picture (of this width over height) reframed."""
        ...


class FindReframing(Protocol):
    def __call__(
        self,
        outgoing: Rows,
        incoming: Rows,
        aspects: tuple[float, float],
        fine: tuple[Rows, Rows] | None,
        /,
    ) -> Reframing | None:
        """The reframing of either side that makes two (1,) rows most alike; None if none does.

        Args:
            outgoing: The row of the frame that is left.
            incoming: That of the frame that is entered.
            aspects: Width over height of the outgoing picture and of the incoming one.
            fine: (1, ...) what is known finer of both, as `Followed.fine`; None where nothing is.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reframe:
    """What a flavor needs so that its matches can be reframed."""

    similarity: Similarity
    """That of two rows when either may be reframed: what can roughly be had, less a penalty, so
    that at equal scores a match without reframing is preferred. Never less than the plain one."""
    find: FindReframing
    move: MoveRow
    finer: Similarity | None = None
    """As `Flavor.finer`, when either frame may be reframed."""
    move_finer: MoveRow | None = None
    """As `move`, of what `finer` compares: of (N, ...)."""


@dataclass(frozen=True, slots=True)
class Flavor:
    """One way in which two shots can match: what is compared, how, and where the cut lies."""

    name: str
    """What the user types."""
    label: str
    """One line for the editor's menu."""
    representation: Representation
    """The one that needs no weights: it can be computed everywhere."""
    similarity: Similarity
    """Of an outgoing row to an incoming one. Unless `find_join` is given, each pair of moments of
    two shots is compared, and the cut joins the two that are most alike."""
    marker_color: str
    """Name of an OTIO marker colour, unlike the other flavors'."""
    source: str
    """Paper or document the method comes from, and its licence where it has one."""
    draw_reason: DrawReason
    find_join: FindJoin | None = None
    """Says where the cut lies, where the row of a shot is one whatever its moments."""
    follow: FollowRows | None = None
    """How rows of neighbouring frames follow from some; None: each is computed by itself."""
    follow_context: Fraction = Fraction(0)
    """Seconds that `follow` must see on either side of the frames whose rows are wanted."""
    follow_whole: Fraction = Fraction(0)
    """Seconds up to which `follow` is best given all of a shot."""
    finer: Similarity | None = None
    """Of what `follow` tells finer than rows do: says at which frames two shots are most alike, on
    about the scale of `similarity`."""
    reframe: Reframe | None = None
    """None where moving the picture makes no sense."""
    pretrained: tuple[Pretrained, ...] = ()
    """Better ways to compute the representation, best first."""
    needs_pretrained: bool = False
    """True where the weight-free rows never hold what is compared, so that nothing matches."""
    variants: tuple[Flavor, ...] = ()
    """Narrower forms of it, named `flavor/variant`: the same rows, compared otherwise."""


@dataclass(frozen=True, slots=True)
class Side:
    """One shot of a candidate and the frame at which it meets the other."""

    source: Path
    """Where the media lies on this machine."""
    digest: str
    """Identity of the source."""
    shot: int
    """Index of the shot in its source."""
    start_frame: int
    end_frame: int
    """The shot, half-open, in frames of the source."""
    cut_frame: int
    """The frame that meets the other shot: the last one shown of the outgoing shot, the first of
    the incoming one."""
    cut_time: MediaTime
    """The presentation time of `cut_frame`."""
    timecode: str
    """Source timecode of `cut_frame`."""
    rate: Fraction
    """Nominal rate of the source."""
    start_timecode_frame: int
    """Frame number of the source's first frame in its own timecode (0 where it has none)."""
    source_frames: int
    """How many frames the source has."""
    clean_start_frame: int
    """First frame that shows the shot alone: after the transition into it."""
    clean_end_frame: int
    """First frame that shows it alone no more: half-open."""
    size: tuple[int, int]
    """Width and height of the source's picture as it is shown: upright, with square pixels."""
    span: Span
    """The shot in pts."""
    clean: Span
    """Its clean frames in pts."""
    source_span: Span
    """The whole source in pts: with `rate`, the frames that timelines count at a variable rate."""
    repeats: tuple[str, ...] = ()
    """Other shots of the same duplicate group, as `file name #index`."""

    @property
    def handle_before(self) -> int:
        """Clean frames of the shot before the cut frame."""
        return self.cut_frame - self.clean_start_frame

    @property
    def handle_after(self) -> int:
        """Clean frames of the shot after the cut frame."""
        return self.clean_end_frame - 1 - self.cut_frame


@dataclass(frozen=True, slots=True)
class PartScore:
    """What one flavor of a blend says of a candidate."""

    flavor: str
    weight: float
    score: float
    """By itself; range as the flavor's similarity states."""
    rarity: float
    """How rare such a score is in this library: 3 where one of 1,000 random pairs has it."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
"""The unit in which is told when something was said."""

Judgement: TypeAlias = Literal["keep", "reject", "clear"]
"""What an editor says of a candidate; `clear` takes back what was said before."""


@dataclass(frozen=True, slots=True)
class JudgedShot:
    """One side of a pair that an editor judged, known by content: wherever the file lies now."""

    digest: str
    """Of the source."""
    span: Span
    """The shot as it was then; another detector may cut otherwise."""
    cut_frame: int
    """The frame that met the other shot."""
    cut_pts: int
    """Its presentation time, in units of the span's time base."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor said of a pair of shots, A cut to B, as it was shown. Never changed."""

    judgement: Judgement
    outgoing: JudgedShot
    incoming: JudgedShot
    flavor: str
    """The flavor or blend that was asked for."""
    score: float | None
    """What it scored, as `Candidate.score`; None where no search had found the pair."""
    at_cut: float | None
    """As `Candidate.at_cut`; None as `score`."""
    reframing: Reframing | None
    """How the picture of one side was moved."""
    scorer: str
    """As `Candidate.scorer`."""
    why: str
    """A word or a few, on one line; empty where nothing was said."""
    when: datetime
    """When it was said: aware, to the microsecond. The newest on a pair counts."""

    @property
    def id(self) -> str:
        """Digest of what was said, of which frames, and when: the same on every machine."""
        moved = self.reframing
        facts = (
            self.judgement,
            self.said_us,
            *((one.digest, one.span.start, one.span.end, one.cut_frame) for one in self.sides),
            (self.flavor, self.score, self.at_cut, self.scorer, self.why),
            moved
            and (moved.side, moved.scale, moved.rotation, moved.right, moved.down, moved.flop),
        )
        return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()

    @property
    def said_us(self) -> int:
        """When, in microseconds since 1970, UTC."""
        return (self.when - EPOCH) // MICROSECOND

    @property
    def sides(self) -> tuple[JudgedShot, JudgedShot]:
        """Outgoing, incoming."""
        return self.outgoing, self.incoming


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair of shots worth cutting together, and the frames to do it at."""

    rank: int
    """1 for the best."""
    score: float
    """What it is ranked by: higher is better; range as the flavor's similarity states. Of all
    moments compared, corrected for their number. Of a blend, the weighted mean rarity of its parts,
    from 0 up."""
    flavor: str
    """A flavor, or a blend such as `frame,camera:0.5`."""
    at_cut: float
    """The score of the two frames at the cut alone, reframed where it says so; of a blend, their
    weighted mean rarity."""
    exact: bool
    """True where every allowed pair was compared; approximate search says False."""
    outgoing: Side
    incoming: Side
    parts: tuple[PartScore, ...] = ()
    """Of a blend, what each flavor says of the frames at the cut; empty for a flavor alone."""
    refined: bool = False
    """True once the frames around the compared moments were searched for the best cut."""
    reframing: Reframing | None = None
    """How to move the picture of one side for a better match; only once it is refined."""
    verdict: Literal["keep", "reject"] | None = None
    """What the editor has said of the pair, if anything."""
    scorer: str = ""
    """What ranks it, instead of `score`: the name of a scorer that was learned; empty for none."""


@dataclass(frozen=True, slots=True)
class MatchSet:
    """The answer to find and scan: candidates, best first, and what was compared."""

    candidates: tuple[Candidate, ...]
    flavor: str
    pairs_compared: int
    """Allowed pairs that were scored."""
    notes: tuple[str, ...] = ()
    """Sentences the user should read: sources left out, media offline."""


@dataclass(frozen=True, slots=True)
class Refined:
    """A candidate after refinement."""

    candidate: Candidate
    """As it was given where it could not be refined."""
    note: str = ""
    """Why it could not be, as a sentence; else empty."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture of a frame: upright, with square pixels and without black bars."""

    jpeg: bytes
    """A JPEG file."""
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that an editing application imports."""

    name: str
    """The file's, with its suffix."""
    content: bytes
    carrier: str
    """Name of the carrier that made it."""
    label: str
    """What it is for, in one line."""
    how: str
    """How to bring it into the application, in a sentence."""


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A marker of one candidate on the timeline that was asked about."""

    id: str
    """The same each time for the same pair of frames and flavor."""
    rank: int
    """The candidate's."""
    frame: int
    """Where, counted from the timeline's first frame. Several may share a frame."""
    timecode: str
    """The same as record timecode."""
    name: str
    """What to call it: `#1 0.873 frame`."""
    comment: str
    """Where the cut leads, as sentences."""
    color: str
    """Name of an OTIO marker colour."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was found as files for one editing application."""

    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...] = ()
    """Sentences on files that were left out."""
    marks: tuple[TimelineMark, ...] = ()
    """Where the timeline shows the cuts, in its order; none without a timeline."""


@dataclass(frozen=True, slots=True)
class MediaQuery:
    """Which shot to find matches for: a file and an instant in it."""

    media: Path
    at: str
    """Source timecode (HH:MM:SS:FF), or a frame number written as digits alone."""


@dataclass(frozen=True, slots=True)
class PathMap:
    """A folder as timelines name it, and where it lies on this machine."""

    old: str
    """An absolute path or address, also of Windows: `/Volumes/SAN`, `D:\\media`."""
    new: Path


@dataclass(frozen=True, slots=True)
class TimelineQuery:
    """Which shot to find matches for: a timeline, and a clip of it or an instant on it."""

    timeline: str
    """The timeline as OTIO JSON."""
    base: Path
    """Folder that relative media paths start from."""
    name: str
    """What to call the timeline in messages: its file name, or the host's name for it."""
    clip: str | None = None
    """Name of a video clip; the first of that name is taken."""
    at: str | None = None
    """Record timecode; the topmost visible video clip there. With neither, the first clip."""
    maps: tuple[PathMap, ...] = ()
    """Folders of the editor's machine that lie elsewhere on this one."""


Query: TypeAlias = MediaQuery | TimelineQuery


@dataclass(frozen=True, slots=True)
class CutList:
    """Where a film cuts as its editor says: a shot list or a timeline instead of detection."""

    media: Path
    """The film that it speaks of."""
    text: str
    """The document as it was read."""
    base: Path
    """Folder that relative media paths in it start from."""
    name: str
    """Its file name; the suffix says what it is: a shot list (`.json`), an EDL (`.edl`), or else a
    timeline as OTIO JSON."""
    maps: tuple[PathMap, ...] = ()
    """Folders of the editor's machine that lie elsewhere on this one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come."""

    stage: str
    """What is being done, as people say it: `reading`, `grouping repeats`."""
    item: str
    """What it is done to: a file name."""
    done: int
    total: int | None
    """None where the end is not known."""
    unit: str
    """What is counted: `frames`, `files`."""


class Monitor(Protocol):
    """Who watches long work, and may stop it."""

    def report(self, progress: Progress, /) -> None:
        """Called often, from the thread that works; must return quickly."""
        ...

    def cancelled(self) -> bool:
        """True once the work should stop; it does so at the next safe point."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be indexed, and why; the others went on."""

    path: Path
    reason: str
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of indexing did."""

    added: tuple[Path, ...] = ()
    """Files analysed in this run."""
    known: tuple[Path, ...] = ()
    """Files whose analysis was stored already."""
    refused: tuple[Refusal, ...] = ()
    shots: int = 0
    """Shots in the library afterwards."""
    groups: int = 0
    """Duplicate groups of two or more shots in the library afterwards."""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source as the library lists it."""

    source: Source
    paths: tuple[Path, ...]
    frames: int
    shots: int


@dataclass(frozen=True, slots=True)
class FlavorCard:
    """What a menu shows of a flavor."""

    name: str
    label: str
    directed: bool
    """True where A to B may score otherwise than B to A."""
    lowest: float
    highest: float
    marker_color: str
    source: str
    variants: tuple[str, ...] = ()
    """Names of its narrower forms, such as `frame/subject`."""


class Matching(Protocol):
    """What matchcut can do with one library: the same calls in process and through the sidecar."""

    def index(
        self,
        paths: Sequence[Path],
        /,
        *,
        detector: str | None,
        cut_lists: Sequence[CutList],
        profile: str,
        proxies: bool,
        monitor: Monitor,
    ) -> IndexReport:
        """Analyses what is not yet stored; files that cannot be read are refused one by one.

        `detector` None: the default one, and shots that a cut list gave stay in use. A film that
        `cut_lists` names takes its shots from there. `profile`: `auto` takes pretrained weights
        where there are some, `pretrained` and `classical` insist, a model's name asks for it.
        `proxies`: whether small copies of the films are kept, from which refinement reads.
        """
        ...

    def find(
        self,
        query: Query,
        /,
        *,
        flavor: str,
        top: int,
        min_gap: Fraction,
        min_handle: int,
        reframe: bool,
        exact: bool = False,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """The best `top` shots to cut to from the queried shot, not refined yet.

        `flavor`: the name of one, or a blend such as `frame,camera:0.5`. `min_gap`: seconds, see
        `scan`. `min_handle`: frames that A must have been on screen, the last one counted, and
        that B must stay. `reframe`: whether pairs that match once reframed are found as well.
        `exact`: whether all shots are compared, even where an index finds nearly all that matter.
        `rejected`: whether pairs that the editor rejected are shown as well. `scorer`: what orders
        the best ones instead of their score, a model that `matchcut train use` keeps by its name,
        or in process by its folder; None: what verdicts have taught, if that is used.
        """
        ...

    def scan(
        self,
        *,
        flavor: str,
        top: int,
        per_shot: int | None,
        across: bool,
        min_gap: Fraction,
        min_handle: int,
        reframe: bool,
        rejected: bool = False,
        scorer: str | Path | None = None,
    ) -> MatchSet:
        """The best `top` pairs of the library, with at most `per_shot` pairs a shot.

        `across` allows only pairs of different sources; two shots of one source must lie at least
        `min_gap` seconds apart. The rest as for `find`.
        """
        ...

    def refine(
        self, candidates: Sequence[Candidate], /, *, min_handle: int, reframe: bool
    ) -> Iterator[Refined]:
        """Each candidate with its best cut near the one it has, in the order given.

        They come as they are done. The search is by single frames; what it finds is never worse
        than what was given, and the same on every run.
        """
        ...

    def flavors(self) -> tuple[FlavorCard, ...]: ...

    def sources(self) -> tuple[SourceCard, ...]: ...

    def export(
        self, found: MatchSet, /, *, host: str, name: str, timeline: TimelineQuery | None
    ) -> Exported:
        """The files by which an editing application takes over what was found.

        `host`: the application's name. `name`: what files, and timelines in them, are called.
        `timeline`: what was asked about, to put markers on it.
        """
        ...

    def thumbnail(self, digest: str, frame: int, /, *, max_side: int) -> Thumbnail:
        """The frame `frame` (0-based, in the order shown) of a source, small.

        `max_side`: pixels that the longer side measures at most; it may be less.
        """
        ...

    def record_verdict(
        self, candidate: Candidate, judgement: Judgement, /, *, why: str = ""
    ) -> Verdict:
        """Keeps what an editor says of a candidate; it is on the disk once this returns.

        Nothing said earlier is changed: the newest verdict on a pair counts, and `clear` takes the
        one before back. `why`: a word or a few, for people.
        """
        ...

    def verdicts(self, *, history: bool = False) -> tuple[Verdict, ...]:
        """Those that count, in the order in which they were said.

        `history`: all that were ever recorded, also those that were taken back or changed.
        """
        ...
