"""Frame matching: silhouettes at the same place in the picture, of people before anything else.

Variants compare other parts of the same rows: `frame/subject` the main subject of any class,
`frame/dog` (or any class of COCO) things of that class.

Source: Chen et al. 2022, "Match Cutting: Finding Cuts with Smooth Visual Transitions",
arXiv:2210.05766 (there with an instance-segmentation network).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from matchcut.flavors._aligned import AlignedIoU
from matchcut.flavors._parts import PEOPLE, SUBJECT, SilhouetteIoU
from matchcut.flavors._soft import SoftSilhouettes
from matchcut.flavors._soft_aligned import AlignedSoftSilhouettes
from matchcut.silhouettes.following import follow
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.silhouettes.pretrained import pretrained
from matchcut.silhouettes.weight_free import WEIGHT_FREE
from matchcut.types import Evidence, Flavor, Picture, Reframe, Reframing, Rows

FOLLOWED = Fraction(6)
"""Seconds of a shot that are looked through for what stands behind its subject."""


@dataclass(frozen=True, slots=True)
class _Reason:
    """Draws both silhouettes of one part over each other."""

    part: str

    def __call__(self, outgoing: Evidence, incoming: Evidence, /) -> Picture:
        from matchcut.flavors._onion import overlaid
        from matchcut.flavors._parts import compared

        leaving, entering = compared(self.part, outgoing.row, incoming.row)
        return overlaid(outgoing.picture, leaving, entering)


@dataclass(frozen=True, slots=True)
class _FindReframing:
    """Brings both silhouettes of one part over each other."""

    part: str

    def __call__(
        self,
        outgoing: Rows,
        incoming: Rows,
        aspects: tuple[float, float],
        fine: tuple[Rows, Rows] | None,
        /,
    ) -> Reframing | None:
        from matchcut.flavors._mask_reframing import find

        return find(self.part, outgoing, incoming, aspects, fine)


def _move(row: Rows, aspect: float, reframing: Reframing, /) -> Rows:
    from matchcut.flavors._mask_reframing import moved

    return moved(row, aspect, reframing)


def _move_soft(rows: Rows, aspect: float, reframing: Reframing, /) -> Rows:
    from matchcut.flavors._outline_reframing import moved_soft

    return moved_soft(rows, aspect, reframing)


def _reframe(part: str) -> Reframe:
    return Reframe(
        SilhouetteIoU(part, AlignedIoU()),
        _FindReframing(part),
        _move,
        AlignedSoftSilhouettes(),
        _move_soft,
    )


_PEOPLE = Flavor(
    name="frame",
    label="Same silhouette, same place in the frame",
    representation=WEIGHT_FREE,
    similarity=SilhouetteIoU(PEOPLE),
    marker_color="CYAN",
    source=(
        "Chen et al. 2022, arXiv:2210.05766; weight-free cues: DIS flow (Kroeger et al. 2016, "
        "arXiv:1603.03590), superpixel contrast (Zhu et al. 2014), boolean maps (Zhang and "
        "Sclaroff 2013), GrabCut (Rother et al. 2004); its network trained by this project"
    ),
    draw_reason=_Reason(PEOPLE),
    follow=follow,
    follow_whole=FOLLOWED,
    finer=SoftSilhouettes(),
    reframe=_reframe(PEOPLE),
    pretrained=pretrained(),
)


def _narrowed(part: str, label: str) -> Flavor:
    return replace(
        _PEOPLE,
        name=f"{_PEOPLE.name}/{part.replace(' ', '-')}",
        label=label,
        similarity=SilhouetteIoU(part),
        draw_reason=_Reason(part),
        reframe=_reframe(part),
        needs_pretrained=part != SUBJECT,
    )


FLAVOR = replace(
    _PEOPLE,
    variants=(
        _narrowed(SUBJECT, "Same silhouette: the main subject, whatever it is"),
        *(_narrowed(thing, f"Same silhouette: {thing}") for thing in LABELS[PERSON + 1 :]),
    ),
)
