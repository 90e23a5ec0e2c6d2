"""Dockerfiles that say something about every setting of an image and every kind of operation.

`{base}` is an image with settings of its own, `{plain}` one without. They are built on busybox; nothing is fetched.
"""

FILES = {"a.txt": "a\n", "d/b.txt": "b\n", "d/c.md": "c\n", "run.sh": "echo hello\n"}

DOCKERFILES = {
    "nothing": "FROM {base}\n",
    "plain": "FROM {plain}\nRUN true\n",
    "env": 'FROM {base}\nENV A=1 B=$A C="x y"\nENV A=2 D=${{A}}z\nENV PATH=/opt:$PATH\nRUN true\n',
    "arg": "ARG G=1\nFROM {base}\nARG G\nARG V=v W=$G\nENV X=$V-$W\nRUN test $V = v\n",
    "workdir": "FROM {base}\nWORKDIR sub\nWORKDIR ../x/\nRUN true\nCOPY a.txt .\n",
    "user": "FROM {base}\nUSER 5:6\nWORKDIR /w\nCOPY a.txt /w/\nUSER root\n",
    "cmd": "FROM {base}\nCMD echo $HOME\n",
    "entrypoint resets cmd": 'FROM {base}\nENTRYPOINT ["e", "f"]\n',
    "entrypoint keeps cmd": 'FROM {base}\nCMD ["c"]\nENTRYPOINT e f\n',
    "shell": 'FROM {base}\nSHELL ["/bin/sh", "-ec"]\nRUN true\nCMD x\n',
    "ports": "FROM {base}\nARG P=90\nEXPOSE $P 8000-8002/udp 80\n",
    "labels": 'FROM {base}\nLABEL a=1 "b c"=d a=2\nLABEL e f g\n',
    "volumes": 'FROM {base}\nVOLUME /v /w\nVOLUME ["/x"]\n',
    "health": "FROM {base}\nHEALTHCHECK --interval=3s --timeout=1m --retries=4 CMD curl x\n",
    "no health": "FROM {base}\nHEALTHCHECK NONE\n",
    "stop signal": "FROM {base}\nARG S=9\nSTOPSIGNAL $S\n",
    "onbuild": "FROM {base}\nONBUILD RUN echo $X\nONBUILD COPY a.txt /\n",
    "stages": (
        "FROM {base} AS one\nENV S=1\nUSER 5\nUSER root\nRUN true\nFROM one AS two\nWORKDIR two\nRUN true\n"
        "FROM {plain}\nCOPY --from=two /bin/true /t\nCOPY --from=0 /bin/sh /s\nCOPY --from={base} /bin/sh /u\n"
    ),
    "twins": (
        "FROM {plain} AS p\nRUN true\nFROM {plain} AS q\nRUN true\nFROM scratch\n"
        "COPY --from=p /bin/true /1\nCOPY --from=q /bin/true /2\n"
    ),
    "onbuild stage": "FROM {plain} AS p\nONBUILD COPY a.txt /onb\nONBUILD RUN true\nFROM p\nRUN true\n",
    "onbuild image": "FROM {onbuild}\nRUN true\n",
    "mounts": (
        "FROM {plain} AS s\nRUN true\nFROM {plain}\nRUN --mount=target=/m,source=d --mount=type=cache,target=/c true\n"
        "RUN --mount=from=s,target=/n --mount=type=tmpfs,target=/t,size=1m true\n"
        "RUN --mount=type=secret,id=k --mount=type=cache,target=/c,uid=5,mode=0700 true\n"
    ),
    "heredocs": (
        "FROM {plain}\nARG V=1\nCOPY <<EOF /e\nv=$V\nEOF\nCOPY <<a <<'b' /f/\n1\na\n$V\nb\n"
        "RUN <<EOF\n#!/bin/sh\ntrue\nEOF\nRUN <<EOF\ntrue\nEOF\n"
    ),
    "copies": (
        "FROM {plain}\nCOPY --chown=5:x --chmod=600 a.txt d /x/\nADD d/*.txt /y/\nCOPY --link a.txt /z\n"
        'COPY ["a.txt", "run.sh", "/q/"]\nWORKDIR /w\nCOPY . .\n'
    ),
    "network": "FROM {plain}\nRUN --network=none true\nRUN --network=default true\n",
    "scratch": 'FROM scratch\nCOPY a.txt /\nENV A=1\nCMD ["/a"]\n',
    "platform": "FROM --platform=$BUILDPLATFORM {plain}\nARG TARGETARCH TARGETOS\nENV P=$TARGETOS/$TARGETARCH\n",
}  # fmt: skip

PAIRS = {
    "stage name": ("FROM {plain} AS a\nRUN true\nFROM a\nRUN :\n", "FROM {plain} AS b\nRUN true\nFROM b\nRUN :\n"),
    "stage split": ("FROM {plain}\nRUN true\nRUN :\n", "FROM {plain} AS a\nRUN true\nFROM a\nRUN :\n"),
    "comments and case": ("FROM {plain}\nRUN true\n", "# c\nfrom {plain}\n# d\n  run true\n"),
    "split ENV": ("FROM {plain}\nENV A=1 B=2\nRUN true\n", "FROM {plain}\nENV A 1\nENV B=2\nRUN true\n"),
    "by number": (
        "FROM {plain} AS a\nRUN true\nFROM scratch\nCOPY --from=a /bin/sh /\n",
        "FROM {plain}\nRUN true\nFROM scratch\nCOPY --from=0 /bin/sh /\n",
    ),
    "heredoc name": ("FROM {plain}\nRUN <<A\ntrue\nA\n", "FROM {plain}\nRUN <<B\ntrue\nB\n"),
    "exec form": ("FROM {plain}\nRUN true\n", 'FROM {plain}\nRUN ["/bin/sh", "-c", "true"]\n'),
    "ARG for ENV": ("FROM {plain}\nARG A=1\nRUN true\n", "FROM {plain}\nENV A=1\nRUN true\n"),
    "order of ENV": ("FROM {plain}\nENV A=1 B=2\nRUN true\n", "FROM {plain}\nENV B=2 A=1\nRUN true\n"),
    "text": ("FROM {plain}\nRUN true\n", "FROM {plain}\nRUN  true \\\n  x\n"),
    "directory": ("FROM {plain}\nWORKDIR /w\nRUN true\n", "FROM {plain}\nWORKDIR /w/\nRUN true\n"),
    "user": ("FROM {plain}\nRUN true\n", "FROM {plain}\nUSER root\nRUN true\n"),
    "base": ("FROM {plain}\nRUN true\n", "FROM {base}\nRUN true\n"),
    "cache id": (
        "FROM {plain}\nRUN --mount=type=cache,target=/c,id=p true\n",
        "FROM {plain}\nRUN --mount=type=cache,target=/c,id=q true\n",
    ),
    "heredoc file": ("FROM {plain}\nCOPY <<A /f\nx\nA\n", "FROM {plain}\nCOPY <<A /f\ny\nA\n"),
    "chmod": ("FROM {plain}\nCOPY --chmod=644 <<A /f\nx\nA\n", "FROM {plain}\nCOPY --chmod=0644 <<A /f\nx\nA\n"),
    "unreached": ("FROM {plain}\nRUN true\n", "FROM nowhere/at:all\nRUN x\nFROM {plain}\nRUN true\n"),
    "label": ("FROM {plain}\nLABEL a=1\nRUN true\n", "FROM {plain}\nLABEL a=2\nRUN true\n"),
}  # fmt: skip
"""Dockerfiles without a build context, whose vertices would have other digests in every session."""
