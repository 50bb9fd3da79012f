"""What every verb shares: where text goes, progress, interruption, errors as sentences."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from matchcut.errors import Cancelled, MatchcutError, UsageError
from matchcut.types import Progress

FAILED, USAGE, NOTHING_FOUND, INTERRUPTED = 1, 2, 3, 130


def people() -> Console:
    """Where people read: stderr. Made anew, so that it follows a redirected stream."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(fields: Mapping[str, object]) -> None:
    """One object on one line of stdout, in ASCII: it survives any locale and any file name."""
    typer.echo(json.dumps(fields))


@contextmanager
def errors_said() -> Iterator[None]:
    """Turns an error into its sentence and next step on stderr, and into the exit code.

    Errors that are not ours are bugs: they keep their traceback.
    """
    try:
        yield
    except (Cancelled, KeyboardInterrupt) as error:
        said = error if isinstance(error, Cancelled) else Cancelled()
        people().print(f"[yellow]{escape(said.sentence)}[/] {escape(said.next_step)}")
        raise typer.Exit(INTERRUPTED) from error
    except MatchcutError as error:
        people().print(f"[bold red]{error.reason}[/] {escape(error.sentence)}")
        people().print(f"  {escape(error.next_step)}")
        raise typer.Exit(USAGE if isinstance(error, UsageError) else FAILED) from error


class ConsoleMonitor:
    """Progress bars on a terminal, silence elsewhere; an interrupt asks the work to stop."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._stop = False

    def report(self, progress: Progress, /) -> None:
        """Moves the bar of this stage."""
        description = escape(f"{progress.stage} {progress.item}".strip())
        if progress.stage not in self._tasks:
            self._tasks[progress.stage] = self._bars.add_task(description, total=progress.total)
        self._bars.update(
            self._tasks[progress.stage],
            description=description,
            completed=progress.done,
            total=progress.total,
        )

    def cancelled(self) -> bool:
        """Whether the user has asked to stop."""
        return self._stop

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Asks the work to stop at the next safe point; a second time, ends it at once."""
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True


@contextmanager
def watched() -> Iterator[ConsoleMonitor]:
    """A monitor that shows progress on stderr and whose work stops on Ctrl-C or SIGTERM."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    console = people()
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        monitor = ConsoleMonitor(bars)
        before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, monitor.interrupt)
        try:
            yield monitor
        except KeyboardInterrupt as error:
            raise Cancelled from error
        finally:
            for stopped, handler in before.items():
                signal.signal(stopped, handler)
