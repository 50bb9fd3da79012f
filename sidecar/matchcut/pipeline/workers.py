"""Who does the parts of long work: this process, one after the other, or the workers of a cluster.

Either way runs the same functions, and gives the same results.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from matchcut.errors import UsageError
from matchcut.models import devices
from matchcut.types import Monitor

HERE, RAY = "local", "ray"
ENGINES = (HERE, RAY)

Argument = TypeVar("Argument")
Result = TypeVar("Result")

Results: TypeAlias = Generator[tuple[Argument, Callable[[], Result]], None, None]
"""Each argument, and what to call for its result. Closing it ends what is under way."""


class Workers(Protocol):
    """Computes a function of many arguments."""

    @property
    def device(self) -> str:
        """What networks run on there, as PyTorch names it."""
        ...

    @property
    def threads(self) -> int | None:
        """How many threads one call may keep busy; None: as many as there are cores."""
        ...

    @property
    def calls(self) -> int:
        """How many calls are made at a time: into so many shares work is best divided."""
        ...

    def run(
        self,
        function: Callable[[Argument, Monitor], Result],
        arguments: Iterable[Argument],
        monitor: Monitor,
        *,
        gpu: bool = False,
    ) -> Results[Argument, Result]:
        """Each argument with its result, in the order in which they are done.

        Args:
            function: Is called once for each argument, and again where a worker died: what it does
                twice must be as if done once. It may be called in another process, and so it, its
                arguments and its results must be picklable.
            arguments: Taken one by one, few more than are under way.
            monitor: May stop the work. Functions that run in this process report to it as well.
            gpu: Whether each call wants a GPU.

        Returns:
            Pairs of an argument and what to call for its result. That raises what the function
            raised for this argument, or WorkerLost; the others are not concerned.

        Raises:
            Cancelled: the monitor asked to stop.
        """
        ...


OpenWorkers: TypeAlias = Callable[[], AbstractContextManager[Workers]]
"""Starts or reaches workers; leaving the context lets go of them."""


@dataclass(frozen=True, slots=True)
class Here:
    """This process. Each result is computed when it is called for."""

    threads: int | None = None
    calls: int = 1

    @property
    def device(self) -> str:
        """The best one of this machine."""
        return devices.device()

    def run(
        self,
        function: Callable[[Argument, Monitor], Result],
        arguments: Iterable[Argument],
        monitor: Monitor,
        *,
        gpu: bool = False,
    ) -> Results[Argument, Result]:
        """As `Workers.run`; the function itself looks at the monitor, and raises Cancelled."""
        for argument in arguments:
            yield argument, partial(function, argument, monitor)


def here() -> AbstractContextManager[Workers]:
    """This process as the worker; costs nothing."""
    return nullcontext(Here())


def workers_of(engine: str, address: str | None) -> OpenWorkers:
    """How to reach the workers of an engine; nothing is started yet.

    Args:
        engine: One of `ENGINES`.
        address: Of a Ray cluster, such as `auto` or `host:6379`; None: Ray on this machine alone.

    Raises:
        UsageError: there is no such engine, or an address is given that it does not take.
    """
    if engine not in ENGINES:
        raise UsageError(
            f"There is no engine named '{engine}'.", f"Choose one of: {', '.join(ENGINES)}."
        )
    if engine == HERE and address is not None:
        raise UsageError(
            "--ray-address is the address of a Ray cluster, which only `--engine ray` uses.",
            "Add `--engine ray`, or leave the address out.",
        )
    if engine == HERE:
        return here
    from matchcut.pipeline.on_ray import on_ray

    return partial(on_ray, address)
