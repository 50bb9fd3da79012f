"""A model small enough to write in a test, and a server that publishes it."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from torch import nn

from matchcut.models import Model, Published
from matchcut.types import Progress


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("MATCHCUT_OFFLINE", "MATCHCUT_MODELS", "MATCHCUT_DEVICE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch home"))
    monkeypatch.setenv("no_proxy", "*")


def small_network() -> nn.Sequential:
    """Three layers, of which the middle one has buffers as well as parameters."""
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def small_model(url: str = "http://127.0.0.1:9/weights/small-00000000.pth") -> Model:
    """A model whose weights nobody has published yet."""
    return Model(
        name="small",
        label="a network for tests",
        architecture="three layers",
        build=small_network,
        published=Published(
            weights=None,
            url=url,
            size=None,
            mebibytes=0.0,
            sha256="0" * 64,
            licence="none",
            trained_on="nothing, under no terms",
            paper="none",
        ),
        preprocessing="none",
        produces="(N, 2) numbers",
    )


def publishing(model: Model, content: bytes) -> Model:
    """The same model, saying that these bytes are its weights."""
    facts = replace(
        model.published,
        size=len(content),
        mebibytes=round(len(content) / 2**20, 3),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return replace(model, published=facts)


def write_as_published(model: Model, held: object, folder: Path) -> tuple[Model, Path]:
    """Saves a thing under the name of the model's weights; the model is then said to be it."""
    path = folder / model.file
    torch.save(held, path)
    return publishing(model, path.read_bytes()), path


@dataclass
class Watcher:
    """A monitor that stops the work once this many bytes have come."""

    stop_at: int | None = None
    reports: list[Progress] = field(default_factory=list)

    def report(self, progress: Progress, /) -> None:
        self.reports.append(progress)

    def cancelled(self) -> bool:
        done = self.reports[-1].done if self.reports else 0
        return self.stop_at is not None and done >= self.stop_at


@dataclass
class Shop:
    """What a server has, how it behaves, and what it was asked."""

    url: str
    content: bytes = b""
    knows_ranges: bool = True
    tells_length: bool = True
    breaks_after: int | None = None
    """Bytes of an answer after which it hangs up."""
    wrong_range: bool = False
    status: int | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Method and range of each request."""

    def model(self, content: bytes) -> Model:
        """The small model, published here with these bytes."""
        self.content = content
        return publishing(small_model(self.url), content)


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._begin()

        def do_GET(self) -> None:
            content = self._begin()
            with suppress(ConnectionError):  # A client that was stopped hangs up.
                self.wfile.write(content[: shop.breaks_after])

        def _begin(self) -> bytes:
            ranged = self.headers.get("Range")
            shop.asked.append((self.command, ranged))
            content, status, begin = shop.content, shop.status or 200, 0
            if ranged is not None and shop.knows_ranges and shop.status is None:
                stated = re.fullmatch(r"bytes=(\d+)-", ranged)
                assert stated is not None, ranged
                begin = int(stated[1])
                status = 206 if begin < len(content) else 416
                content = content[begin:] if status == 206 else b""
            self.send_response(status)
            if status == 206:
                begin += 1 if shop.wrong_range else 0
                self.send_header("Content-Range", f"bytes {begin}-{len(shop.content) - 1}/*")
            if shop.tells_length:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            return content

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: a test reads `asked`."""

    return Handler


@contextmanager
def serving() -> Iterator[Shop]:
    """A server on this machine that sends one file, until the block ends."""
    shop = Shop("")
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(shop)) as server:
        shop.url = f"http://127.0.0.1:{server.server_port}/weights/small-00000000.pth"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield shop
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def shop() -> Iterator[Shop]:
    """The server of one test."""
    with serving() as one:
        yield one
