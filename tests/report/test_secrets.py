"""Secrets planted anywhere are in no report of any format."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockwright.audit.run import audit
from dockwright.knowledge.secrets import is_placeholder
from dockwright.report import as_json
from dockwright.report.build import build, cleaner
from dockwright.report.findings import as_json as check_json
from dockwright.report.findings import github
from dockwright.report.findings.lines import Lines
from dockwright.report.markdown.render import render as markdown
from dockwright.report.terminal.render import render as terminal
from dockwright.trees.memory import MemoryTree

letters = string.ascii_letters + string.digits
secrets = st.builds(
    lambda head, digits, tail: head + digits + tail,
    st.text(letters, min_size=6, max_size=12),
    st.text(string.digits, min_size=2, max_size=3),
    st.text(letters, min_size=4, max_size=8),
).filter(
    lambda text: (
        any(map(str.islower, text))
        and any(map(str.isupper, text))
        and len(set(text)) > 8
        and not is_placeholder(text)
    )
)

PLACES = {
    "env": lambda s: {"Dockerfile": f"FROM python:3.12\nENV API_TOKEN={s}\nRUN echo {s}\n"},
    "quoted env": lambda s: {"Dockerfile": f'FROM python:3.12\nENV DB_PASSWORD="{s}" MODE=x\n'},
    "old env": lambda s: {"Dockerfile": f"FROM python:3.12\nENV DB_PASSWORD {s}\n"},
    "arg": lambda s: {"Dockerfile": f"FROM python:3.12\nARG NPM_TOKEN={s}\nENV NPM_TOKEN=$NPM_TOKEN\n"},
    "health": lambda s: {
        "Dockerfile": f"FROM python:3.12\nENV ADMIN_PASSWORD={s}\nHEALTHCHECK CMD curl -u admin:{s} localhost\nCMD run --key {s}\n"
    },
    "url in run": lambda s: {"Dockerfile": f"FROM python:3.12\nRUN pip install -i https://me:{s}@pypi.example.com/simple x\n"},
    "compose mapping": lambda s: {"compose.yaml": f"services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: {s}\n"},
    "compose list": lambda s: {"compose.yaml": f"services:\n  db:\n    image: postgres\n    environment:\n      - JWT_SECRET={s}\n"},
    "compose default": lambda s: {
        "compose.yaml": f"services:\n  a:\n    image: x\n    environment:\n      SECRET_KEY: ${{SECRET_KEY:-{s}}}\n"
        f"  b:\n    image: x\n    environment:\n      SECRET_KEY: ${{SECRET_KEY:-other{s}}}\n"
    },
    "compose url": lambda s: {
        "compose.yaml": f"services:\n  api:\n    image: x\n    environment:\n      DATABASE_URL: postgres://u:{s}@db:5432/x\n"
    },
    "compose command": lambda s: {
        "compose.yaml": "services:\n  r:\n    image: redis\n    command: redis-server --requirepass "
        f"{s}\n    environment:\n      REDIS_PASSWORD: {s}\n"
    },
    "build argument": lambda s: {
        "compose.yaml": f"services:\n  a:\n    build:\n      context: .\n      args:\n        GITHUB_TOKEN: {s}\n",
        "Dockerfile": "FROM python:3.12\n",
    },
    "script": lambda s: {"up.sh": f"docker run -e DB_PASSWORD={s} postgres\ndocker login -u me --password {s} r.example.com\n"},
    "script constant": lambda s: {"up.sh": f"PASSWORD={s}\ndocker login -u me -p $PASSWORD r.example.com\nmysql -p$PASSWORD\n"},
    "python constant": lambda s: {
        "up.py": f"import subprocess\nDB_PASSWORD = '{s}'\nsubprocess.run(['docker', 'login', '-p', DB_PASSWORD])\n"
    },
    "script build": lambda s: {"up.sh": f"docker build --build-arg NPM_TOKEN={s} .\n", "Dockerfile": "FROM python:3.12\n"},
    "python": lambda s: {"up.py": f"import subprocess\nsubprocess.run(['docker', 'run', '-e', 'API_KEY={s}', 'x'])\n"},
    "workflow": lambda s: {
        ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
        f"      - run: docker run -e TOKEN={s} x\n        env:\n          DB_PASSWORD: {s}\n"
    },
    "bake": lambda s: {
        "docker-bake.hcl": f'target "a" {{\n  args = {{ AUTH_TOKEN = "{s}" }}\n}}\n',
        "Dockerfile": "FROM python:3.12\n",
    },
    "login": lambda s: {"up.sh": f"docker login -u me -p {s} r.example.com\ndocker volume prune -f\n"},
    "exec": lambda s: {"up.sh": f"docker exec db mysqldump -uroot -p{s} x\ndocker exec r redis-cli -a {s} ping\n"},
    "standard input": lambda s: {"up.sh": f"echo {s} | docker login --password-stdin -u me r.example.com\n"},
    "header": lambda s: {"Dockerfile": f"FROM x:1\nRUN curl -H 'Authorization: Bearer {s}' https://a.b\nRUN curl -u me:{s} https://a.b\nCMD curl -u me:{s} https://a.b\n"},
    "remote context": lambda s: {
        "compose.yaml": f"services:\n  a:\n    build: https://me:{s}@github.com/x/y.git\n",
        "other.yaml": f"services:\n  a:\n    build: {{context: 'https://me:{s}@github.com/x/y.git', dockerfile: a/Dockerfile}}\n",
    },
    "label": lambda s: {"Dockerfile": f"FROM python\nLABEL api_token={s}\n", "compose.yaml": f"services:\n  a:\n    build: .\n    labels:\n      app.password: {s}\n"},
    "comment": lambda s: {"Dockerfile": f"# password: {s}\nFROM python\nCOPY missing /\n", "compose.yaml": f"# secret={s}\nservices:\n  a:\n    image: x\n    env_file: gone.env\n"},
    "file name": lambda s: {f"up_docker_glpat-{s}{s}.sh": "docker volume prune -f\n", f"glpat-{s}{s}.Dockerfile": "FROM python\nCOPY gone /\n"},
    "folder": lambda s: {f"glpat-{s}{s}/compose.yaml": "services:\n  a:\n    image: x\n    env_file: gone.env\n"},
    "env file": lambda s: {".env": f"DB_PASSWORD={s}\n", "compose.yaml": "services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n      OTHER: x-${DB_PASSWORD}\n"},
    "here document": lambda s: {"Dockerfile": f"FROM python\nRUN <<EOF\nexport PASSWORD={s}\nEOF\n", "up.sh": f"docker compose -f gone.yml up\ncat > .env <<EOF\nPASSWORD={s}\nEOF\n"},
    "makefile": lambda s: {"Makefile": f"PASS={s}\nup:\n\tdocker login -u me -p $(PASS) r.b\n\tdocker run -e PGPASSWORD=$(PASS) x\n"},
    "devcontainer": lambda s: {".devcontainer.json": f'{{"build": {{"dockerfile": "gone", "args": {{"API_TOKEN": "{s}"}}}}}}'},
    "documentation": lambda s: {"README.md": f"    docker run -e API_TOKEN={s} x\n    docker build --build-arg PASSWORD={s} -f gone.Dockerfile .\n"},
    "python string": lambda s: {"up.py": f'X = """FROM python\nENV PASSWORD={s}\nRUN pip install -i https://u:{s}@pypi.b/simple x\n"""\nimport subprocess\nsubprocess.run("docker login -p {s} -u me r", shell=True)\n'},
    "anchor": lambda s: {"compose.yaml": f"x-a: &a\n  API_TOKEN: {s}\nservices:\n  a:\n    image: x\n    environment:\n      <<: *a\n  b:\n    image: x\n    environment: *a\n"},
    "health check": lambda s: {"compose.yaml": f"services:\n  a:\n    image: redis\n    healthcheck:\n      test: [CMD, redis-cli, -a, {s}, ping]\n  b:\n    image: redis\n    healthcheck:\n      test: redis-cli -a {s} ping || exit 1\n    depends_on: [a]\n"},
    "two files": lambda s: {
        "a.Dockerfile": f"FROM python:3.12\nENV DB_PASSWORD={s}\nRUN a\nRUN b\nRUN c\n",
        "b.Dockerfile": f"FROM python:3.12\nENV DB_PASSWORD={s}x1\nRUN a\nRUN b\nRUN c\n",
    },
    "two stacks": lambda s: {
        "a.yaml": f"services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: {s}\n      A: 1\n      B: 2\n",
        "compose.yaml": f"services:\n  db:\n    image: postgres\n    environment:\n      POSTGRES_PASSWORD: x{s}\n      A: 1\n      B: 2\n",
    },
}  # fmt: skip


