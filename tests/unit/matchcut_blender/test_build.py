"""What is packed: the plug-in, its wheels, and nothing that fits no Blender."""

from __future__ import annotations

import importlib.util
import io
import re
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import matchcut_blender

ROOT = Path(__file__).parents[3]
WHEELS = {
    "grpcio-1.85.1-cp311-cp311-manylinux_2_17_x86_64.whl": ("grpc/c311.so", b"311"),
    "grpcio-1.85.1-cp313-cp313-manylinux_2_17_x86_64.whl": ("grpc/c313.so", b"313"),
    "protobuf-7.36.2-cp310-abi3-manylinux2014_x86_64.whl": ("google/protobuf/a.so", b"abi3"),
    "typing_extensions-4.16.0-py3-none-any.whl": ("typing_extensions.py", b""),
}


@pytest.fixture(scope="module")
def build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "plugin" / "blender" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wheels(build: ModuleType) -> dict[str, bytes]:
    return {name: build.zipped({path: content}) for name, (path, content) in WHEELS.items()}


def test_blender_reads_one_version_wherever_it_looks(build: ModuleType) -> None:
    old = ".".join(map(str, matchcut_blender.bl_info["version"]))
    assert build.version() == old


def test_the_extension_names_the_wheels_and_systems_that_it_is_for(
    build: ModuleType, wheels: dict[str, bytes]
) -> None:
    files = build.extension_files("macos", wheels)
    manifest = tomllib.loads(files["blender_manifest.toml"].decode())
    assert manifest["wheels"] == [f"./wheels/{name}" for name in sorted(WHEELS)]
    assert manifest["platforms"] == ["macos-arm64", "macos-x64"]
    assert {f"wheels/{name}" for name in WHEELS} <= files.keys()
    assert {"__init__.py", "panel.py", "plain/frames.py", "LICENSE.md"} <= files.keys()
    for reason in manifest["permissions"].values():
        assert len(reason) <= 64
        assert not reason.endswith(".")


def test_the_add_on_carries_what_its_own_python_can_load(
    build: ModuleType, wheels: dict[str, bytes]
) -> None:
    files = build.legacy_files(wheels)
    carried = {name for name in files if name.startswith("matchcut_blender/carried/")}
    assert {name.removeprefix("matchcut_blender/carried/") for name in carried} == {
        "grpc/c311.so",
        "google/protobuf/a.so",
        "typing_extensions.py",
    }
    assert "matchcut_blender/__init__.py" in files


def test_the_clients_wheel_is_the_same_for_the_same_code_and_lists_all_of_it(
    build: ModuleType,
) -> None:
    made = build.client_wheel("1.2.3")
    assert made == build.client_wheel("1.2.3")
    [(name, content)] = made.items()
    assert re.fullmatch(r"matchcut_client-1\.2\.3\+[0-9a-f]{8}-py3-none-any\.whl", name)
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        names = set(wheel.namelist())
        [record] = [one for one in names if one.endswith("/RECORD")]
        listed = {line.split(",")[0] for line in wheel.read(record).decode().splitlines()}
    assert listed == names
    assert {"matchcut_client/client.py", "matchcut_api/v1/match_pb2.py"} <= names


def test_what_is_carried_is_as_new_as_the_sidecar_asks_for(build: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bounds = {one.name: one.specifier for one in map(Requirement, project["dependencies"])}
    text = (ROOT / "plugin" / "blender" / "wheels.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w-]+)==([\d.]+)", text, re.MULTILINE))
    assert pins.keys() >= {"grpcio", "grpcio-health-checking", "protobuf", "typing_extensions"}
    for name, pin in pins.items():
        assert Version(pin) in bounds.get(name, Requirement("any").specifier), name
