"""Texts as line-based formats can hold them."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text with a space for each tab, line end and other run of white space, in UTF-8."""
    return " ".join(text.split()).encode(errors="replace").decode()
