"""The functions of bake files that can be told from their arguments.

docker/buildx bake/hclparser/stdlib.go and zclconf/go-cty function/stdlib. Functions of the clock, the machine or chance
(`timestamp`, `homedir`, `uuidv4` …) and those not written here are `Unknown`.
"""

import base64
import hashlib
import json
import math
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from dockwright.bake import syntax
from dockwright.bake.patterns import TooHard, findall, search, substitute
from dockwright.bake.values import (
    Fail,
    Unknown,
    Value,
    arithmetic,
    is_number,
    normal,
    to_bool,
    to_number,
    to_text,
)

if TYPE_CHECKING:
    from dockwright.bake.evaluate import Evaluator

Args = list[Value]


class Refused(Exception):
    """Wrong arguments; becomes a `Fail` at the call."""


def lazy(evaluator: "Evaluator", expr: syntax.Call, scope: Mapping[str, Value]) -> tuple[Value] | None:
    """`can` and `try`, which see whether their arguments fail; None for other functions."""
    if expr.name not in ("can", "try"):
        return None
    for arg in expr.args:
        try:
            value = evaluator.value(arg, scope)
        except Fail:
            continue
        if expr.name == "try" or isinstance(value, Unknown):
            return (value,)
        return (True,)
    if expr.name == "try":
        raise Fail("no argument of try can be evaluated", expr.span)
    return (False,)


def builtin(expr: syntax.Call, args: Args) -> Value:
    """The result of a function of the standard library; all arguments are known."""
    function = _FUNCTIONS.get(expr.name)
    if function is None:
        if expr.name in _KNOWN_ELSEWHERE:
            return Unknown(f"function {expr.name} is not evaluated here", expr.span)
        raise Fail(f"there is no function {expr.name}", expr.span)
    try:
        return function(*args)
    except TooHard as hard:
        return Unknown(str(hard), expr.span)
    except Refused as refused:
        raise Fail(f"{expr.name}: {refused}", expr.span) from None
    except (TypeError, ValueError, OverflowError, IndexError, KeyError, re.error) as error:
        raise Fail(f"{expr.name}: wrong arguments ({error})", expr.span) from None


def _text(value: Value) -> str:
    found = to_text(value)
    if found is None:
        raise Refused("an argument is no text")
    return found


def _number(value: Value) -> int | float:
    found = to_number(value)
    if found is None:
        raise Refused("an argument is no number")
    return found


def _int(value: Value) -> int:
    found = _number(value)
    if not isinstance(found, int):
        raise Refused("an argument is no whole number")
    return found


def _bool(value: Value) -> bool:
    found = to_bool(value)
    if found is None:
        raise Refused("an argument is neither true nor false")
    return found


def _list(value: Value) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise Refused("an argument is no list")
    return value


