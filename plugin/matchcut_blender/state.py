"""The one session, the one asking thread, and the pump between them."""

from __future__ import annotations

import bpy

from .pictures import Pictures
from .plain.asking import Asker, Question
from .plain.session import Session
from .plain.told import Query

SESSION = Session()
ASKER = Asker()
PICTURES = Pictures()
EVERY_SECONDS = 0.1
"""How often the main thread listens while a question is under way."""


def ask(question: Question, query: Query | None) -> None:
    """Begins to ask, and to listen. Only while not busy."""
    SESSION.ask(query)
    if query is not None:
        PICTURES.forget()
    ASKER.ask(question)
    if not bpy.app.timers.is_registered(_listen):
        # It goes on when another project is opened.
        bpy.app.timers.register(_listen, first_interval=EVERY_SECONDS, persistent=True)


def pump() -> None:
    """Takes in what the asking thread has told since, and draws it. Never waits.

    Timers do not fire where Blender runs without a window; whoever drives it there calls this.
    """
    heard = False
    for told in ASKER.told():
        SESSION.hear(told)
        heard = True
    if heard:
        redraw()


def redraw() -> None:
    """Has every sequencer drawn anew."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


def _listen() -> float | None:
    pump()
    return EVERY_SECONDS if ASKER.busy else None


def close() -> None:
    """Stops what is under way and lets go of all."""
    ASKER.stop()
    if bpy.app.timers.is_registered(_listen):
        bpy.app.timers.unregister(_listen)
    PICTURES.close()
