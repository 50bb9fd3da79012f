"""XML documents from plain values."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text with `?` for what no XML document can hold: control characters, half characters."""
    return _FORBIDDEN.sub("?", text)


def add(parent: Element, tag: str, text: object = None, **attributes: str) -> Element:
    """A new last child of `parent`."""
    made = SubElement(parent, tag, {name: clean(value) for name, value in attributes.items()})
    if text is not None:
        made.text = clean(str(text))
    return made


def document(root: Element, doctype: str = "") -> bytes:
    """The document, indented, in UTF-8."""
    indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' + (f"{doctype}\n" if doctype else "")
    return head.encode() + tostring(root, encoding="unicode").encode() + b"\n"
