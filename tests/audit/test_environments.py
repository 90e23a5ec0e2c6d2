"""Environments in the audit: what each comes to, and how far it is from the one it is most like."""

from dockwright.audit.run import audit
from dockwright.report.build import build
from dockwright.report.markdown.render import render as markdown
from dockwright.report.terminal.render import render as terminal
from dockwright.trees.memory import MemoryTree

BASE = (
    "services:\n"
    "  dev-web: {image: 'web:1', restart: always, environment: {LEVEL: debug, URL: 'http://dev-db'}}\n"
    "  dev-db: {image: 'postgres:16', environment: {POSTGRES_DB: app}}\n"
    "  dev-mail: {image: 'mailhog:1'}\n"
)
TEST = BASE.replace("dev-", "test-").replace("debug", "info").replace("postgres:16", "postgres:15")
TEST = TEST.replace("  test-mail: {image: 'mailhog:1'}\n", "")
SCRIPT = "#!/bin/sh\ndocker compose -f compose.test.yaml up -d\n"


def document(**files):
    return build(audit(MemoryTree({path.replace("__", "/"): text for path, text in files.items()})))


def made(**more):
    return document(**{"compose.dev.yaml": BASE, "compose.test.yaml": TEST, "ci.sh": SCRIPT, **more})


def by_name(found):
    return {one.name: one for one in found.environments}


def test_environments_say_who_uses_them_and_what_differs():
    test = by_name(made())["test"]
    assert (test.kind, test.status, list(test.evidence)) == ("test", "resolves", ["ci.sh:2"])
    near = test.nearest
    assert near.name == "dev"
    assert [(one.service, one.counterpart, one.state) for one in near.services] == [
        ("test-db", "dev-db", "other"),
        ("test-web", "dev-web", "variables"),
    ]
    assert (list(near.only_here), list(near.only_there)) == ([], ["dev-mail"])
    assert {row.what: list(row.values) for row in near.differences} == {
        "test-db / dev-db image": ["postgres:15", "postgres:16"],
        "test-web / dev-web environment.LEVEL": ["info", "debug"],
    }
    assert near.share == 8 / 13  # of web 5 of 6 and of db 3 of 4 settings, and the three of mail


def test_an_environment_that_compose_refuses():
    found = made(**{"compose.dev.yaml": BASE.replace("restart: always", "depends_on: [gone]")})
    dev = by_name(found)["dev"]
    assert (dev.status, len(dev.errors)) == ("refused", 1)
    assert "gone" in dev.errors[0].message
    assert list(dev.errors[0].places) == ["compose.dev.yaml:2"]
    assert dev.nearest is not None  # it can be compared all the same
    text = terminal(found)
    assert "2 found, 1 cannot be resolved" in text
    assert text.index("compose.dev.yaml") < text.index("compose.test.yaml", text.index("Environments"))
    assert "/repository" not in markdown(found)


def test_what_a_clean_clone_lacks_is_no_refusal():
    text = BASE.replace("restart: always", "env_file: .env.local").replace("postgres:16", "postgres:${PG:?}")
    dev = by_name(made(**{"compose.dev.yaml": text}))["dev"]
    assert (dev.status, list(dev.unset), list(dev.missing)) == ("needs", ["PG"], [".env.local"])
    assert "`dev`" in markdown(made(**{"compose.dev.yaml": text}))


def test_secrets_of_env_files_are_not_shown():
    secret = "s3cr3t-Zq8Kp2-value"
    text = BASE.replace("restart: always", "command: 'serve --key ${API_KEY}'")
    found = made(**{"compose.dev.yaml": text, ".env": f"API_KEY={secret}\n"})
    rows = [row.what for one in found.environments if one.nearest for row in one.nearest.differences]
    assert any(row.endswith("command") for row in rows)
    assert secret not in markdown(found)
    assert secret not in str(found)


def test_declared_environments_are_taken_as_they_are():
    toml = '[environments.here]\ncompose = ["compose.dev.yaml", "compose.test.yaml"]\n'
    from dockwright.config import load

    tree = MemoryTree({"compose.dev.yaml": BASE, "compose.test.yaml": TEST})
    (one,) = build(audit(tree, config=load(toml, "dockwright.toml"))).environments
    assert (one.name, len(one.services), one.how) == ("here", 5, "dockwright.toml declares it")


def test_a_repository_without_compose_files_has_none():
    found = document(Dockerfile="FROM scratch\nCOPY a /a\n", a="x")
    assert list(found.environments) == []
    assert "Environments" not in terminal(found) + markdown(found)
