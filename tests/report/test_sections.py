"""What single sections of the Markdown say of small repositories."""

import re

import pytest

from dockwright.audit.run import audit
from dockwright.report.build import build
from dockwright.report.document import Document
from dockwright.report.markdown.contents import anchor
from dockwright.report.markdown.render import render
from dockwright.report.markdown.services import _name
from dockwright.report.markdown.tasks import task_of
from dockwright.trees.memory import MemoryTree
from tests.report.sample import document as sample

BACKEND = """FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y gcc
COPY requirements.txt .
RUN pip install -r requirements.txt
FROM python:3.12-slim
RUN apt-get update && apt-get install -y curl tini && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local /usr/local
COPY . .
USER app
HEALTHCHECK CMD curl -f localhost:8000
ENTRYPOINT ["tini", "--", "python", "-m", "app"]
"""
BACKEND_DEV = """FROM python
COPY . .
RUN apk add --virtual .tools gcc make && pip install -r requirements.txt flask && apk del .tools
CMD ["python", "-m", "app"]
"""
COMPOSE = """services:
  backend:
    build: {context: ., dockerfile: backend.Dockerfile}
    ports: ["8000:8000"]
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    depends_on: {db: {condition: service_healthy}}
    deploy: {resources: {limits: {memory: 1G, cpus: "0.5"}}}
  db:
    image: postgres:16
    restart: always
    healthcheck: {test: [CMD, pg_isready]}
"""
COMPOSE_DEV = """services:
  backend:
    build: {context: ., dockerfile: backend.dev.Dockerfile}
    ports: ["8000:8000", "127.0.0.1:${DEBUG_PORT:-5678}:5678"]
  db:
    image: postgres:15
    profiles: [data]
"""
FILES = {
    "backend.Dockerfile": BACKEND,
    "backend.dev.Dockerfile": BACKEND_DEV,
    "compose.yaml": COMPOSE,
    "docker-compose.dev.yml": COMPOSE_DEV,
    "requirements.txt": "flask==3.0\n",
    "app/__main__.py": "",
    "up.sh": "docker compose -f docker-compose.dev.yml up -d\n",
    "scripts/again.sh": "docker compose -f docker-compose.dev.yml up -d\ndocker system prune -f\n",
}


@pytest.fixture(scope="module")
def document() -> Document:
    return build(audit(MemoryTree(FILES)))


@pytest.fixture(scope="module")
def text(document: Document) -> str:
    return render(document)


def part(text: str, heading: str) -> str:
    """From a heading to the next of its level or above."""
    level = len(heading) - len(heading.lstrip("#"))
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(heading))
    found = [lines[start]]
    for line in lines[start + 1 :]:
        if line.startswith("#") and len(line) - len(line.lstrip("#")) <= level:
            break
        found.append(line)
    return "\n".join(found)


def cells(text: str, first: str) -> list[str]:
    """The cells of the table row that begins with `first`."""
    row = next(line for line in text.splitlines() if line.startswith(f"| {first} |"))
    return [cell.strip() for cell in row.strip("|").split(" | ")]


def test_the_contents_lead_to_every_section(text: str) -> None:
    contents = next(line for line in text.splitlines() if line.startswith("Contents: "))
    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert titles
    for title in titles:
        assert f"[{title}](#{anchor(title)})" in contents


def test_every_row_has_the_cells_of_its_head_and_every_fold_an_end(text: str) -> None:
    for whole in (text, render(sample())):
        width = 0
        for line in whole.splitlines():
            bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert bars == width or not width or not bars, line
            width = bars
        assert whole.count("<details>") == whole.count("</details>") > 0


def test_anchors_are_github_s() -> None:
    assert anchor("Findings (1,461)") == "findings-1461"
    assert anchor("`docker/a_b.Dockerfile`: x") == "dockera_bdockerfile-x"


def test_what_is_installed_in_the_final_image_and_not_removed_again(document: Document) -> None:
    by_path = {image.dockerfile: image for image in document.images}
    made = {one.manager: one for one in by_path["backend.Dockerfile"].installs}
    assert set(made) == {"apt"}, "what the build stage installs is not in the image"
    assert (list(made["apt"].packages), list(made["apt"].lines)) == (["curl", "tini"], [6])
    dev = {one.manager: one for one in by_path["backend.dev.Dockerfile"].installs}
    assert set(dev) == {"pip"}, "apk del took the tools out again"
    assert (list(dev["pip"].packages), list(dev["pip"].manifests)) == (["flask"], ["requirements.txt"])


def test_how_a_base_is_named_and_what_comes_first(document: Document) -> None:
    by_path = {image.dockerfile: image for image in document.images}
    assert (by_path["backend.Dockerfile"].pin, by_path["backend.Dockerfile"].manifests_first) == (
        "version",
        True,
    )
    dev = by_path["backend.dev.Dockerfile"]
    assert (dev.pin, dev.manifests_first) == ("untagged", False)


def test_practices_are_counted_and_compared_within_a_service(text: str) -> None:
    found = part(text, "### What images have and lack")
    assert cells(found, "is built in more than one stage") == [
        "is built in more than one stage",
        "1",
        "1",
        "0",
    ]
    assert cells(found, "drops capabilities in every service")[1:] == ["1", "1", "0"]
    assert (
        "| backend | runs as another user than root | `backend.Dockerfile` | `backend.dev.Dockerfile` |"
        in found
    )


def test_a_compose_file_says_how_many_services_have_health_checks_and_limits(text: str) -> None:
    row = cells(part(text, "### Compose files"), "`compose.yaml`")
    assert row[2:5] == ["2", "1 of 2", "1 of 2"]


