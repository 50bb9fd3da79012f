"""`matchcut verdict`: keep or reject candidates, by rank, by marker, or by place."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from matchcut import flavors
from matchcut.cli.console import errors_said, people, print_json
from matchcut.cli.options import FlavorName, Json, LibraryFolder, from_root
from matchcut.errors import UsageError
from matchcut.types import Judgement, MediaQuery, Verdict

if TYPE_CHECKING:
    from matchcut.engine.told import Told
    from matchcut.library import Library

WORDS: dict[Judgement, str] = {"keep": "kept", "reject": "rejected", "clear": "taken back"}


def verdict(
    library: LibraryFolder,
    judgement: Annotated[
        str | None,
        typer.Argument(
            metavar="keep|reject|clear",
            help="What you say of them; leave it out to take what markers say.",
            show_default=False,
        ),
    ] = None,
    ranks: Annotated[
        list[int] | None,
        typer.Argument(metavar="RANK", help="Of the candidates meant.", show_default=False),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Where the candidates are: a timeline (.otio) with our markers, or the --json "
            "lines of a search; - reads those from stdin.",
            show_default=False,
        ),
    ] = None,
    media: Annotated[
        list[Path] | None,
        typer.Option(help="Film of A, then film of B, where no search found them."),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            help="For each --media: the last frame of A, the first of B; source timecode or "
            "frame number."
        ),
    ] = None,
    flavor: FlavorName = flavors.DEFAULT,
    why: Annotated[str, typer.Option(help="Why, in a word or a few.", show_default=False)] = "",
    as_json: Json = False,
) -> None:
    """Say which candidates are worth keeping, and which are no match.

    Example: `matchcut verdict -l ~/show.matchcut reject 3 7 --from found.jsonl --why eyeline`

    In an editing application: turn a marker green to keep its candidate, red to reject it, or write
    keep or reject (and why) in front of its name; export the timeline as OTIO, and
    `matchcut verdict -l ~/show.matchcut --from marked.otio` takes what the markers say. Markers of
    a flavor that are green or red from the start are told by name.

    Two shots that no search found: `matchcut verdict -l LIB keep --media a.mov --at 01:00:04:11
    --media b.mov --at 01:02:10:00 -f camera`.

    Rejected pairs are not shown again by `matchcut find` and `matchcut scan`, unless --rejected.
    The newest word on a pair counts; clear takes it back. JSON: each verdict recorded, a line.
    """
    from matchcut.engine.verdicts import record_now, unsaid
    from matchcut.library import Library

    with errors_said():
        word = _word(judgement)
        opened = Library.open(library)
        if source is not None and not media and not at:
            said = _told(opened, source, word, ranks or [], why)
        elif source is None and word is not None and not ranks:
            said = [_placed(opened, media or [], at or [], flavor, word, why)]
        else:
            raise UsageError(
                "It is not clear which candidates are meant.",
                "Give --from and ranks, --from a marked timeline, or --media and --at twice.",
            )
        new = unsaid(opened, said)
        recorded = record_now(opened, new) if new else ()
        _say(recorded, len(said) - len(new), opened, as_json)


def _word(text: str | None) -> Judgement | None:
    if text is None:
        return None
    word = next((one for one in WORDS if one == text), None)
    if word is None:
        raise UsageError(f"'{text}' is no verdict.", "Say keep, reject or clear.")
    return word


def _told(
    library: Library, source: Path, word: Judgement | None, ranks: Sequence[int], why: str
) -> list[Verdict]:
    from matchcut.engine.told import told_in_lines, told_in_timeline, verdicts_on
    from matchcut.engine.verdicts import in_few_words

    if source.suffix.lower() == ".otio":
        told = told_in_timeline(source)
    else:
        told = told_in_lines(_text_of(source), str(source))
    if word is None:
        if ranks or source.suffix.lower() != ".otio":
            raise UsageError("Nothing is said of them.", "Say keep, reject or clear.")
        return verdicts_on(
            [(one, one.judgement, one.why or why) for one in told if one.judgement], library
        )
    chosen = _ranked(told, ranks, source)
    return verdicts_on([(one, word, in_few_words(why)) for one in chosen], library)


def _ranked(told: Sequence[Told], ranks: Sequence[int], source: Path) -> list[Told]:
    if not ranks:
        raise UsageError(
            f"{source} holds {len(told)} candidate(s), and none is named.",
            "Say which are meant by their ranks, such as 3 7.",
        )
    known = {one.rank: one for one in reversed(told)}
    missing = [rank for rank in ranks if rank not in known]
    if missing:
        raise UsageError(
            f"{source} holds no candidate of rank {missing[0]}.",
            f"It has {len(known)}, from {min(known, default=0)} to {max(known, default=0)}.",
        )
    often = Counter(one.rank for one in told)
    doubtful = next((rank for rank in ranks if often[rank] > 1), None)
    if doubtful is not None:
        raise UsageError(
            f"{source} holds {often[doubtful]} candidates of rank {doubtful}, of several searches.",
            "Give the result of one search.",
        )
    return [known[rank] for rank in ranks]


def _placed(
    library: Library,
    media: Sequence[Path],
    at: Sequence[str],
    flavor: str,
    word: Judgement,
    why: str,
) -> Verdict:
    from matchcut.engine.told import verdict_on_places

    if len(media) != 2 or len(at) != 2:
        raise UsageError(
            "A pair has two sides.", "Give --media and --at twice: A that is left, B that follows."
        )
    outgoing, incoming = (
        MediaQuery(from_root(film), where) for film, where in zip(media, at, strict=True)
    )
    return verdict_on_places(outgoing, incoming, flavor, word, why, library)


def _text_of(source: Path) -> str:
    if str(source) == "-":
        return sys.stdin.read()
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{source} cannot be read ({error}).", "Check the path.") from error


def _say(recorded: Sequence[Verdict], known: int, library: Library, as_json: bool) -> None:
    from matchcut.engine.verdict_files import fields_of
    from matchcut.engine.verdicts import Pairs

    if as_json:
        pairs = Pairs.of(library)
        for one in recorded:
            print_json(fields_of(one, pairs))
    counts = Counter(one.judgement for one in recorded)
    parts = [f"{counts[word]} {said}" for word, said in WORDS.items() if counts[word]]
    text = f"Recorded: {', '.join(parts)}." if parts else "Nothing new was said."
    if known:
        text += f" {known} said before."
    people().print(text)
