"""Sequences and mappings that stand in files: mapped into memory, shared by every process of a machine, read where they
are asked and nowhere else. Whoever has one cannot tell it from a tuple or a dict, but for its size.

    Texts    texts by number
    Groups   a tuple of numbers by number
    Keys     numbers by text, found by halving
    Records  objects by number, made from a row when they are asked for; the last ones asked for are kept

Numbers are in numpy's .npy files, texts one after the other in UTF-8 with their ends in a .npy file beside.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar, overload

import numpy as np

T = TypeVar("T")

#: Objects of one kind that stay made: what a page, a path or a drawing comes back to, a few megabytes.
_KEPT: Final = 32_768


class _Sequence(Sequence[T]):
    """What a sequence needs besides its length and one item."""

    def _item(self, number: int) -> T:
        raise NotImplementedError

    @overload
    def __getitem__(self, number: int) -> T: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[T]: ...

    def __getitem__(self, number: int | slice) -> T | Sequence[T]:
        if isinstance(number, slice):
            return [self._item(one) for one in range(*number.indices(len(self)))]
        size = len(self)
        if not -size <= number < size:
            raise IndexError(number)
        return self._item(number + size if number < 0 else number)

    def __iter__(self) -> Iterator[T]:
        return map(self._item, range(len(self)))


def write_texts(stem: Path, texts: Iterable[str]) -> None:
    """Write texts for :class:`Texts`."""
    ends, at = [0], 0
    with stem.with_suffix(".txt").open("wb") as file:
        for text in texts:
            at += file.write(text.encode())
            ends.append(at)
    np.save(stem.with_suffix(".npy"), np.array(ends, dtype=np.int64))


class Texts(_Sequence[str]):
    """Texts by number."""

    def __init__(self, stem: Path) -> None:
        self._ends = np.load(stem.with_suffix(".npy"), mmap_mode="r")
        with stem.with_suffix(".txt").open("rb") as file:
            empty = not file.seek(0, 2)
            self._bytes: mmap.mmap | bytes = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def raw(self, number: int) -> bytes:
        """One text in UTF-8."""
        return self._bytes[int(self._ends[number]) : int(self._ends[number + 1])]

    def _item(self, number: int) -> str:
        return self.raw(number).decode()

    def find(self, text: str) -> int:
        """The number of a text among sorted ones; -1 where it is none of them."""
        wanted, low, high = text.encode(), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.raw(low) == wanted else -1


def write_groups(stem: Path, groups: Iterable[Sequence[int]]) -> None:
    """Write tuples of numbers for :class:`Groups`."""
    ends, every = [0], list[int]()
    for group in groups:
        every.extend(group)
        ends.append(len(every))
    np.save(stem.with_suffix(".npy"), np.array(every, dtype=np.int32))
    np.save(stem.with_suffix(".ends.npy"), np.array(ends, dtype=np.int64))


class Groups(_Sequence[tuple[int, ...]]):
    """A tuple of numbers by number."""

    def __init__(self, stem: Path) -> None:
        self._every = np.load(stem.with_suffix(".npy"), mmap_mode="r")
        self._ends = np.load(stem.with_suffix(".ends.npy"), mmap_mode="r")

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _item(self, number: int) -> tuple[int, ...]:
        found: list[int] = self._every[int(self._ends[number]) : int(self._ends[number + 1])].tolist()
        return tuple(found)


class Numbers(_Sequence[int]):
    """A number by number."""

    def __init__(self, stem: Path) -> None:
        self._every = np.load(stem.with_suffix(".npy"), mmap_mode="r")

    def __len__(self) -> int:
        return len(self._every)

    def _item(self, number: int) -> int:
        return int(self._every[number])


class Records(_Sequence[T]):
    """Objects by number, each made by `make` when it is asked for."""

    def __init__(self, size: int, make: Callable[[int], T]) -> None:
        self._size, self._make = size, make
        self._kept = lru_cache(_KEPT)(make)

    def __len__(self) -> int:
        return self._size

    def _item(self, number: int) -> T:
        return self._kept(number)

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._size))  # who reads everything does not put out what others come back to


def write_keys(stem: Path, numbers: Mapping[str, int]) -> None:
    """Write a mapping for :class:`Keys`."""
    ordered = sorted(numbers)  # by code points, which is also the order of their bytes in UTF-8
    write_texts(stem, ordered)
    np.save(stem.with_suffix(".values.npy"), np.array([numbers[key] for key in ordered], dtype=np.int32))


class Keys(Mapping[str, int]):
    """Numbers by text. Without a file of values, the number of a text is its place in the order of texts."""

    def __init__(self, stem: Path) -> None:
        self._texts = Texts(stem)
        values = stem.with_suffix(".values.npy")
        self._values: Any = np.load(values, mmap_mode="r") if values.exists() else None

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __getitem__(self, key: str) -> int:
        place = self._texts.find(key)
        if place < 0:
            raise KeyError(key)
        return place if self._values is None else int(self._values[place])

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._texts.find(key) >= 0

    def get(self, key: str, default: Any = None) -> Any:
        """The number of a text, or the default."""
        place = self._texts.find(key)
        return default if place < 0 else place if self._values is None else int(self._values[place])