def everything(files: dict[str, str]) -> dict[str, str]:
    """Every output of an audit, by format."""
    found = audit(MemoryTree(files))
    assert not found.crashes
    document = build(found)
    clean = cleaner(found.repository)
    lines = Lines(clean.text, width=200)

    def source(path: str, line: int) -> str | None:
        rows = files.get(path, "").split("\n")
        return rows[line - 1] if 0 < line <= len(rows) else None

    return {
        "terminal": terminal(document, width=250),
        "markdown": markdown(document),
        "json": as_json.render(document),
        "lines": "\n".join(lines.render(found.findings, source)),
        "github": "\n".join(github.render(found.findings, clean.text)),
        "check json": check_json.render(found.findings, [], found.skipped, "", clean),
    }


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=secrets)
def test_a_planted_secret_is_nowhere(place: str, secret: str) -> None:
    for form, text in everything(PLACES[place](secret)).items():
        assert secret not in text, (
            f"the {form} output shows the secret: {text[max(text.find(secret) - 300, 0) :][:400]}"
        )


def test_the_search_would_find_what_is_no_secret() -> None:
    shown = everything({"Dockerfile": "FROM python:3.12\nUSER plainword9Xy\n"})
    assert all("plainword9Xy" in shown[form] for form in ("markdown", "json"))
