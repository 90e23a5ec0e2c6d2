"""What the functions of bake files do, each with arguments already converted from HCL's values.

zclconf/go-cty function/stdlib; `Refused` is what bake would refuse, `TooHard` what is not told here.
"""

import hashlib
import json
import posixpath
import re
from collections.abc import Callable

from dockwright.bake.patterns import TooHard, search
from dockwright.bake.values import Value, arithmetic, is_number, normal, to_bool, to_number, to_text


class Refused(Exception):
    """Wrong arguments; becomes a `Fail` at the call."""


def as_text(value: Value) -> str:
    found = to_text(value)
    if found is None:
        raise Refused("an argument is no text")
    return found


def as_number(value: Value) -> int | float:
    found = to_number(value)
    if found is None:
        raise Refused("an argument is no number")
    return found


def whole(value: Value) -> int:
    found = as_number(value)
    if not isinstance(found, int):
        raise Refused("an argument is no whole number")
    return found


def truth(value: Value) -> bool:
    found = to_bool(value)
    if found is None:
        raise Refused("an argument is neither true nor false")
    return found


def items_of(value: Value) -> tuple[Value, ...]:
    if not isinstance(value, tuple):
        raise Refused("an argument is no list")
    return value


def entries_of(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise Refused("an argument is no object")
    return value


def unique(items: tuple[Value, ...]) -> tuple[Value, ...]:
    found: dict[str, Value] = {}
    for item in items:
        found.setdefault(json.dumps(plain(item), sort_keys=True), item)
    return tuple(found.values())


def plain(value: Value) -> object:
    """A value as the JSON module takes it."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return normal(value) if is_number(value) else value


def from_json(value: object) -> Value:
    if isinstance(value, list):
        return tuple(from_json(item) for item in value)
    if isinstance(value, dict):
        return {str(key): from_json(item) for key, item in value.items()}
    if isinstance(value, float):
        return normal(value)
    return value if isinstance(value, str | int) else None


def flatten(items: tuple[Value, ...]) -> tuple[Value, ...]:
    found: list[Value] = []
    stack = list(reversed(items))
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(reversed(item))
        else:
            found.append(item)
    return tuple(found)


def substr(text: Value, offset: Value, length: Value) -> Value:
    """Characters; a negative offset counts from the end, a length of -1 means all."""
    body, start, count = as_text(text), whole(offset), whole(length)
    start = max(start + len(body), 0) if start < 0 else start
    return body[start:] if count < 0 else body[start : start + count]


def part_of(items: Value, start: Value, end: Value) -> Value:
    body, first, last = items_of(items), whole(start), whole(end)
    if not 0 <= first <= last <= len(body):
        raise Refused("index is outside of the list")
    return body[first:last]


def length(value: Value) -> Value:
    if isinstance(value, tuple | dict):
        return len(value)
    raise Refused("argument has no length")


_VERB = re.compile(r"%(?:(%)|([-+ 0]*[0-9]{0,3})(\.[0-9]{1,2})?([a-zA-Z]))")


def formatted(pattern: Value, *args: Value) -> Value:
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
            number = whole(item) if verb == "d" else as_number(item)
            return f"%{flags}{verb}" % number
        text = json.dumps(as_text(item), ensure_ascii=False) if verb == "q" else as_text(item)
        return f"%{flags}s" % text

    found = _VERB.sub(put, as_text(pattern))
    if rest:
        raise Refused("too many arguments")
    return found


def coalesce(*args: Value) -> Value:
    found = next((arg for arg in args if arg is not None), None)
    if found is None:
        raise Refused("all arguments are null")
    return found


def regex(pattern: Value, text: Value) -> Value:
    found = search(as_text(pattern), as_text(text))
    if found is None:
        raise Refused("pattern did not match")
    return found


def indexed(items: Value, key: Value) -> Value:
    if isinstance(items, dict):
        return items[as_text(key)]
    return items_of(items)[whole(key)]


def element(items: Value, key: Value) -> Value:
    body = items_of(items)
    return body[whole(key) % len(body)]


def indexof(items: Value, wanted: Value) -> Value:
    for place, item in enumerate(items_of(items)):
        if type(item) is type(wanted) and item == wanted:
            return place
    raise Refused("item not found")


def numbers(*args: Value) -> Value:
    numbers = [whole(arg) for arg in args]
    found = range(*numbers) if len(numbers) > 1 else range(numbers[0])
    if len(found) > 1024:
        raise Refused("more than 1,024 values")
    return tuple(found)


def parseint(text: Value, base: Value) -> Value:
    if len(as_text(text)) > 300:
        raise TooHard("number is too long")
    return int(as_text(text), whole(base))


def power(left: Value, right: Value) -> Value:
    base, power = as_number(left), as_number(right)
    if abs(power) > 100 or abs(base) > 1e6:
        raise TooHard("number is too large")
    return normal(base**power)


def indent(width: Value, text: Value) -> Value:
    if not 0 <= whole(width) <= 1000:
        raise TooHard("indentation is too wide")
    return as_text(text).replace("\n", "\n" + " " * whole(width))


def digest(name: str) -> Callable[[Value], Value]:
    return lambda text: hashlib.new(name, as_text(text).encode(), usedforsecurity=False).hexdigest()


def compare(test: Callable[[float, float], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: test(as_number(left), as_number(right))


def calculate(operator: str) -> Callable[[Value, Value], Value]:
    def run(left: Value, right: Value) -> Value:
        found = arithmetic(operator, as_number(left), as_number(right))
        if found is None:
            raise TooHard("number is not computed exactly here")
        return found

    return run


def dirname(path: Value) -> Value:
    found = posixpath.dirname(as_text(path)) or ("/" if as_text(path).startswith("/") else ".")
    return posixpath.normpath(found)


def basename(path: Value) -> Value:
    text = as_text(path)
    return posixpath.basename(text.rstrip("/")) or ("/" if text else ".")


def looked_up(items: Value, key: Value, *default: Value) -> Value:
    found = entries_of(items)
    if as_text(key) in found:
        return found[as_text(key)]
    if not default:
        raise Refused("key is not there")
    return default[0]


def equal(left: Value, right: Value) -> Value:
    if is_number(left) and is_number(right):
        return left == right
    return type(left) is type(right) and left == right


def replaced(text: Value, old: Value, new: Value) -> Value:
    return as_text(text).replace(as_text(old), as_text(new))


def joined(separator: Value, *lists: Value) -> Value:
    return as_text(separator).join(as_text(item) for items in lists for item in items_of(items))


def parted(separator: Value, text: Value) -> Value:
    if not as_text(separator):
        return tuple(as_text(text))
    return tuple(as_text(text).split(as_text(separator)))


def contains(items: Value, wanted: Value) -> Value:
    return any(equal(item, wanted) for item in items_of(items))


def merged(*objects: Value) -> Value:
    return {key: item for found in objects if found is not None for key, item in entries_of(found).items()}


def encoded(value: Value) -> Value:
    """Go's encoder: keys sorted, `<`, `>`, `&` escaped."""
    found = json.dumps(plain(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda char: f"\\u{ord(char[0]):04x}", found)


def has_index(items: Value, key: Value) -> Value:
    if isinstance(items, dict):
        return to_text(key) in items
    number = to_number(key)
    return isinstance(number, int) and 0 <= number < len(items_of(items))


def zipmap(keys: Value, values: Value) -> Value:
    return dict(zip((as_text(key) for key in items_of(keys)), items_of(values), strict=True))
