"""From a file to a network: checked first, then read as tensors alone.

A pickle can run any program when it is opened. Weights are therefore read by PyTorch's
`weights_only` reader, which refuses all but tensors, or as safetensors, and nothing is read
before its digest is seen to be the published one.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matchcut.errors import ModelDamaged, ModelMissing, ModelUnfit
from matchcut.models.entry import Model

if TYPE_CHECKING:
    import torch
    from torch import nn

NAMED = 3
"""So many tensors of each kind are named where weights do not fit."""


def load(model: Model, path: Path, device: str) -> nn.Module:
    """The network with the weights of this file, to be computed with and not to be trained.

    Costs one reading of the file for the digest (about half a second for 200 MB), building the
    network (up to a second), and reading the file again. The program's random numbers go on as if
    nothing had been built.

    Args:
        model: What the file is taken for.
        path: A file as published, or its safetensors twin, beside which `<file>.sha256` must say
            its digest: of a converted file none is published.
        device: As PyTorch names it: `cpu`, `cuda`, `mps`.

    Returns:
        The network on that device, in eval mode, none of its parameters wanting gradients.

    Raises:
        ModelMissing: there is no such file.
        ModelDamaged: it is not the published one, or holds something other than tensors.
        ModelUnfit: it holds the weights of another network.
    """
    import torch

    check(model, path)
    tensors = _tensors(model, path)
    with torch.random.fork_rng(devices=()):
        network = model.build()
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        why = _misfit(network.state_dict(), tensors) or "the network refuses them"
        raise ModelUnfit(model.name, path, why) from error
    return network.to(device).eval().requires_grad_(False)


def check(model: Model, path: Path) -> None:
    """Reads the whole file and compares size and digest with what is published.

    Raises:
        ModelMissing: there is no such file.
        ModelDamaged: it is not the published one, or cannot be read.
    """
    if not path.is_file():
        raise ModelMissing(model.name, path.name, [path.parent])
    why = fault(model, path)
    if why is not None:
        raise ModelDamaged(model.name, path, why)


def fault(model: Model, path: Path) -> str | None:
    """What is wrong with a file of weights, as the end of a sentence; None if it is whole."""
    try:
        if path.name == model.twin:
            return _fault_of_twin(path)
        size, expected = path.stat().st_size, model.published.size
        if expected is not None and size != expected:
            kind = "is cut short" if size < expected else "is too long"
            return f"it {kind}, {size:,} bytes instead of {expected:,}"
        found = digest(path)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if not found.startswith(model.published.sha256):
        return f"its sha256 is {found} and not {model.published.sha256}"
    return None


def digest(path: Path) -> str:
    """Hex sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fault_of_twin(path: Path) -> str | None:
    stated = path.with_name(f"{path.name}.sha256")
    if not stated.is_file():
        return f"no digest is published for safetensors, and there is no {stated.name} beside it"
    # As `sha256sum` writes it: the digest, then the file's name.
    expected = stated.read_text(encoding="utf-8", errors="replace").partition(" ")[0].strip()
    found = digest(path)
    if found != expected.lower():
        return f"its sha256 is {found}, and {stated.name} states another one"
    return None


def _tensors(model: Model, path: Path) -> Mapping[str, torch.Tensor]:
    """The table of tensors that a checked file holds, on the CPU."""
    import torch

    held: object
    if path.name == model.twin:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            held = load_file(path)
        except SafetensorError as error:
            raise ModelDamaged(model.name, path, "it is no safetensors file") from error
    else:
        try:
            held = torch.load(path, map_location="cpu", weights_only=True)
        except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
            why = "it does not hold tensors alone, and nothing else is opened"
            raise ModelDamaged(model.name, path, why) from error
    if not isinstance(held, Mapping) or not all(
        isinstance(tensor, torch.Tensor) for tensor in held.values()
    ):
        raise ModelUnfit(model.name, path, "it holds no table of named tensors")
    return held


def _misfit(wanted: Mapping[str, torch.Tensor], held: Mapping[str, torch.Tensor]) -> str | None:
    """In what two tables of tensors differ, with a few names; None if in nothing."""
    both = [key for key in wanted if key in held]
    kinds = {
        "missing": [key for key in wanted if key not in held],
        "unknown": [key for key in held if key not in wanted],
        "of another shape": [
            f"{key} {tuple(held[key].shape)} instead of {tuple(wanted[key].shape)}"
            for key in both
            if held[key].shape != wanted[key].shape
        ],
    }
    return "; ".join(f"{kind}: {_few(keys)}" for kind, keys in kinds.items() if keys) or None


def _few(keys: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    named = ", ".join(keys[:NAMED])
    return named if len(keys) <= NAMED else f"{named} and {len(keys) - NAMED} more"
