"""A lock that the disk does not let be held is said with a sentence."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from matchcut.errors import DiskFull, MatchcutError, PreconditionError
from matchcut.server.lock import hold


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFull), (errno.EIO, PreconditionError)]
)
@pytest.mark.parametrize("step", ["os.open", "os.write"])
def test_a_disk_that_refuses_the_lock_is_said_with_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    number: int,
    kind: type[MatchcutError],
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(step, failing)
        with pytest.raises(kind) as told, hold(tmp_path):
            pass
    assert told.value.next_step
    with hold(tmp_path):
        pass
