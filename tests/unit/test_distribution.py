"""What is installed is what was decided: one OpenCV, a torch and a torchvision that match."""

from __future__ import annotations

import tomllib
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_exactly_one_opencv_is_installed_and_it_is_the_headless_one() -> None:
    owners = {name for name in packages_distributions()["cv2"] if "opencv" in name}
    assert owners == {"opencv-python-headless"}


def test_opencv_loads_without_the_libraries_of_a_screen() -> None:
    """A bare Debian has no libGL: the module that loads must not be linked to it."""
    import cv2

    [module] = Path(cv2.__file__).parent.glob("cv2*.so")
    linked = module.read_bytes()
    assert b"libGL.so" not in linked
    assert b"libX11.so" not in linked


def test_torchvision_belongs_to_the_torch_that_is_installed() -> None:
    """An unmatched pair fails with `operator torchvision::nms does not exist`."""
    import torch
    import torchvision

    boxes = torch.tensor([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.9], [5.0, 5.0, 6.0, 6.0]])
    kept = torchvision.ops.nms(boxes, torch.tensor([0.9, 0.8, 0.7]), 0.5)
    assert kept.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("matchcut.cli", "sheet.html.j2"),
        ("matchcut.silhouettes.cues", "head.safetensors"),
        ("matchcut", "py.typed"),
        ("matchcut_client", "py.typed"),
        ("otio_matchcut", "py.typed"),
    ],
)
def test_files_that_are_not_code_are_where_the_code_looks_for_them(package: str, name: str) -> None:
    assert files(package).joinpath(name).is_file()


def test_every_required_package_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(">=" in one or "==" in one for one in project["dependencies"])
