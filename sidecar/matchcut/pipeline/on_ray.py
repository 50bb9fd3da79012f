"""Ray's workers, on this machine or on many: each call is a task, tried again where a worker dies.

matchcut must be installed on all machines. What a function reads and writes must be seen under the
same absolute paths by all of them.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from matchcut import __version__
from matchcut.errors import Cancelled, ClusterUnfit, ClusterUnreachable, RayMissing, WorkerLost
from matchcut.pipeline.workers import Argument, Result, Results
from matchcut.types import Monitor, Progress

if TYPE_CHECKING:
    from ray import ObjectRef

RETRIES = 4
"""How often a call is made again whose worker died. A film that kills every worker is given up."""
CONNECT = 10.0
"""Seconds in which a cluster must answer."""
LOOK = 0.2
"""Seconds between two looks at the monitor."""


@contextmanager
def on_ray(address: str | None) -> Iterator[OnRay]:
    """The workers of a Ray cluster; one that was started here ends with the block.

    Args:
        address: `auto` or `host:port` of a cluster; None: Ray is started on this machine, unless
            this program uses it already.

    Cost: starting takes 5 to 40 s, connecting a few.

    Raises:
        RayMissing: it is not installed.
        ClusterUnreachable: nothing answers at the address, or it cannot be started.
    """
    try:
        import ray
    except ModuleNotFoundError as error:
        raise RayMissing from error
    if ray.is_initialized():
        yield OnRay()
        return
    # Ray would tell its makers about its use, and changes what a task sees that asks for no GPU.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    with _same_signals():
        try:
            if address is not None:
                _check_answers(address)
            ray.init(
                address or "local",
                include_dashboard=False if address is None else None,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (OSError, ValueError, RuntimeError) as error:
            why = _first_line(getattr(error, "strerror", None) or error)
            raise ClusterUnreachable(address or "local", why) from error
    # When a worker dies it prints to stdout, which is for results; there is no other switch.
    ray._private.worker._worker_logs_enabled = False
    try:
        yield OnRay()
    finally:
        ray.shutdown()


def _check_answers(address: str) -> None:
    """Raises what says that nothing is there: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=CONNECT).close()


@dataclass(frozen=True, slots=True)
class OnRay:
    """The workers of the cluster that this process is connected to."""

    threads: int | None = 1
    """A call has one core, beside the decoder's threads: there are as many calls as cores."""

    @property
    def device(self) -> str:
        """A GPU where the cluster has any."""
        best = "cuda" if _resources().get("GPU") else "cpu"
        return os.environ.get("MATCHCUT_DEVICE") or best

    @property
    def calls(self) -> int:
        """As many as the cluster has cores now."""
        return max(1, int(_resources().get("CPU", 1)))

    def run(
        self,
        function: Callable[[Argument, Monitor], Result],
        arguments: Iterable[Argument],
        monitor: Monitor,
        *,
        gpu: bool = False,
    ) -> Results[Argument, Result]:
        """As `Workers.run`: twice as many calls as the cluster has cores are under way."""
        import ray

        task = ray.remote(_called).options(num_cpus=1, num_gpus=int(gpu), max_retries=RETRIES)
        shared = ray.put(function)
        left = iter(arguments)
        under_way: dict[ObjectRef[Any], Argument] = {}
        try:
            while True:
                # Asked anew each time: clusters grow with their work.
                most = 2 * int(_resources().get("CPU", 1)) + 1
                for argument in islice(left, most - len(under_way)):
                    under_way[task.remote(__version__, shared, argument)] = argument
                if not under_way:
                    return
                ended, _ = ray.wait(list(under_way), timeout=LOOK)
                for one in ended:
                    argument = under_way.pop(one)
                    yield argument, partial(_result, one, argument)
                if monitor.cancelled():
                    raise Cancelled
        finally:
            for one in under_way:
                ray.cancel(one, force=True)


def _resources() -> dict[str, float]:
    """What all machines of the cluster have together."""
    import ray

    found: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    return found


class _Unwatched:
    """Stands for the monitor, which stays behind: Ray ends the worker of work that is stopped."""

    def report(self, progress: Progress, /) -> None:
        """Tells nobody."""

    def cancelled(self) -> bool:
        """Never."""
        return False


def _called(version: str, function: Callable[[Any, Monitor], Any], argument: Any) -> Any:
    if version != __version__:
        raise ClusterUnfit(f"it has matchcut {__version__}, not {version}")
    return function(argument, _Unwatched())


def _result(one: ObjectRef[Any], argument: object) -> Any:
    import ray
    from ray.exceptions import RayError, RaySystemError, RayTaskError

    try:
        return ray.get(one)
    except RayTaskError as error:
        if isinstance(error.cause, RaySystemError):  # What was sent could not be read there.
            raise ClusterUnfit(_first_line(error.cause)) from error
        raise error.cause from error
    except RayError as error:
        raise WorkerLost(argument, _first_line(error)) from error


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


@contextmanager
def _same_signals() -> Iterator[None]:
    """Ray would end the program at SIGTERM; whoever set a handler keeps it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
