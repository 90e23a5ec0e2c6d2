"""Secrets that well-known commands are given without a telling name: `mysql -pX`, `docker login -p X`, `curl -u a:X`.

Sources: the manual pages of the commands named in each pattern; RFC 9110 (Authorization: Basic, Bearer); the grammar of
CREATE USER and ALTER USER of PostgreSQL, MySQL and MariaDB.
"""

import re
from collections.abc import Callable

from dockwright.lazy import lazy_regex

_HINT = lazy_regex(
    r"login|mysql|mariadb|redis|requirepass|masterauth|sshpass|curl|wget|[Bb]earer|BEARER|uthorization|UTHORIZATION"
    r"|(?i:identified by|password\s+['\"])|mongo|config|stdin|rabbitmqctl|htpasswd|unzip|7z"
)
"""No text without one of these is looked at any further."""
_NOT_PORT = r"(?![\d.:\[\]-]+(?:/(?:tcp|udp|sctp))?(?=[\s\"']|$))"
_VALUE = r"(?P<value>\"[^\"\n]{1,500}\"?|'[^'\n]{1,500}'?|[^\s\"'|;&<>`]{1,500})"
_REST = r"(?:[^\n|;&]{0,300}?\s)?"
"""Other arguments of the same command."""
_PATTERNS = tuple(
    lazy_regex(rf"(?P<head>{head}){value}")
    for head, value in (
        (rf"\blogin\s{_REST}-p[\s=]*", _NOT_PORT + _VALUE),
        (rf"\b(?:mysql|mariadb)[\w-]{{0,20}}\s{_REST}-p", r"(?=\S)" + _NOT_PORT + _VALUE),
        (rf"\bmongo[a-z]{{0,10}}\s{_REST}-p\s+", _NOT_PORT + _VALUE),
        (rf"\bredis-cli\s{_REST}(?:-a|--pass)[\s=]+", _VALUE),
        (r"\b(?:requirepass|masterauth)[\s=\"',]+", _VALUE),
        (r"\bsshpass\s+-p\s*", _VALUE),
        (rf"\b(?:curl|wget)\s{_REST}(?:-u|--user|--proxy-user)[\s=]*[\"']?[^\s:\"']{{1,100}}:", _VALUE),
        (r"(?i:authorization\s{0,4}[:=]\s{0,4}[\"']?\s{0,4}(?:bearer|basic|token)\s+)", _VALUE),
        (r"\b(?:[Bb]earer|BEARER)\s+", r"(?=[^\s\"']{0,200}\d)(?P<value>[\w.~+/=-]{12,2000})"),
        (r"(?i:\b(?:identified\s+by|password)\s+)(?=['\"])", _VALUE),
        (r"\bauthToken[\s=]+", _VALUE),
        (
            r"\bconfig(?:ure)?\s+set\s+[\w.:/-]{0,100}(?:[Tt]oken|[Ss]ecret|[Pp]assword|secret_access_key)\s+",
            _VALUE,
        ),
        (r"\becho\s+(?:-n\s+)?", _VALUE + r"(?=\s*\|[^\n]{0,300}?--password-stdin)"),
        (r"\brabbitmqctl\s+(?:add_user|change_password)\s+\S{1,100}\s+", _VALUE),
        (r"\bhtpasswd\s+-\w*b\w*\s+(?:\S{1,200}\s+){1,2}", _VALUE + r"(?=\s*(?:$|[|;&>]))"),
        (rf"\bunzip\s{_REST}-P\s*", _VALUE),
        (rf"\b7z[ar]?\s{_REST}-p", r"(?=\S)" + _VALUE),
    )
)


def hide(text: str, put: str, stays: Callable[[str], bool]) -> str:
    """`text` with the secrets replaced by `put`; values of which `stays` says so are left (references, placeholders)."""
    if " " not in text or _HINT.search(text) is None:
        return text

    def replace(match: re.Match[str]) -> str:
        value = match["value"]
        quote = value[0] if value[0] in "\"'" else ""
        inner = value.strip(quote) if quote else value
        if not inner or inner == put or stays(inner):
            return match[0]
        return f"{match['head']}{quote}{put}{quote if quote and len(value) > 1 and value.endswith(quote) else ''}"

    for pattern in _PATTERNS:
        text = pattern.sub(replace, text)
    return text