def test_services_stand_with_what_they_are_made_from_and_kept_from(text: str) -> None:
    found = part(text, "### Services in compose files (4)")
    assert (
        "| `backend` | builds `backend.Dockerfile` in `.` | `8000:8000` |   |   | memory `1G` and cpus `0.5` |   "
        "| db (service\\_healthy) | read-only; drops ALL; no-new-privileges:true |" in found
    )
    assert "| `db` | `postgres:15` |   | `data` |" in found
    assert (
        "| `backend` | memory `1G` and cpus `0.5`: `compose.yaml`; no limits: `docker-compose.dev.yml` |"
        in found
    )


def test_images_that_are_not_built_here_stand_with_their_tags(text: str) -> None:
    found = part(text, "### Images taken by name (2)")
    assert "| `postgres` | `16` ×1, `15` ×1 | `compose.yaml`, `docker-compose.dev.yml` |" in found
    assert "| `python` | `3.12-slim` ×1, none ×1 |" in found


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("postgres", "postgres"),
        ("postgres:16", "postgres"),
        ("localhost:5000/a/b", "localhost:5000/a/b"),
        ("localhost:5000/a/b:1@sha256:00", "localhost:5000/a/b"),
        ("a/b@sha256:00", "a/b"),
        ("repo/app:${TAG:-latest}", "repo/app"),
        ("${REGISTRY}/app:1", "${REGISTRY}/app"),
        ("${IMAGE:-repo/app:1}", "${IMAGE:-repo/app:1}"),
    ],
)
def test_names_of_images(image: str, name: str) -> None:
    assert _name(image) == name


def test_environments_say_what_they_build_and_which_ports_they_take(text: str) -> None:
    made = part(text, "### What each environment builds")
    assert "`backend.Dockerfile` for `backend`" in made
    ports = part(text, "### Host ports (2)")
    assert cells(ports, "`8000/tcp`")[1] == "2"
    assert cells(ports, "`127.0.0.1:5678/tcp`")[1] == "1"


def test_a_range_of_ports_is_one_row() -> None:
    text = """services:
  a: {image: "x:1", ports: ["20000-20010:30000-30010/udp", "20012:1/udp", "20013:7/udp", "443:443", "444:444/udp"]}
"""
    found = part(render(build(audit(MemoryTree({"compose.yaml": text})))), "### Host ports (15)")
    rows = [line for line in found.splitlines() if line.startswith("| `")]
    assert rows == [
        "| `443/tcp` | 1 | `a:443` in `default` |",
        "| `444/udp` | 1 | `a:444` in `default` |",
        "| `20000-20010/udp` | 1 | `a:30000` in `default` |",
        "| `20012/udp` | 1 | `a:1` in `default` |",
        "| `20013/udp` | 1 | `a:7` in `default` |",
    ]


def test_a_port_that_nothing_sets_is_no_port() -> None:
    text = (
        'services:\n  a:\n    image: x:1\n    ports: ["${PORT}:80", "81:81"]\n    environment: {A: "${A}"}\n'
    )
    found = part(render(build(audit(MemoryTree({"compose.yaml": text})))), "### Host ports (1)")
    assert [line for line in found.splitlines() if line.startswith("| `")] == [
        "| `81/tcp` | 1 | `a:81` in `default` |"
    ]


def test_what_hangs_on_an_unset_variable_stands_as_it_is_written() -> None:
    text = "services:\n  a:\n    image: x:${TAG}\n  b:\n    build: {context: ., dockerfile: 'D.${KIND}'}\n"
    (one,) = build(audit(MemoryTree({"compose.yaml": text}))).environments
    assert [(made.image, made.dockerfile) for made in one.made] == [("x:${TAG}", ""), ("", "D.${KIND}")]


def test_a_pair_of_environments_is_compared_once(text: str) -> None:
    pairs = [line for line in text.splitlines() if line.startswith("<summary>") and "what differs" in line]
    assert len(pairs) == 1


def test_build_contexts_stand_with_their_ignore_file(text: str) -> None:
    found = part(text, "### Build contexts (1)")
    assert "| `.` | 2 | `backend.Dockerfile`, `backend.dev.Dockerfile` | **none** |" in found
    with_file = render(build(audit(MemoryTree({**FILES, ".dockerignore": ".git\n"}))))
    assert "| `.` | 2 | `backend.Dockerfile`, `backend.dev.Dockerfile` | `.dockerignore` |" in with_file


def test_one_task_in_several_scripts(text: str) -> None:
    found = part(text, "#### One task in several scripts")
    assert cells(found, "start") == ["start", "2", "`scripts/again.sh`, `up.sh`"]
    assert "| clean up |" not in found, "one script alone"
    assert "| `docker-compose.dev.yml` | 2 | `scripts/again.sh`, `up.sh` |" in found


@pytest.mark.parametrize(
    ("verb", "task"),
    [
        ("compose up", "start"),
        ("container run", "start"),
        ("compose down", "stop"),
        ("system prune", "clean up"),
        ("container prune", "clean up"),
        ("buildx build", "build images"),
        ("compose config", ""),
    ],
)
def test_tasks(verb: str, task: str) -> None:
    assert task_of(verb) == task


def test_an_image_s_part_names_the_findings_in_its_file(text: str) -> None:
    found = part(text, "### `backend.dev.Dockerfile`")
    assert "- Findings in this file: " in found
    assert "`moving-tag` (line 1)" in found


def test_every_phase_says_when_it_is_done(document: Document) -> None:
    assert document.proposal.phases
    assert all(phase.checks for phase in document.proposal.phases)


def test_a_rule_s_reason_is_given_once(text: str) -> None:
    reasons = [line for line in text.splitlines() if line.startswith("*Why it matters.*")]
    assert len(reasons) == len(set(reasons))
