"""From the core's coroutines to the methods of both clients: each call is written down once, and typed for both."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from remotehands.caller import Caller
from remotehands.ways import Awaiting, Blocking, Way

W = TypeVar("W", bound=Way)
P = ParamSpec("P")
R = TypeVar("R")


class Calls(Generic[W]):
    """Calls that belong together, of a client that waits in one way or the other."""

    def __init__(self, caller: Caller, way: W) -> None:
        self._caller = caller
        self._way = way


class call(Generic[P, R]):  # noqa: N801 - a decorator
    """A call with one result: blocking it returns it, awaiting it returns a coroutine."""

    def __init__(self, function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, calls: None, owner: type) -> "call[P, R]": ...
    @overload
    def __get__(self, calls: Calls[Blocking], owner: type) -> Callable[P, R]: ...
    @overload
    def __get__(self, calls: Calls[Awaiting], owner: type) -> Callable[P, Coroutine[Any, Any, R]]: ...
    def __get__(self, calls: Any, owner: type) -> Any:
        """Return the call as a method of this client."""
        if calls is None:
            return self

        @wraps(self.function)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return calls._way.run(self.function(calls, *args, **kwargs))

        return method


class each(Generic[P, R]):  # noqa: N801 - a decorator
    """A call that gives one thing after the other: an iterator, or under asyncio an asynchronous one."""

    def __init__(self, function: Callable[Concatenate[Any, P], AsyncGenerator[R, None]]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, calls: None, owner: type) -> "each[P, R]": ...
    @overload
    def __get__(self, calls: Calls[Blocking], owner: type) -> Callable[P, Iterator[R]]: ...
    @overload
    def __get__(self, calls: Calls[Awaiting], owner: type) -> Callable[P, AsyncGenerator[R, None]]: ...
    def __get__(self, calls: Any, owner: type) -> Any:
        """Return the call as a method of this client."""
        if calls is None:
            return self

        @wraps(self.function)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:
            return calls._way.iterate(self.function(calls, *args, **kwargs))

        return method
