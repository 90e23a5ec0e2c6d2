"""A service mounts the container engine's socket.

Who can talk to the socket is root on the host: a container can start a privileged one, mount `/` and read every secret
of every other container. `:ro` does not help, for it protects the file, not what is said through it.

Fix: remove the mount; where the service needs the engine (a proxy that reads labels, a log collector), put a filtering
socket proxy between. Tools made to manage the engine are reported with lower severity: for them the mount is the point.
"""

import re
from collections.abc import Iterator

from dockwright.compose.volumes import mount
from dockwright.rules._shared.loading import below_tests
from dockwright.rules.finding import Category, Confidence, Finding, Severity
from dockwright.rules.rule import Bad, Good, Rule
from dockwright.rules.subjects import ServiceSubject

SOCKETS = ("docker.sock", "podman.sock", "containerd.sock")
MANAGERS = (
    "traefik", "portainer", "watchtower", "dozzle", "autoheal", "cadvisor", "socket-proxy", "nginx-proxy",
    "acme-companion", "docker-gen", "diun", "ofelia", "promtail", "alloy", "fluent", "vector", "filebeat", "metricbeat",
    "datadog", "telegraf", "homepage", "dockge", "lazydocker", "yacht", "glances", "netdata", "ouroboros", "buildkit",
    "gitlab-runner", "drone-runner", "act_runner", "localstack", "caddy-docker-proxy", "beszel", "logspout", "scrutiny",
)  # fmt: skip
"""Parts of image names of programs whose work is the engine itself."""


def check(subject: ServiceSubject) -> Iterator[Finding]:
    for volume in subject.service.volumes:
        source = volume.source
        if source is None or not any(name in source.raw for name in SOCKETS):
            continue
        found = mount(volume)
        path = found.source if found is not None else source.raw
        if path.rpartition("/")[2] not in SOCKETS:
            continue
        image = (subject.service.image.raw if subject.service.image is not None else "").lower()
        manager = next((name for name in MANAGERS if re.search(rf"(?:^|[/_.-]){re.escape(name)}", image)), "")
        yield RULE.finding(
            subject.at(source.span, subject.route),
            f"service `{subject.service.name}` mounts the engine's socket `{path}`",
            severity=Severity.LOW if manager or below_tests(subject.path) else RULE.severity,
            evidence=[f"`{image}` is made to watch or manage containers"] if manager else [],
            service=subject.service.name,
            environment=subject.item.environment,
        )
        return


RULE = Rule(
    id="docker-socket-mounted",
    summary="a service mounts the container engine's socket",
    category=Category.SECURITY,
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    check=check,
    same_as=("kics:d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b", "semgrep:exposing-docker-socket-volume"),
    examples=(
        Bad(
            {
                "compose.yaml": "services:\n  monitor:\n    image: alpine:3.20\n    volumes:\n"
                "      - /var/run/docker.sock:/var/run/docker.sock:ro\n"
            },
            at="/var/run/docker.sock:/var/run/docker.sock:ro",
            says="`monitor` mounts the engine's socket",
        ),
        Bad(
            {
                "compose.yaml": "services:\n  ci:\n    image: jenkins/jenkins:lts\n    volumes:\n      - type: bind\n"
                "        source: ${SOCK:-/var/run/docker.sock}\n        target: /var/run/docker.sock\n"
            },
            at="source: ${SOCK",
            says="mounts the engine's socket `/var/run/docker.sock`",
        ),
        Good(
            {
                "compose.yaml": "services:\n  web:\n    image: nginx:1.27\n    volumes:\n"
                "      - ./docker.sock.conf:/etc/nginx/conf.d/docker.sock.conf:ro\n"
            },
            why="only the name is similar",
        ),
    ),
)
