"""Plug-ins are found by themselves, and one that breaks the rules is named."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from matchcut import registry
from matchcut.errors import InternalError

PLUGIN = "class _Plugin:\n    name = {name!r}\n\n\nPLUGIN = _Plugin()\n"

MakePackage = Callable[[dict[str, str]], str]


@pytest.fixture
def make_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePackage]:
    """Writes a package of plug-in modules that can be imported; gives its name."""
    name = "plugins_of_a_test"

    def write(modules: dict[str, str]) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(text)
        return name

    monkeypatch.syspath_prepend(tmp_path)
    yield write
    for module in [one for one in sys.modules if one.split(".")[0] == name]:
        del sys.modules[module]


def _add_distribution(folder: Path, entry_points: str, modules: dict[str, str]) -> None:
    """What installing another distribution leaves behind."""
    installed = folder / "others-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[plugins.of.a.test]\n{entry_points}\n")
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)


def _discover(package: str) -> list[str]:
    return list(registry.discover(package, "PLUGIN", "plugins.of.a.test"))


def test_a_file_dropped_into_the_package_is_a_plug_in(make_package: MakePackage) -> None:
    package = make_package({"one": PLUGIN.format(name="zebra"), "two": PLUGIN.format(name="ant")})
    assert _discover(package) == ["ant", "zebra"]


def test_a_module_with_an_underscore_is_part_of_another_and_no_plug_in(
    make_package: MakePackage,
) -> None:
    package = make_package({"one": PLUGIN.format(name="ant"), "_shared": "raise RuntimeError\n"})
    assert _discover(package) == ["ant"]


def test_a_plug_in_module_without_the_constant_is_named(make_package: MakePackage) -> None:
    package = make_package({"one": PLUGIN.format(name="ant"), "two": "NAME = 'bee'\n"})
    with pytest.raises(InternalError, match=rf"{package}\.two states no PLUGIN") as raised:
        _discover(package)
    assert raised.value.facts["module"] == f"{package}.two"


def test_two_plug_ins_of_one_name_are_both_named(make_package: MakePackage) -> None:
    package = make_package({"one": PLUGIN.format(name="ant"), "two": PLUGIN.format(name="ant")})
    with pytest.raises(InternalError, match=rf"'ant': {package}\.one and {package}\.two"):
        _discover(package)


def test_a_plug_in_that_does_not_import_is_not_passed_over(make_package: MakePackage) -> None:
    package = make_package({"one": "import a_module_that_nobody_has\n"})
    with pytest.raises(ModuleNotFoundError, match="a_module_that_nobody_has"):
        _discover(package)


def test_another_distribution_adds_a_plug_in(make_package: MakePackage, tmp_path: Path) -> None:
    package = make_package({"one": PLUGIN.format(name="bee")})
    _add_distribution(
        tmp_path,
        "other = plugin_of_another:PLUGIN",
        {"plugin_of_another": PLUGIN.format(name="ant")},
    )
    assert _discover(package) == ["ant", "bee"]


def test_another_distribution_cannot_take_a_name_that_is_in_use(
    make_package: MakePackage, tmp_path: Path
) -> None:
    package = make_package({"one": PLUGIN.format(name="bee")})
    _add_distribution(
        tmp_path,
        "other = plugin_with_clash:PLUGIN",
        {"plugin_with_clash": PLUGIN.format(name="bee")},
    )
    with pytest.raises(
        InternalError, match=r"'bee': .*\.one and plugin_with_clash:PLUGIN"
    ) as raised:
        _discover(package)
    assert raised.value.facts["name"] == "bee"
