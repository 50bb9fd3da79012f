"""Rows of words, compiled: how many bits two of them share, and rows fetched before they are due.

Where only one row in some is looked at, a processor cannot guess which comes next, and waits for
memory: 100 ns a row, twenty times what counting its bits takes. Told a few rows ahead, it does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint64]

LIKELY = 1 << 10
"""Rows that are looked through at a time for those that may score enough: what is told of so many
stays near the processor."""
LINE = 8
"""Words of a cache line of 64 bytes; where lines are longer, some are asked for twice."""
_READ, _KEPT, _NUMBERS = 0, 3, 1
"""What is said of a row that is fetched: it is read, stays in every cache, and is no code."""


def _counted(_: Any, word: Any) -> Any:
    def generated(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generated


def _fetched(_: Any, rows: Any, row: Any, word: Any) -> Any:
    def generated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(rows)(context, builder, arguments[0])
        place = _place_of(context, builder, rows, array, arguments[1:])
        byte = builder.bitcast(place, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        shape = ir.FunctionType(ir.VoidType(), [byte.type, number, number, number])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [byte.type], shape)
        builder.call(fetch, [byte, number(_READ), number(_KEPT), number(_NUMBERS)])
        return context.get_dummy_value()

    return types.void(rows, types.int64, types.int64), generated


_place_of: Any = cgutils.get_item_pointer
_set_bits: Any = intrinsic(_counted)
"""The number of set bits of a word: one instruction."""
_fetch_line: Any = intrinsic(_fetched)
"""Asks for the cache line of a word of a row; an instruction that waits for nothing."""


@njit(nogil=True, cache=True)
def shared_bits(words: Words, here: int, others: Words, there: int) -> np.uint64:
    """How many bits the row `here` of (R, W) words shares with the row `there` of others."""
    both = np.uint64(0)
    for word in range(words.shape[1]):
        both += _set_bits(words[here, word] & others[there, word])
    return both


@njit(nogil=True, cache=True)
def fetch(words: Words, row: int) -> None:
    """Has a row of (R, W) words come to the processor while it does other things."""
    for word in range(0, words.shape[1], LINE):
        _fetch_line(words, row, word)
