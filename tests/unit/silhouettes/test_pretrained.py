"""From what a network says of a picture to the things that stand in it.

The networks here are strict: they take exactly what the real ones take, and answer by hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torchvision.models.detection import MaskRCNN_ResNet50_FPN_V2_Weights
from torchvision.models.segmentation import LRASPP_MobileNet_V3_Large_Weights

from matchcut.errors import ModelDamaged, ModelMissing
from matchcut.models.running import Running, channels_first
from matchcut.silhouettes.canvas import unpacked
from matchcut.silhouettes.labels import LABELS, PERSON
from matchcut.silhouettes.pretrained import lraspp, mask_rcnn
from matchcut.silhouettes.pretrained._still import Still
from matchcut.types import Picture, Representation, Window
from tests.random_weights import written
from tests.textures import flat, texture

HEIGHT, WIDTH = 180, 320
"""Five pixels a cell of the canvas, each way."""
COCO = MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1.meta["categories"]
VOC = LRASPP_MobileNet_V3_Large_Weights.COCO_WITH_VOC_LABELS_V1.meta["categories"]
DOG = LABELS.index("dog")

Answer = Callable[[Any], Any]


class Strict(nn.Module):
    """Takes what the network takes, answers what it is told to."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, given: Any) -> Any:
        assert not self.training
        assert torch.is_inference_mode_enabled()
        return self.answer(given)


def answering(pretrained: Still, answer: Answer, folder: Path) -> Representation:
    """The representation, with a network that has no weights and answers so."""
    model = replace(pretrained.model, build=lambda: Strict(answer))
    model, path = written(model, folder)
    return replace(pretrained, model=model).representation(path, "cpu")


def window(*pictures: Picture, centre: int = 0) -> Window:
    pts = np.arange(len(pictures), dtype=np.int64)
    return Window(np.stack(pictures), pts, Fraction(1, 24), centre)


