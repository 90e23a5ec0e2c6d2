"""Signal names STOPSIGNAL takes. Source: github.com/moby/sys/signal: ParseSignal."""

from dockwright.dockerfile.golang import parse_int

_NAMES = (
    frozenset(
        [
            "ABRT",
            "ALRM",
            "BUS",
            "CHLD",
            "CLD",
            "CONT",
            "FPE",
            "HUP",
            "ILL",
            "INT",
            "IO",
            "IOT",
            "KILL",
            "PIPE",
            "POLL",
            "PROF",
            "PWR",
            "QUIT",
            "SEGV",
            "STKFLT",
            "STOP",
            "SYS",
            "TERM",
            "TRAP",
            "TSTP",
            "TTIN",
            "TTOU",
            "URG",
            "USR1",
            "USR2",
            "VTALRM",
            "WINCH",
            "XCPU",
            "XFSZ",
            "RTMIN",
            "RTMAX",
        ]
    )
    | {f"RTMIN+{number}" for number in range(1, 16)}
    | {f"RTMAX-{number}" for number in range(1, 15)}
)


def is_signal(text: str) -> bool:
    """True for a number other than 0 or a name, with or without SIG, in any case."""
    number = parse_int(text, 64)
    if isinstance(number, int):
        return number != 0
    return text.upper().removeprefix("SIG") in _NAMES
