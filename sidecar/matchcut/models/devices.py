"""What networks run on: chosen once, said to people, and never made to hold more than fits."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from typing import Literal, TypeVar

from matchcut.errors import DeviceMissing

Result = TypeVar("Result")

OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "ALLOC_FAILED")
"""What PyTorch's plain errors say for it where it does not use a type of its own: on MPS and on the
CPU, and from the libraries of CUDA."""


def device(asked: str = "auto") -> str:
    """The device to compute on, as PyTorch names it; loads torch where there may be a GPU.

    Args:
        asked: `auto`: the one that `MATCHCUT_DEVICE` names, else the first that this machine has
            of `cuda`, `mps`, `cpu`. Any other word insists; one of several GPUs is `cuda:1`.

    Raises:
        DeviceMissing: this machine does not have it.
    """
    if asked == "auto":
        asked = os.environ.get("MATCHCUT_DEVICE") or "auto"
    found = _found()
    if asked == "auto":
        return found[0]
    if asked not in found:
        raise DeviceMissing(asked, found)
    return asked


def has_nvidia_driver() -> bool:
    """Whether asking torch for CUDA is worth the seconds that importing it takes."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def kind(name: str) -> Literal["gpu", "cpu"]:
    """What sort of device bears this name."""
    return "cpu" if name == "cpu" else "gpu"


def described(name: str) -> str:
    """The device for people: `cpu, 8 cores`, `cuda: NVIDIA H200`, `mps: Apple GPU`.

    A GPU of a cluster can be asked for where there is none.
    """
    if name == "cpu":
        cores = os.cpu_count() or 1
        return f"cpu, {cores} core{'' if cores == 1 else 's'}"
    if name == "mps":
        return "mps: Apple GPU"
    import torch

    if not torch.cuda.is_available():
        return f"{name} of other machines"
    return f"{name}: {torch.cuda.get_device_name(name)}"


def in_batches(compute: Callable[[slice], Result], count: int, size: int) -> list[Result]:
    """Computes `count` rows in batches of at most `size`, smaller ones where memory runs out.

    A batch that does not fit is computed again in halves, and those after it are no larger.

    Args:
        compute: The result for the rows of one slice; is called again for the beginning of a slice
            that did not fit. The slices follow each other and cover all rows.
        count: How many rows there are; for 0 nothing is computed.
        size: The largest batch, at least 1.

    Returns:
        What `compute` returned, in the order of the rows.

    Raises:
        torch.OutOfMemoryError: not even one row fits (a RuntimeError on some devices).
    """
    results: list[Result] = []
    start = 0
    while start < count:
        try:
            result = compute(slice(start, min(start + size, count)))
        except RuntimeError as error:
            if min(size, count - start) == 1 or not _is_out_of_memory(error):
                raise
        else:
            results.append(result)
            start += size
            continue
        # Only here, behind the block, does nothing hold the tensors of the failed batch any more.
        size = min(size, count - start) // 2
        _free()
    return results


def _is_out_of_memory(error: RuntimeError) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError) or any(
        words in str(error) for words in OUT_OF_MEMORY
    )


def _free() -> None:
    """Gives back what the allocator of the GPU holds in pieces too small for the next batch."""
    import torch

    torch.cuda.empty_cache()  # Does nothing where CUDA is not in use.
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _found() -> list[str]:
    """Names of all devices, the quickest first."""
    if not has_nvidia_driver() and sys.platform != "darwin":
        return ["cpu"]
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    found = ["cuda"] if gpus else []
    found += [f"cuda:{number}" for number in range(gpus)]
    found += ["mps"] if torch.backends.mps.is_available() else []
    return [*found, "cpu"]
