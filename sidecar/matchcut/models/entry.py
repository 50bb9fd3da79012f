"""What is known of a pretrained model before any of it is on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class Published:
    """One file of weights as its authors publish it."""

    weights: str | None
    """Its name in torchvision's enumerations, such as `R2Plus1D_18_Weights.KINETICS400_V1`, which
    are the source of the address, the size and the beginning of the digest; None where torchvision
    does not have it."""
    url: str
    """Where it is fetched from; ends in the file's name."""
    size: int | None
    """Bytes; None where only the rounded size is published."""
    mebibytes: float
    """The size in units of 2**20 bytes, rounded to thousandths, for people."""
    sha256: str
    """Hex digest of the file, or the beginning of it where no more is published; at least 8
    digits."""
    licence: str
    """Terms of the weights themselves."""
    trained_on: str
    """The pictures that the weights were learned from, and the terms that these have."""
    paper: str
    """Where the method is described, as authors, year and arXiv number."""


@dataclass(frozen=True, slots=True)
class Model:
    """A network, the weights published for it, and how to feed it."""

    name: str
    """What the user types."""
    label: str
    """What it is good for, in one line."""
    architecture: str
    """Name of the network, for people."""
    build: Callable[[], nn.Module]
    """Makes the network on the CPU with random weights; fetches nothing."""
    published: Published
    preprocessing: str
    """What is done to a picture before it goes in: range, size, mean, deviation."""
    produces: str
    """What comes out: shapes, classes, units."""

    @property
    def file(self) -> str:
        """Name of the published file, which PyTorch's own download keeps as well."""
        return PurePosixPath(urlsplit(self.published.url).path).name

    @property
    def twin(self) -> str:
        """Name of the same weights as safetensors, where someone has converted them."""
        return PurePosixPath(self.file).with_suffix(".safetensors").name
