"""The device is the one asked for, and what does not fit is computed in smaller batches."""

from __future__ import annotations

import os
import subprocess
import sys
import weakref

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from matchcut.errors import DeviceMissing
from matchcut.models import devices


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine that may have a GPU but has none, and no settings."""
    monkeypatch.setattr(devices, "has_nvidia_driver", lambda: True)
    monkeypatch.delenv("MATCHCUT_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    return monkeypatch


def _add_cards(machine: pytest.MonkeyPatch, count: int) -> None:
    machine.setattr(torch.cuda, "is_available", lambda: True)
    machine.setattr(torch.cuda, "device_count", lambda: count)
    machine.setattr(torch.cuda, "get_device_name", lambda name: f"Card of {name}")


def test_a_machine_without_a_gpu_computes_on_its_processor(machine: pytest.MonkeyPatch) -> None:
    assert devices.device() == "cpu"
    assert devices.kind("cpu") == "cpu"


def test_a_machine_that_cannot_have_a_gpu_does_not_wait_for_torch() -> None:
    """Every `matchcut index` asks for the device; importing torch takes seconds."""
    ask = (
        "import sys; from matchcut.models import devices; sys.platform = 'linux'; "
        "devices.has_nvidia_driver = lambda: False; "
        "print(devices.device(), 'torch' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["cpu", "False"]


def test_a_gpu_is_taken_unasked(machine: pytest.MonkeyPatch) -> None:
    machine.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.device() == "mps"
    _add_cards(machine, 1)
    assert devices.device() == "cuda"
    assert [devices.kind(name) for name in ("cuda", "cuda:1", "mps")] == ["gpu"] * 3


def test_the_variable_names_one_and_the_caller_names_another(machine: pytest.MonkeyPatch) -> None:
    _add_cards(machine, 2)
    machine.setenv("MATCHCUT_DEVICE", "cpu")
    assert devices.device() == "cpu"
    assert devices.device("cuda:1") == "cuda:1"
    machine.setenv("MATCHCUT_DEVICE", "auto")
    assert devices.device() == "cuda"


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps", "tpu", "CPU"])
def test_a_device_that_is_not_there_is_refused_with_those_that_are(
    machine: pytest.MonkeyPatch, name: str
) -> None:
    machine.setenv("MATCHCUT_DEVICE", name)
    with pytest.raises(DeviceMissing, match=f"no device '{name}'") as caught:
        devices.device()
    assert caught.value.facts["found"] == "cpu"


def test_a_card_beyond_the_last_is_refused(machine: pytest.MonkeyPatch) -> None:
    _add_cards(machine, 2)
    with pytest.raises(DeviceMissing) as caught:
        devices.device("cuda:2")
    assert caught.value.facts["found"] == "cuda,cuda:0,cuda:1,cpu"


def test_people_read_what_computes(machine: pytest.MonkeyPatch) -> None:
    _add_cards(machine, 1)
    machine.setattr(os, "cpu_count", lambda: 8)
    assert devices.described("cpu") == "cpu, 8 cores"
    machine.setattr(os, "cpu_count", lambda: 1)
    assert devices.described("cpu") == "cpu, 1 core"
    assert devices.described("cuda:0") == "cuda:0: Card of cuda:0"
    assert devices.described("mps") == "mps: Apple GPU"


# Batches


@given(
    count=st.integers(0, 60),
    size=st.integers(1, 70),
    fits=st.integers(1, 70),
)
def test_every_row_is_computed_once_and_in_order_however_little_fits(
    count: int, size: int, fits: int
) -> None:
    largest: list[int] = []

    def compute(rows: slice) -> range:
        wanted = range(rows.start, rows.stop)
        if len(wanted) > fits:
            raise torch.OutOfMemoryError
        largest.append(len(wanted))
        return wanted

    results = devices.in_batches(compute, count, size)
    assert [row for result in results for row in result] == list(range(count))
    assert max(largest, default=0) <= min(size, fits, count)


def test_a_batch_that_did_not_fit_is_not_tried_at_that_size_again() -> None:
    tried: list[int] = []

    def compute(rows: slice) -> None:
        tried.append(rows.stop - rows.start)
        if tried[-1] > 4:
            raise torch.OutOfMemoryError

    devices.in_batches(compute, 20, 16)
    assert tried == [16, 8, 4, 4, 4, 4, 4]


@pytest.mark.parametrize(
    "said",
    [
        "MPS backend out of memory (MPS allocated: 17.98 GB)",
        "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
    ],
)
def test_memory_that_runs_out_by_another_name_is_known_as_well(said: str) -> None:
    def compute(rows: slice) -> int:
        if rows.stop - rows.start > 1:
            raise RuntimeError(said)
        return int(rows.start)

    assert devices.in_batches(compute, 3, 2) == [0, 1, 2]


@pytest.mark.parametrize(("count", "size"), [(3, 1), (1, 8)])
def test_one_row_that_does_not_fit_is_said_at_once(count: int, size: int) -> None:
    tried: list[slice] = []

    def compute(rows: slice) -> None:
        tried.append(rows)
        raise torch.OutOfMemoryError("CUDA out of memory.")

    with pytest.raises(torch.OutOfMemoryError, match="CUDA out of memory"):
        devices.in_batches(compute, count, size)
    assert tried == [slice(0, 1)]


def test_another_error_is_no_reason_for_smaller_batches() -> None:
    tried: list[slice] = []

    def compute(rows: slice) -> None:
        tried.append(rows)
        raise RuntimeError("shapes do not agree")

    with pytest.raises(RuntimeError, match="shapes do not agree"):
        devices.in_batches(compute, 8, 4)
    assert tried == [slice(0, 4)]


def test_the_tensors_of_a_failed_batch_are_let_go_before_the_next_try() -> None:
    held: list[weakref.ref[torch.Tensor]] = []

    def compute(rows: slice) -> bool:
        let_go = all(tensor() is None for tensor in held)
        batch = torch.zeros(rows.stop - rows.start)
        held.append(weakref.ref(batch))
        if len(batch) > 2:
            raise torch.OutOfMemoryError
        return let_go

    assert devices.in_batches(compute, 8, 8) == [True] * 4


def test_a_gpu_of_other_machines_is_named_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program that sends work to a cluster need not have the cluster's GPU."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert devices.described("cuda") == "cuda of other machines"
