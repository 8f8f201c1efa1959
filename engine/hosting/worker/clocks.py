"""Clocks and randomness, closed while a plugin judges: the same facts give the same verdict on any day.

They are closed as far as Python reaches. While the plugin is loaded they are closed to its own code only, since many a
library reads a clock when it is imported; while it judges they are closed to everybody. `facts.today` is the day.
"""

from __future__ import annotations

import datetime
import functools
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from engine.hosting.worker.refusing import refuse

_ALWAYS = (
    *("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time"),
    *("process_time_ns", "thread_time", "thread_time_ns", "clock_gettime", "clock_gettime_ns"),
)
_WITHOUT_A_MOMENT = {"localtime": 1, "gmtime": 1, "ctime": 1, "asctime": 1, "strftime": 2}
"""These read the clock where they are not told a moment, which is their argument of this number."""
_CLOCK = "read the clock (the day is facts.today)"
_CHANCE = "draw random numbers"


class Clocks:
    """Who may read a clock just now."""

    def __init__(self) -> None:
        self.closed = False
        self.own: tuple[str, ...] = ()
        """The folders of the plugin's own code, to which the clocks are closed while it is loaded."""

    def check(self, tried: str) -> None:
        """Raises MayNot where the clocks are closed to whoever called the function that calls this."""
        if self.closed or (self.own and sys._getframe(2).f_code.co_filename.startswith(self.own)):
            raise refuse(tried)


def shut(clocks: Clocks) -> None:
    """Puts in the place of every function that reads a clock or draws at random one that asks `clocks` first."""
    for name in _ALWAYS:
        if hasattr(time, name):
            setattr(time, name, _asking(clocks, getattr(time, name), _CLOCK))
    for name, moment in _WITHOUT_A_MOMENT.items():
        setattr(time, name, _asking_without(clocks, getattr(time, name), moment))
    for module in (os, random, uuid):
        for name in ("urandom", "getrandom", "_urandom", "uuid1", "uuid4"):
            if hasattr(module, name):
                setattr(module, name, _asking(clocks, getattr(module, name), _CHANCE))
    seed = _seed(clocks, random.Random.seed)
    setattr(random.Random, "seed", seed)  # noqa: B010  # a method is replaced; that is the purpose
    random.seed = functools.partial(seed, random._inst)
    _shut_days(clocks)


def _asking(clocks: Clocks, real: Callable[..., Any], tried: str) -> Callable[..., Any]:
    @functools.wraps(real)
    def ask(*args: Any, **kwargs: Any) -> Any:
        clocks.check(tried)
        return real(*args, **kwargs)

    return ask


def _asking_without(clocks: Clocks, real: Callable[..., Any], moment: int) -> Callable[..., Any]:
    @functools.wraps(real)
    def ask(*args: Any) -> Any:
        if len(args) < moment or args[moment - 1] is None:
            clocks.check(_CLOCK)
        return real(*args)

    return ask


def _seed(clocks: Clocks, real: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(real)
    def seed(self: random.Random, a: Any = None, version: int = 2) -> None:
        if a is None:
            clocks.check(_CHANCE)
        real(self, a, version)

    return seed


class _AnyDay(type):
    """Makes every day a `date`, and every moment a `datetime`, also those made before the clocks were closed."""

    def __instancecheck__(cls, value: object) -> bool:
        real = cls.__dict__.get("_real")
        return type.__instancecheck__(cls, value) if real is None else isinstance(value, real)

    def __subclasscheck__(cls, other: type) -> bool:
        real = cls.__dict__.get("_real")
        return type.__subclasscheck__(cls, other) if real is None else issubclass(other, real)


def _shut_days(clocks: Clocks) -> None:
    """Puts classes in the place of `date` and `datetime` that are the same but for what day it is."""

    class Date(datetime.date, metaclass=_AnyDay):
        __slots__ = ()
        _real = datetime.date

        @classmethod
        def today(cls) -> Any:
            clocks.check(_CLOCK)
            return super().today()

    class Moment(datetime.datetime, metaclass=_AnyDay):
        __slots__ = ()
        _real = datetime.datetime

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            clocks.check(_CLOCK)
            return super().now(tz)

        @classmethod
        def utcnow(cls) -> Any:
            clocks.check(_CLOCK)
            return super().now(datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            clocks.check(_CLOCK)
            return super().now()

        def date(self) -> Any:
            return Date(self.year, self.month, self.day)

    for cls, name in ((Date, "date"), (Moment, "datetime")):
        cls.__name__ = cls.__qualname__ = name
        cls.__module__ = "datetime"
        setattr(datetime, name, cls)