def _object(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise Refused("an argument is no object")
    return value


def _unique(items: tuple[Value, ...]) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for item in items:
        found.setdefault(json.dumps(_plain(item), sort_keys=True), item)
    return tuple(found.values())


def _plain(value: Value) -> object:
    """A value as the JSON module takes it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return normal(value) if is_number(value) else value


def _from_json(value: object) -> Value:
    if isinstance(value, list):
        return tuple(_from_json(item) for item in value)
    if isinstance(value, dict):
        return {str(key): _from_json(item) for key, item in value.items()}
    if isinstance(value, float):
        return normal(value)
    return value if isinstance(value, str | int) else None


def _flatten(items: tuple[Value, ...]) -> tuple[Value, ...]:
    found: list[Value] = []
    stack = list(reversed(items))
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(reversed(item))
        else:
            found.append(item)
    return tuple(found)


def _substr(text: Value, offset: Value, length: Value) -> Value:
    """Characters; a negative offset counts from the end, a length of -1 means all."""
    body, start, count = _text(text), _int(offset), _int(length)
    start = max(start + len(body), 0) if start < 0 else start
    return body[start:] if count < 0 else body[start : start + count]


def _slice(items: Value, start: Value, end: Value) -> Value:
    body, first, last = _list(items), _int(start), _int(end)
    if not 0 <= first <= last <= len(body):
        raise Refused("index is outside of the list")
    return body[first:last]


def _length(value: Value) -> Value:
    if isinstance(value, tuple | dict):
        return len(value)
    raise Refused("argument has no length")


_VERB = re.compile(r"%(?:(%)|([-+ 0]*[0-9]{0,3})(\.[0-9]{1,2})?([a-zA-Z]))")


def _format(pattern: Value, *args: Value) -> Value:
    """`%s`, `%v`, `%q`, `%d`, `%f` with flags, width and precision, and `%%`."""
    rest = list(args)

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return "%"
        verb, flags = found[4], found[2] + (found[3] or "")
        if verb not in "svqdf" or not rest:
            raise TooHard(f"format verb {found[0]} is not evaluated here")
        item = rest.pop(0)
        if verb in "df":
            number = _int(item) if verb == "d" else _number(item)
            return f"%{flags}{verb}" % number
        text = json.dumps(_text(item), ensure_ascii=False) if verb == "q" else _text(item)
        return f"%{flags}s" % text

    found = _VERB.sub(put, _text(pattern))
    if rest:
        raise Refused("too many arguments")
    return found


def _coalesce(*args: Value) -> Value:
    found = next((arg for arg in args if arg is not None), None)
    if found is None:
        raise Refused("all arguments are null")
    return found


def _regex(pattern: Value, text: Value) -> Value:
    found = search(_text(pattern), _text(text))
    if found is None:
        raise Refused("pattern did not match")
    return found


def _index(items: Value, key: Value) -> Value:
    if isinstance(items, dict):
        return items[_text(key)]
    return _list(items)[_int(key)]


def _element(items: Value, key: Value) -> Value:
    body = _list(items)
    return body[_int(key) % len(body)]


def _indexof(items: Value, wanted: Value) -> Value:
    for place, item in enumerate(_list(items)):
        if type(item) is type(wanted) and item == wanted:
            return place
    raise Refused("item not found")


def _range(*args: Value) -> Value:
    numbers = [_int(arg) for arg in args]
    found = range(*numbers) if len(numbers) > 1 else range(numbers[0])
    if len(found) > 1024:
        raise Refused("more than 1,024 values")
    return tuple(found)


def _parseint(text: Value, base: Value) -> Value:
    if len(_text(text)) > 300:
        raise TooHard("number is too long")
    return int(_text(text), _int(base))


def _pow(left: Value, right: Value) -> Value:
    base, power = _number(left), _number(right)
    if abs(power) > 100 or abs(base) > 1e6:
        raise TooHard("number is too large")
    return normal(base**power)


def _indent(width: Value, text: Value) -> Value:
    if not 0 <= _int(width) <= 1000:
        raise TooHard("indentation is too wide")
    return _text(text).replace("\n", "\n" + " " * _int(width))


def _digest(name: str) -> Callable[[Value], Value]:
    return lambda text: hashlib.new(name, _text(text).encode(), usedforsecurity=False).hexdigest()


def _compare(test: Callable[[float, float], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: test(_number(left), _number(right))


def _calculate(operator: str) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        found = arithmetic(operator, _number(left), _number(right))
        if found is None:
            raise TooHard("number is not computed exactly here")
        return found

    return run


def _dirname(path: Value) -> Value:
    found = posixpath.dirname(_text(path)) or ("/" if _text(path).startswith("/") else ".")
    return posixpath.normpath(found)


def _basename(path: Value) -> Value:
    text = _text(path)
    return posixpath.basename(text.rstrip("/")) or ("/" if text else ".")


def _lookup(items: Value, key: Value, *default: Value) -> Value:
    found = _object(items)
    if _text(key) in found:
        return found[_text(key)]
    if not default:
        raise Refused("key is not there")
    return default[0]


def _equal(left: Value, right: Value) -> Value:
    if is_number(left) and is_number(right):
        return left == right
    return type(left) is type(right) and left == right


def _replace(text: Value, old: Value, new: Value) -> Value:
    return _text(text).replace(_text(old), _text(new))


def _join(separator: Value, *lists: Value) -> Value:
    return _text(separator).join(_text(item) for items in lists for item in _list(items))


def _split(separator: Value, text: Value) -> Value:
    if not _text(separator):
        return tuple(_text(text))
    return tuple(_text(text).split(_text(separator)))


def _contains(items: Value, wanted: Value) -> Value:
    return any(_equal(item, wanted) for item in _list(items))


def _merge(*objects: Value) -> Value:
    return {key: item for found in objects if found is not None for key, item in _object(found).items()}


def _json(value: Value) -> Value:
    """Go's encoder: keys sorted, `<`, `>`, `&` escaped."""
    found = json.dumps(_plain(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda char: f"\\u{ord(char[0]):04x}", found)


def _has_index(items: Value, key: Value) -> Value:
    if isinstance(items, dict):
        return to_text(key) in items
    number = to_number(key)
    return isinstance(number, int) and 0 <= number < len(_list(items))


def _zipmap(keys: Value, values: Value) -> Value:
    return dict(zip((_text(key) for key in _list(keys)), _list(values), strict=True))


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "absolute": lambda number: abs(_number(number)),
    "add": _calculate("+"),
    "and": lambda left, right: _bool(left) and _bool(right),
    "base64decode": lambda text: base64.b64decode(_text(text), validate=True).decode(),
    "base64encode": lambda text: base64.b64encode(_text(text).encode()).decode(),
    "basename": _basename,
    "ceil": lambda number: math.ceil(_number(number)),
    "chomp": lambda text: re.sub(r"[\r\n]+\Z", "", _text(text)),
    "coalesce": _coalesce,
    "coalescelist": lambda *lists: next(found for found in lists if _list(found)),
    "compact": lambda items: tuple(item for item in _list(items) if item not in ("", None)),
    "concat": lambda *lists: tuple(item for found in lists for item in _list(found)),
    "contains": _contains,
    "dirname": _dirname,
    "distinct": lambda items: _unique(_list(items)),
    "divide": _calculate("/"),
    "element": _element,
    "equal": _equal,
    "flatten": lambda items: _flatten(_list(items)),
    "floor": lambda number: math.floor(_number(number)),
    "format": _format,
    "greaterthan": _compare(lambda left, right: left > right),
    "greaterthanorequalto": _compare(lambda left, right: left >= right),
    "hasindex": _has_index,
    "indent": _indent,
    "index": _index,
    "indexof": _indexof,
    "int": lambda number: int(_number(number)),
    "join": _join,
    "jsondecode": lambda text: _from_json(json.loads(_text(text))),
    "jsonencode": _json,
    "keys": lambda items: tuple(sorted(_object(items))),
    "length": _length,
    "lessthan": _compare(lambda left, right: left < right),
    "lessthanorequalto": _compare(lambda left, right: left <= right),
    "lookup": _lookup,
    "lower": lambda text: _text(text).lower(),
    "max": lambda *numbers: max(_number(number) for number in numbers),
    "md5": _digest("md5"),
    "merge": _merge,
    "min": lambda *numbers: min(_number(number) for number in numbers),
    "modulo": _calculate("%"),
    "multiply": _calculate("*"),
    "negate": lambda number: -_number(number),
    "not": lambda value: not _bool(value),
    "notequal": lambda left, right: not _equal(left, right),
    "or": lambda left, right: _bool(left) or _bool(right),
    "parseint": _parseint,
    "pow": _pow,
    "range": _range,
    "regex": _regex,
    "regex_replace": lambda text, pattern, new: substitute(_text(text), _text(pattern), _text(new)),
    "regexall": lambda pattern, text: findall(_text(pattern), _text(text)),
    "replace": _replace,
    "reverse": lambda text: _text(text)[::-1],
    "reverselist": lambda items: _list(items)[::-1],
    "sanitize": lambda text: re.sub(r"[^a-zA-Z0-9_-]", "_", _text(text)),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "sha512": _digest("sha512"),
    "slice": _slice,
    "sort": lambda items: tuple(sorted(_text(item) for item in _list(items))),
    "split": _split,
    "strlen": lambda text: len(_text(text)),
    "substr": _substr,
    "subtract": _calculate("-"),
    "title": lambda text: re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), _text(text)),
    "trim": lambda text, cut: _text(text).strip(_text(cut)),
    "trimprefix": lambda text, prefix: _text(text).removeprefix(_text(prefix)),
    "trimspace": lambda text: _text(text).strip(),
    "trimsuffix": lambda text, suffix: _text(text).removesuffix(_text(suffix)),
    "upper": lambda text: _text(text).upper(),
    "urlencode": lambda text: quote_plus(_text(text)),
    "values": lambda items: tuple(item for _key, item in sorted(_object(items).items())),
    "zipmap": _zipmap,
}
"""By name; arguments as in HCL, texts and numbers converted to each other as cty does."""

_KNOWN_ELSEWHERE = frozenset(
    """
    bcrypt byteslen bytesslice chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets convert csvdecode formatdate
    formatlist formattimestamp homedir log rsadecrypt semvercmp sethaselement setintersection setproduct
    setsubtract setsymmetricdifference setunion signum timeadd timestamp unixtimestampparse uuidv4 uuidv5
    """.split()  # noqa: SIM905  # a list of thirty strings is no easier to read
)
