"""Documents that are made from the code are as the code is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import tables
from tests.committed import unwanted

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("document", tables.DOCUMENTS)
def test_the_tables_in_the_documents_are_fresh(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert tables.renewed(text) == text, "run `make docs`"


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ]
    assert not broken


def test_media_weights_and_large_files_are_refused_before_a_commit(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 500_001)
    small = tmp_path / "small.py"
    small.write_text("")
    assert unwanted([small]) == []
    assert len(unwanted([large, tmp_path / "film.mov", tmp_path / "net.pth"])) == 3