def pixels(left: int, top: int, width: int, height: int) -> NDArray[np.float32]:
    """1 inside of a rectangle of cells, 0 outside, at the size of the picture."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[5 * top : 5 * (top + height), 5 * left : 5 * (left + width)] = 1
    return mask


def cells(left: int, top: int, width: int, height: int) -> NDArray[np.bool_]:
    return pixels(left, top, width, height)[::5, ::5] > 0


def instances(*found: tuple[str, float, NDArray[np.float32]]) -> dict[str, torch.Tensor]:
    """What Mask R-CNN says of one picture: class, score and mask of each thing."""
    count = len(found)
    return {
        "boxes": torch.zeros(count, 4),
        "labels": torch.tensor([COCO.index(name) for name, _, _ in found], dtype=torch.int64),
        "scores": torch.tensor([score for _, score, _ in found], dtype=torch.float32),
        "masks": torch.from_numpy(
            np.stack([mask for _, _, mask in found])[:, None]
            if count
            else np.zeros((0, 1, HEIGHT, WIDTH), np.float32)
        ),
    }


def test_instances_become_people_subject_and_things_on_the_canvas(tmp_path):
    def answer(given):
        (picture,) = given
        assert picture.dtype == torch.float32
        assert picture.shape == (3, HEIGHT, WIDTH)
        assert picture[:, 0, 0].tolist() == [1.0, 0.0, np.float32(51 / 255)]
        return [
            instances(
                ("dog", 0.9876543, pixels(24, 8, 16, 20)),
                ("person", 0.8, pixels(0, 4, 6, 12)),
                ("person", 0.6, pixels(4, 4, 6, 12)),
            )
        ]

    mask_rcnn_rows = answering(mask_rcnn.PRETRAINED, answer, tmp_path)
    other = flat(9, 9, 9)
    (row,) = mask_rcnn_rows.compute([window(other, flat(255, 0, 51), other, centre=1)])
    assert row["count"] == 3
    assert row["instances"]["label"][:3].tolist() == [DOG, PERSON, PERSON]
    assert row["instances"]["confidence"][0] == np.float32(0.988)
    assert np.array_equal(unpacked(row["subject"]["mask"]), cells(24, 8, 16, 20))
    assert np.array_equal(unpacked(row["people"]["mask"]), cells(0, 4, 10, 12))
    # Of 120 cells, those of the first six columns are trusted by 0.8, the others by 0.6.
    assert row["people"]["confidence"] == pytest.approx((6 * 0.8 + 4 * 0.6) / 10)


@pytest.mark.parametrize(
    ("name", "score", "mask"),
    [
        ("person", 0.499, pixels(8, 8, 8, 8)),
        ("person", 0.9, 0.5 * pixels(8, 8, 8, 8)),
        ("person", 0.9, pixels(0, 0, 0, 0)),
        ("person", 0.9, np.pad(np.ones((2, 2), np.float32), ((50, 128), (50, 268)))),
        ("N/A", 0.9, pixels(8, 8, 8, 8)),
        ("__background__", 0.9, pixels(8, 8, 8, 8)),
    ],
    ids=["doubtful", "faint", "empty", "less than half a cell", "no class", "background"],
)
def test_what_is_no_thing_leaves_no_instance(name, score, mask, tmp_path):
    representation = answering(
        mask_rcnn.PRETRAINED, lambda _: [instances((name, score, mask))], tmp_path
    )
    row = representation.compute([window(flat(9, 9, 9))])
    assert not row.view(np.uint8).any()


def test_an_instance_at_the_threshold_counts_and_a_mask_just_above_a_half_is_inside(tmp_path):
    answer = instances(("person", 0.5, 0.51 * pixels(8, 8, 8, 8)))
    representation = answering(mask_rcnn.PRETRAINED, lambda _: [answer], tmp_path)
    (row,) = representation.compute([window(flat(9, 9, 9))])
    assert np.array_equal(unpacked(row["people"]["mask"]), cells(8, 8, 8, 8))
    assert row["people"]["confidence"] == 0.5


def test_an_empty_street_gives_an_empty_row(tmp_path):
    representation = answering(mask_rcnn.PRETRAINED, lambda _: [instances()], tmp_path)
    assert not representation.compute([window(flat(9, 9, 9))]).view(np.uint8).any()
    assert representation.compute([]).shape == (0,)


def test_a_figure_in_an_upright_picture_stands_in_the_middle_of_the_canvas(tmp_path):
    mask = np.zeros((180, 100), np.float32)
    mask[90:, 50:] = 1
    found = instances() | {
        "labels": torch.tensor([COCO.index("person")]),
        "scores": torch.tensor([0.9]),
        "masks": torch.from_numpy(mask[None, None]),
    }
    representation = answering(mask_rcnn.PRETRAINED, lambda _: [found], tmp_path)
    (row,) = representation.compute([window(flat(9, 9, 9, width=100))])
    # The picture covers 20 of the 64 columns, from the 22nd on.
    assert np.array_equal(unpacked(row["people"]["mask"]), cells(32, 18, 10, 18))


LOGIT = 5.0
SURE = math.exp(LOGIT) / (math.exp(LOGIT) + len(VOC) - 1)
"""Probability of a class whose score is `LOGIT` where those of all others are 0."""


def scores(**classes: NDArray[np.float32]) -> dict[str, torch.Tensor]:
    """What LR-ASPP says of one picture: the scores of each class at each pixel."""
    of_pixels = np.zeros((len(VOC), HEIGHT, WIDTH), np.float32)
    for name, mask in classes.items():
        of_pixels[VOC.index(name)] = LOGIT * mask
    of_pixels[0] = LOGIT * ~of_pixels.any(axis=0)
    return {"out": torch.from_numpy(of_pixels)[None]}


def test_regions_of_a_class_become_instances_as_certain_as_their_pixels(tmp_path):
    def answer(given):
        assert given.dtype == torch.float32
        assert given.shape == (1, 3, 520, 924)
        expected = (np.array([1, 0, 0.2]) - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
        assert np.allclose(given[0, :, 7, 7], expected)
        both = pixels(2, 4, 8, 20) + pixels(40, 4, 10, 20)
        return scores(person=both, dog=pixels(16, 20, 16, 12))

    representation = answering(lraspp.PRETRAINED, answer, tmp_path)
    (row,) = representation.compute([window(flat(255, 0, 51))])
    assert row["count"] == 3
    assert row["instances"]["label"][:3].tolist() == [DOG, PERSON, PERSON]
    assert row["instances"]["confidence"][:3] == pytest.approx(round(SURE, 3))
    assert np.array_equal(unpacked(row["instances"]["mask"][1]), cells(40, 4, 10, 20))
    assert np.array_equal(
        unpacked(row["people"]["mask"]), cells(2, 4, 8, 20) | cells(40, 4, 10, 20)
    )


def test_people_who_touch_are_one_instance_even_at_a_corner(tmp_path):
    touching = pixels(2, 2, 8, 8) + pixels(10, 10, 8, 8)
    representation = answering(lraspp.PRETRAINED, lambda _: scores(person=touching), tmp_path)
    (row,) = representation.compute([window(flat(9, 9, 9))])
    assert row["count"] == 1
    assert np.array_equal(
        unpacked(row["instances"]["mask"][0]), cells(2, 2, 8, 8) | cells(10, 10, 8, 8)
    )


def test_specks_are_no_instances(tmp_path):
    # 275 of the picture's 57600 pixels are less than 0.005 of them, 300 are more.
    representation = answering(
        lraspp.PRETRAINED,
        lambda _: scores(person=pixels(2, 2, 11, 1), dog=pixels(2, 20, 12, 1)),
        tmp_path,
    )
    (row,) = representation.compute([window(flat(9, 9, 9))])
    assert row["instances"]["label"][: row["count"]].tolist() == [DOG]


def test_a_region_is_as_certain_as_its_pixels_are_on_average():
    likely = np.zeros((3, HEIGHT, WIDTH), np.float32)
    likely[0] = 0.5
    likely[2, :90, :40] = 0.6
    likely[2, 90:, :40] = 0.9
    (found,) = lraspp.regions(likely, (None, PERSON, DOG))
    assert found.label == DOG
    assert found.confidence == 0.75
    assert np.array_equal(found.mask, cells(0, 0, 8, 36))


def test_a_picture_without_things_gives_an_empty_row(tmp_path):
    representation = answering(lraspp.PRETRAINED, lambda _: scores(), tmp_path)
    assert not representation.compute([window(flat(9, 9, 9))]).view(np.uint8).any()


@pytest.mark.parametrize(
    ("pretrained", "weights"),
    [
        (mask_rcnn.PRETRAINED, MaskRCNN_ResNet50_FPN_V2_Weights.COCO_V1),
        (lraspp.PRETRAINED, LRASPP_MobileNet_V3_Large_Weights.COCO_WITH_VOC_LABELS_V1),
    ],
    ids=["mask-rcnn", "lraspp"],
)
def test_pictures_are_prepared_and_classes_named_as_for_the_weights_that_are_loaded(
    pretrained, weights
):
    assert pretrained.model.published.weights == str(weights)
    assert weights.meta["categories"][0] == "__background__"


def test_weights_are_read_once_however_many_threads_begin_at_once(tmp_path):
    built: list[nn.Module] = []

    def build() -> nn.Module:
        built.append(Strict(lambda given: given + 1))
        return built[-1]

    model, path = written(replace(lraspp.PRETRAINED.model, build=build), tmp_path)
    built.clear()
    running = Running(model, path, "cpu")
    assert not built
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(running, torch.arange(32)))
    assert len(built) == 1
    assert [int(answer) for answer in answers] == list(range(1, 33))


def test_one_batch_is_computed_at_a_time(tmp_path):
    inside: list[int] = []

    def answer(given):
        inside.append(1)
        alone = len(inside) == 1
        torch.zeros(200, 200) @ torch.zeros(200, 200)
        inside.pop()
        return alone

    model = replace(lraspp.PRETRAINED.model, build=lambda: Strict(answer))
    running = Running(*written(model, tmp_path), "cpu")
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(running, torch.zeros(32)))


def test_weights_that_are_missing_or_damaged_are_told_and_can_be_put_right(tmp_path):
    model, path = written(
        replace(lraspp.PRETRAINED.model, build=lambda: Strict(lambda given: given)), tmp_path
    )
    whole = path.read_bytes()
    path.unlink()
    running = Running(model, path, "cpu")
    with pytest.raises(ModelMissing):
        running(torch.zeros(1))
    path.write_bytes(whole[:-1])
    with pytest.raises(ModelDamaged):
        running(torch.zeros(1))
    path.write_bytes(whole)
    assert running(torch.zeros(1)) == 0


def test_pictures_that_cannot_be_written_to_or_are_mirrored_are_taken_as_they_are():
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    picture.setflags(write=False)
    assert np.array_equal(channels_first(picture), picture.transpose(2, 0, 1))
    assert np.array_equal(channels_first(picture[:, ::-1]), picture[:, ::-1].transpose(2, 0, 1))
    assert channels_first(np.stack([picture] * 5)).shape == (5, 3, 2, 4)


def test_convolutions_on_cuda_are_exact_while_they_are_ours_and_as_before_afterwards():
    from matchcut.models.running import _exact

    cudnn = torch.backends.cudnn
    before = (cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled, cudnn.benchmark)
    with _exact("cuda:0"):
        assert (cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled) == (False, True, True)
    with _exact("cpu"):
        pass
    assert (cudnn.allow_tf32, cudnn.deterministic, cudnn.enabled, cudnn.benchmark) == before


@pytest.mark.slow
def test_the_real_network_answers_in_the_form_that_is_read(tmp_path, monkeypatch):
    def eager() -> nn.Module:
        from torchvision.models.detection import maskrcnn_resnet50_fpn_v2

        # Random weights are certain of nothing: it says all that it suspects.
        network: nn.Module = maskrcnn_resnet50_fpn_v2(
            weights=None, weights_backbone=None, box_score_thresh=0.0, box_detections_per_img=20
        )
        return network

    monkeypatch.setattr(mask_rcnn, "THRESHOLD", 0.0)
    model, path = written(replace(mask_rcnn.PRETRAINED.model, build=eager), tmp_path)
    representation = replace(mask_rcnn.PRETRAINED, model=model).representation(path, "cpu")
    (row,) = representation.compute([window(texture(3, width=160, height=90))])
    assert row["count"] > 0
    things = row["instances"][: row["count"]]
    assert (things["label"] > 0).all()
    assert ((things["confidence"] >= 0) & (things["confidence"] <= 1)).all()
    assert unpacked(things["mask"]).any(axis=(1, 2)).all()
