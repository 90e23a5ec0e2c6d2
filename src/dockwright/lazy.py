"""Values that are worked out when they are first asked for, and kept: attributes and regular expressions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any, AnyStr, Generic, TypeVar, overload

    _Owner = TypeVar("_Owner")
    _Value = TypeVar("_Value")
else:

    class Generic:
        """Stands for typing's, whose import takes a tenth of `dockwright compose config`."""

        def __class_getitem__(cls, _parameters: object) -> type:
            return object

    _Owner = _Value = None


class once(Generic[_Owner, _Value]):  # noqa: N801 - a decorator, named as one
    """`functools.cached_property` as Python 3.12 has it: without the lock, which costs more than most attributes."""

    def __init__(self, function: Callable[[_Owner], _Value]) -> None:
        self.function = function
        self.name = ""
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> once[_Owner, _Value]: ...
        @overload
        def __get__(self, instance: object, owner: type) -> _Value: ...

    def __get__(self, instance: Any, owner: type) -> once[_Owner, _Value] | _Value:
        if instance is None:
            return self
        value: _Value
        value = instance.__dict__[self.name] = self.function(instance)
        return value


class LazyPattern:
    """Stands for a regular expression that is compiled when one of its methods is first used."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def compiled(self) -> re.Pattern[Any]:
        import re

        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.compiled(), name)
        self.__dict__[name] = value
        return value


def lazy_regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A regular expression of a module of which most runs use little: compiling them all was a sixth of a start."""
    return LazyPattern(source, flags)  # type: ignore[return-value]  # it answers as one
