"""A script starts a container with a secret in its command line.

`docker run -e TOKEN=…` and `--build-arg TOKEN=…` put the value into the repository, the shell's history, the process
list and (a build argument) the image's history.

References (`$TOKEN`), placeholders, and test code's weak words are not reported. Medium confidence for
values made up for a trial, and for names that may stand for something public. Values are never shown.

Fix: pass the name alone (`-e TOKEN`, value from the environment), an `--env-file` that git ignores, or `--secret` for
builds; then change the secret, because history keeps it.
"""

from collections.abc import Iterator

from dockwright.knowledge.secrets import is_weak, looks_secret, surely_secret
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ScriptSubject
from dockwright.shell.calls import BuildCall, Pair, RunCall


def check(subject: ScriptSubject) -> Iterator[Finding]:
    for invocation in subject.item.invocations:
        call = invocation.call
        pairs: tuple[Pair, ...] = ()
        if isinstance(call, RunCall):
            pairs = call.env
        elif isinstance(call, BuildCall):
            pairs = call.build_args
        for pair in pairs:
            value = pair.value.value if pair.value is not None and not pair.value.variables else None
            if not value or not looks_secret(pair.name, value) or (subject.item.test and is_weak(value)):
                continue
            yield RULE.finding(
                subject.at(pair.word.span),
                f"`{pair.name}` is given in plain text",
                severity=Severity.LOW if is_weak(value) or subject.item.test else RULE.severity,
                confidence=RULE.confidence if surely_secret(pair.name, value) else Confidence.MEDIUM,
            )


RULE = Rule(
    id="secret-in-command",
    summary="a script starts a container with a secret in its command line",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    examples=(
        Bad(
            {"deploy.sh": "#!/bin/sh\ndocker run -d -e JWT_SECRET=8f3a9c1b7d5e2f4a6b8c0d1e example/api:1\n"},
            at="-e JWT_SECRET",
            says="`JWT_SECRET` is given in plain text",
        ),
        Good(
            {
                "deploy.sh": "#!/bin/sh\ndocker run -d -e JWT_SECRET=$JWT_SECRET -e API_KEY -e MODE=fast example/api:1\n"
            },
            why="the values come from the caller's environment",
        ),
        Good(
            {
                "up.sh": '#!/bin/sh\nexport DB_PASSWORD="${DB_PASSWORD:-s3cr3tvalue}"\ndocker run -d -e DB_PASSWORD="$DB_PASSWORD" example/api:1\n'
            },
            why="the command line holds a variable; where it is set is what secret-in-script looks at",
        ),
    ),
)
