"""Options that several verbs share, and how a verb reaches a library."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from matchcut import shots as detecting
from matchcut.errors import UsageError
from matchcut.timecode import exact_rate
from matchcut.types import Matching, PathMap

LibraryFolder = Annotated[
    Path,
    typer.Option(
        "--library",
        "-l",
        envvar="MATCHCUT_LIBRARY",
        help="Folder of the library.",
        show_default=False,
    ),
]
Detector = Annotated[
    str | None,
    typer.Option(
        help="What finds the shots; `matchcut doctor` lists all.",
        show_default=detecting.DEFAULT,
    ),
]
FlavorName = Annotated[
    str,
    typer.Option(
        "--flavor",
        "-f",
        help="What should match, see `matchcut flavors`; or a blend such as frame,camera:0.5.",
    ),
]
Profile = Annotated[
    str,
    typer.Option(
        help="How silhouettes are computed: auto, pretrained, classical, or the name of a model "
        "(`matchcut models list`).",
    ),
]
ModelsFolder = Annotated[
    Path | None,
    typer.Option(
        "--models",
        envvar="MATCHCUT_MODELS",
        help="Folder of pretrained weights, such as one carried here from another machine.",
        show_default="in the user's data folder",
    ),
]
Top = Annotated[int, typer.Option("--top", "-k", min=1, help="Show this many candidates.")]
MinGap = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=86_400.0,
        help="Seconds that two shots of one film must lie apart: neighbours always look alike.",
    ),
]
MinHandle = Annotated[
    int,
    typer.Option(
        min=1,
        metavar="FRAMES",
        help="Frames that A must have been on screen before the cut, and that B must stay.",
    ),
]
Reframing = Annotated[
    bool,
    typer.Option(
        "--reframe/--no-reframe",
        help="Match better by moving one picture: scale, rotation, shift, flop.",
    ),
]
Refining = Annotated[
    bool,
    typer.Option(
        "--refine/--no-refine",
        help="Search the frames near each cut for the best ones.",
    ),
]
Rejected = Annotated[
    bool,
    typer.Option("--rejected", help="Show pairs as well that were rejected."),
]
Scorer = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="Order the best ones by this classifier: a folder that `matchcut train` made, or the "
        "name under which `matchcut train use` keeps it.",
        show_default="by their score, or as verdicts have taught",
    ),
]
Preview = Annotated[
    bool,
    typer.Option(
        "--preview",
        help="Let the contact sheet play one second each side of the cut; needs -o x.html.",
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        help="Write the candidates to this file: .otio, .html or .csv. May be given several times.",
        show_default=False,
    ),
]
ThroughSidecar = Annotated[
    bool, typer.Option("--sidecar", help="Ask the running sidecar of this library.")
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="local|ray",
        help="Who does the work: this process, or the workers of a Ray cluster.",
    ),
]
RayAddress = Annotated[
    str | None,
    typer.Option(
        "--ray-address",
        metavar="ADDR",
        help="A running Ray cluster: auto, or host:port.",
        show_default="Ray is started on this machine",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]


Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FROM=TO",
        help="A folder of the editor's machine, and where it lies here: /Volumes/SAN=/mnt/san. May "
        "be given several times; the longest FROM counts.",
        show_default=False,
    ),
]
TimelineRate = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="FPS",
        help="Frames a second of an EDL, which does not say: 25, 23.976, 30000/1001.",
        show_default=False,
    ),
]
SequenceName = Annotated[
    str | None,
    typer.Option(
        "--sequence", help="Name of the timeline, where a file holds several.", show_default=False
    ),
]


def path_maps(texts: list[str] | None) -> tuple[PathMap, ...]:
    """What `--map` says.

    Raises:
        UsageError: one is not of the form FROM=TO.
    """
    pairs = map(map_pair, texts or [])
    return tuple(PathMap(old, from_root(Path(new).expanduser())) for old, new in pairs)


def map_pair(text: str) -> tuple[str, str]:
    """The two folders of one `--map`.

    Raises:
        UsageError: it is not of the form FROM=TO.
    """
    old, equals, new = text.partition("=")
    if old and equals and new:
        return old, new
    raise UsageError(
        f"--map {text} does not say which folder lies where.",
        "Write both with an = between: --map /Volumes/SAN=/mnt/san.",
    )


def frame_rate(text: str | None) -> Fraction | None:
    """What `--rate` says, exact: 23.976 is 24000/1001.

    Raises:
        UsageError: it is no rate.
    """
    if text is None:
        return None
    try:
        return exact_rate(Fraction(text))
    except (ValueError, ZeroDivisionError) as error:
        raise UsageError(
            f"--rate {text} is no frame rate.", "Write it as 25, 23.976 or 30000/1001."
        ) from error


def from_root(path: Path) -> Path:
    """The path from the root and without `..`, so that one file is remembered under one path.

    Links stay as the user names them, except where `..` may climb out of one.
    """
    absolute = path.absolute()
    return absolute.resolve() if ".." in absolute.parts else absolute


def scorer_named(text: str | None) -> str | Path | None:
    """What `--scorer` names: the folder of a model if it is one, else a name on the shelf."""
    if text is None or not text:
        return text
    folder = Path(text).expanduser()
    is_path = folder.name != text or (folder / "model.json").is_file()
    return from_root(folder) if is_path else text


def open_matching(
    library: Path,
    through_sidecar: bool,
    models: Path | None = None,
    *,
    engine: str = "local",
    ray_address: str | None = None,
) -> Matching:
    """The library in this process, or the sidecar that serves it: the same calls either way.

    `models` is the folder of pretrained weights; a sidecar was told its own when it was started.
    `engine` and `ray_address` say who does long work, see `pipeline.workers_of`.

    Raises:
        SidecarMissing: a sidecar is asked for and none runs.
        UsageError: there is no such engine, or it cannot be had so.
    """
    from matchcut.pipeline import HERE, workers_of

    workers = workers_of(engine, ray_address)
    if through_sidecar:
        if engine != HERE:
            raise UsageError(
                f"A sidecar works by itself: it does not take `--engine {engine}`.",
                "Leave out --sidecar; what is indexed here is seen by a running sidecar as well.",
            )
        from matchcut.server.remote import RemoteMatching

        return RemoteMatching(library)
    from matchcut.engine import Engine

    return Engine(library, models=models, workers=workers)
