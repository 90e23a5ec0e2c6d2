"""The functions of bake files that can be told from their arguments.

docker/buildx bake/hclparser/stdlib.go and zclconf/go-cty function/stdlib. Functions of the clock, the machine or chance
(`timestamp`, `homedir`, `uuidv4` …) and those not written here are `Unknown`.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from dockwright.bake import library as lib
from dockwright.bake import syntax
from dockwright.bake.patterns import TooHard, findall, substitute
from dockwright.bake.values import (
    Fail,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from dockwright.bake.evaluate import Evaluator

Args = list[Value]


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
    except lib.Refused as refused:
        raise Fail(f"{expr.name}: {refused}", expr.span) from None
    except (TypeError, ValueError, OverflowError, IndexError, KeyError, re.error) as error:
        raise Fail(f"{expr.name}: wrong arguments ({error})", expr.span) from None


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "absolute": lambda number: abs(lib.as_number(number)),
    "add": lib.calculate("+"),
    "and": lambda left, right: lib.truth(left) and lib.truth(right),
    "base64decode": lambda text: base64.b64decode(lib.as_text(text), validate=True).decode(),
    "base64encode": lambda text: base64.b64encode(lib.as_text(text).encode()).decode(),
    "basename": lib.basename,
    "ceil": lambda number: math.ceil(lib.as_number(number)),
    "chomp": lambda text: re.sub(r"[\r\n]+\Z", "", lib.as_text(text)),
    "coalesce": lib.coalesce,
    "coalescelist": lambda *lists: next(found for found in lists if lib.items_of(found)),
    "compact": lambda items: tuple(item for item in lib.items_of(items) if item not in ("", None)),
    "concat": lambda *lists: tuple(item for found in lists for item in lib.items_of(found)),
    "contains": lib.contains,
    "dirname": lib.dirname,
    "distinct": lambda items: lib.unique(lib.items_of(items)),
    "divide": lib.calculate("/"),
    "element": lib.element,
    "equal": lib.equal,
    "flatten": lambda items: lib.flatten(lib.items_of(items)),
    "floor": lambda number: math.floor(lib.as_number(number)),
    "format": lib.formatted,
    "greaterthan": lib.compare(lambda left, right: left > right),
    "greaterthanorequalto": lib.compare(lambda left, right: left >= right),
    "hasindex": lib.has_index,
    "indent": lib.indent,
    "index": lib.indexed,
    "indexof": lib.indexof,
    "int": lambda number: int(lib.as_number(number)),
    "join": lib.joined,
    "jsondecode": lambda text: lib.from_json(json.loads(lib.as_text(text))),
    "jsonencode": lib.encoded,
    "keys": lambda items: tuple(sorted(lib.entries_of(items))),
    "length": lib.length,
    "lessthan": lib.compare(lambda left, right: left < right),
    "lessthanorequalto": lib.compare(lambda left, right: left <= right),
    "lookup": lib.looked_up,
    "lower": lambda text: lib.as_text(text).lower(),
    "max": lambda *numbers: max(lib.as_number(number) for number in numbers),
    "md5": lib.digest("md5"),
    "merge": lib.merged,
    "min": lambda *numbers: min(lib.as_number(number) for number in numbers),
    "modulo": lib.calculate("%"),
    "multiply": lib.calculate("*"),
    "negate": lambda number: -lib.as_number(number),
    "not": lambda value: not lib.truth(value),
    "notequal": lambda left, right: not lib.equal(left, right),
    "or": lambda left, right: lib.truth(left) or lib.truth(right),
    "parseint": lib.parseint,
    "pow": lib.power,
    "range": lib.numbers,
    "regex": lib.regex,
    "regex_replace": lambda text, pattern, new: substitute(
        lib.as_text(text), lib.as_text(pattern), lib.as_text(new)
    ),
    "regexall": lambda pattern, text: findall(lib.as_text(pattern), lib.as_text(text)),
    "replace": lib.replaced,
    "reverse": lambda text: lib.as_text(text)[::-1],
    "reverselist": lambda items: lib.items_of(items)[::-1],
    "sanitize": lambda text: re.sub(r"[^a-zA-Z0-9_-]", "_", lib.as_text(text)),
    "sha1": lib.digest("sha1"),
    "sha256": lib.digest("sha256"),
    "sha512": lib.digest("sha512"),
    "slice": lib.part_of,
    "sort": lambda items: tuple(sorted(lib.as_text(item) for item in lib.items_of(items))),
    "split": lib.parted,
    "strlen": lambda text: len(lib.as_text(text)),
    "substr": lib.substr,
    "subtract": lib.calculate("-"),
    "title": lambda text: re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), lib.as_text(text)),
    "trim": lambda text, cut: lib.as_text(text).strip(lib.as_text(cut)),
    "trimprefix": lambda text, prefix: lib.as_text(text).removeprefix(lib.as_text(prefix)),
    "trimspace": lambda text: lib.as_text(text).strip(),
    "trimsuffix": lambda text, suffix: lib.as_text(text).removesuffix(lib.as_text(suffix)),
    "upper": lambda text: lib.as_text(text).upper(),
    "urlencode": lambda text: quote_plus(lib.as_text(text)),
    "values": lambda items: tuple(item for _key, item in sorted(lib.entries_of(items).items())),
    "zipmap": lib.zipmap,
}
"""By name; arguments as in HCL, texts and numbers converted to each other as cty does."""

_KNOWN_ELSEWHERE = frozenset(
    """
    bcrypt byteslen bytesslice chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets convert csvdecode formatdate
    formatlist formattimestamp homedir log rsadecrypt semvercmp sethaselement setintersection setproduct
    setsubtract setsymmetricdifference setunion signum timeadd timestamp unixtimestampparse uuidv4 uuidv5
    """.split()  # noqa: SIM905  # a list of thirty strings is no easier to read
)
