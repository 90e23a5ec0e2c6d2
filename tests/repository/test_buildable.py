"""Whether a clean clone can build a Dockerfile, and what it stops at."""

import pytest

from dockwright.repository.model import FaultKind
from tests.repository.small import inventory

COMPOSE = "services:\n  web:\n    build: .\n"


def judged(dockerfile, files=None, **options):
    facts = inventory({"Dockerfile": dockerfile, "compose.yaml": COMPOSE, **(files or {})}, **options)
    item = facts.dockerfile("Dockerfile")
    return item.buildable, [(fault.kind, fault.source, fault.place.line) for fault in item.faults]


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        ("FROM scratch\nCOPY app /app\n", {"app/x": ""}),
        ("FROM scratch\nCOPY dist/*.whl /x/\nCOPY dist/a /x/\n", {"dist/a": ""}),
        ("FROM scratch\nCOPY dist/*.whl dist /x/\n", {"dist/a": ""}),
        ("FROM scratch\nCOPY app/x* missing* /app/\n", {"app/x": ""}),
        ("FROM scratch\nADD https://example.org/x.tar.gz /x\nADD git@example.org:a/b.git /b\n", {}),
        ("FROM alpine AS a\nFROM scratch\nCOPY --from=a /etc/x /x\nCOPY --from=nginx:1.27 /y /y\n", {}),
        ("FROM scratch\nCOPY <<EOF /x\nhello\nEOF\n", {}),
        ("ARG NAME=app\nFROM scratch\nARG NAME\nCOPY ${NAME} /x\n", {"app": ""}),
        (
            "FROM alpine\nRUN --mount=type=bind,source=app,target=/app ls\nRUN --mount=type=cache,target=/c ls\n",
            {"app": ""},
        ),
        ("FROM scratch AS unused\nCOPY gone /\nFROM scratch\nCOPY app /\n", {"app": ""}),
        ('FROM scratch\nCOPY --chown=1:1 ["my app", "/x"]\n', {"my app": ""}),
    ],
)
def test_what_builds(dockerfile, files):
    assert judged(dockerfile, files) == (True, [])


@pytest.mark.parametrize(
    ("dockerfile", "files", "faults"),
    [
        ("FROM scratch\nCOPY gone /x\n", {}, [(FaultKind.MISSING, "gone", 2)]),
        # the folder is there, but as no source brings it BuildKit does not find it (moby/buildkit #2933)
        ("FROM scratch\nCOPY dist/*.whl /x/\n", {"dist/a": ""}, [(FaultKind.MISSING, "dist/*.whl", 2)]),
        (
            "FROM scratch\nCOPY src/ /x\n",
            {"src/x": "", ".dockerignore": "src\n"},
            [(FaultKind.IGNORED, "src/", 2)],
        ),
        (
            "FROM alpine\nRUN --mount=type=bind,source=gone,target=/x ls\n",
            {},
            [(FaultKind.MISSING, "gone", 2)],
        ),
        (
            "FROM scratch\nCOPY app /x 2>/dev/null || true\n",
            {"app": ""},
            [(FaultKind.SHELL_SYNTAX, "2>/dev/null", 2)],
        ),
        (
            "FROM scratch\nCOPY gone /x || true\n",
            {},
            [(FaultKind.MISSING, "gone", 2), (FaultKind.SHELL_SYNTAX, "||", 2)],
        ),
        ("FROM scratch\nNONSENSE x\n", {}, [(FaultKind.SYNTAX, "", 2)]),
        ("FROM scratch\nCOPY --from=gone:: /x /x\n", {}, [(FaultKind.STAGE, "", 2)]),
        ("FROM scratch AS a\nCOPY gone /\nFROM a\n", {}, [(FaultKind.MISSING, "gone", 2)]),
    ],
)
def test_what_does_not(dockerfile, files, faults):
    assert judged(dockerfile, files) == (False, faults)


def test_what_git_ignores_or_a_submodule_holds_cannot_be_told():
    """A step before the build may make it; the reason is given, and a sure fault beside it still decides."""
    files = {".gitignore": "dist/\n*.env\n", ".gitmodules": '[submodule "x"]\n  path = third\n  url = u\n'}
    for source, doubt in (("dist/app.jar", "git ignores it"), ("third/x.c", "submodule")):
        facts = inventory(
            {"Dockerfile": f"FROM scratch\nCOPY {source} /\n", "compose.yaml": COMPOSE, **files}
        )
        item = facts.dockerfile("Dockerfile")
        assert item.buildable is None
        assert [(fault.sure, doubt in fault.doubt) for fault in item.faults] == [(False, True)]
    assert judged("FROM scratch\nCOPY dist/x gone /\n", files)[0] is False
    assert judged("FROM scratch\nCOPY .gitignore /\n", files) == (True, [])


def test_a_lock_file_is_to_be_committed_also_one_that_git_ignores():
    assert judged("FROM scratch\nCOPY yarn.lock /\n", {".gitignore": "*.lock\n"})[0] is False


def test_files_that_git_does_not_track_are_not_in_a_clone():
    files = {"app/x": "", "secret.env": ""}
    ignored = judged(
        "FROM scratch\nCOPY secret.env /\n", {**files, ".gitignore": "*.env\n"}, ignored=("secret.env",)
    )
    assert ignored == (None, [(FaultKind.UNTRACKED, "secret.env", 2)])
    assert judged("FROM scratch\nCOPY secret.env /\n", files, untracked=("secret.env",))[0] is False


def test_an_ignore_file_says_which_line_hides_a_source():
    facts = inventory(
        {
            "Dockerfile": "FROM scratch\nCOPY src /\n",
            "compose.yaml": COMPOSE,
            ".dockerignore": "# x\nsr*\n",
            "src/x": "",
        }
    )
    (fault,) = facts.dockerfile("Dockerfile").faults
    assert (fault.hidden_by.path, fault.hidden_by.line, fault.message) == (
        ".dockerignore",
        2,
        '"/src": not found',
    )
    assert [build.service for build in fault.builds] == ["web"]


def test_an_argument_without_value_leaves_doubt():
    assert judged("FROM scratch\nARG NAME\nCOPY $NAME/x /x\n")[0] is None


def test_arguments_of_the_build_count():
    text = "services:\n  web:\n    build:\n      context: .\n      args: {NAME: app}\n"
    assert judged("FROM scratch\nARG NAME=gone\nCOPY $NAME /x\n", {"app": "", "compose.yaml": text}) == (
        True,
        [],
    )


def test_the_target_decides_which_stages_count():
    text = "services:\n  web:\n    build: {context: ., target: good}\n"
    dockerfile = "FROM scratch AS good\nCOPY app /\nFROM scratch\nCOPY gone /\n"
    assert judged(dockerfile, {"app": "", "compose.yaml": text}) == (True, [])


def test_one_way_that_works_is_enough_and_the_others_are_told():
    files = {
        "api/Dockerfile": "FROM scratch\nCOPY app /\n",
        "api/app": "",
        "a.sh": "docker build api\n",
        "b.sh": "docker build -f api/Dockerfile .\n",
    }
    item = inventory(files).dockerfile("api/Dockerfile")
    assert item.buildable is True
    assert [(fault.context, [build.place.path for build in fault.builds]) for fault in item.faults] == [
        ("", ["b.sh"])
    ]


def test_nobody_builds_it_so_the_likely_contexts_are_tried():
    files = {
        "docker/api.Dockerfile": "FROM scratch\nCOPY src /\n",
        "src/x": "",
        "web/Dockerfile": "FROM scratch\nCOPY page /\n",
        "web/page": "",
    }
    facts = inventory(files)
    assert [item.buildable for item in facts.dockerfiles] == [True, True]
    (item,) = inventory({"docker/api.Dockerfile": "FROM scratch\nCOPY gone /\n"}).dockerfiles
    assert (item.buildable, [fault.sure for fault in item.faults]) == (False, [True])


def test_templates_and_remote_builds_are_not_judged():
    assert inventory({"Dockerfile.j2": "FROM {{ base }}\nCOPY gone /\n"}).dockerfiles[0].buildable is None


def test_shipped_stages_are_the_targets_that_builds_name():
    dockerfile = "FROM scratch AS dev\nFROM scratch AS prod\nFROM scratch AS last\n"
    files = {"Dockerfile": dockerfile, "a.sh": "docker build --target DEV .\ndocker build --target prod .\n"}
    assert inventory(files).dockerfile("Dockerfile").shipped_stages == [0, 1]
    assert inventory({"Dockerfile": dockerfile}).dockerfile("Dockerfile").shipped_stages == [2]


def test_a_named_context_replaces_what_it_names():
    files = {
        "Dockerfile": "FROM base\nCOPY --from=lib /x /x\n",
        "a.sh": "docker build --build-context base=docker-image://alpine --build-context lib=../lib .\n",
    }
    assert inventory(files).dockerfile("Dockerfile").buildable is True


def test_ignore_files_and_who_reads_them():
    files = {
        "api/Dockerfile": "FROM scratch\n",
        "api/.dockerignore": "x\n",
        ".config/.dockerignore": "x\n",
        "web.Dockerfile": "FROM scratch\n",
        "web.Dockerfile.dockerignore": "x\n",
        "compose.yaml": "services:\n  api: {build: api}\n  web: {build: {context: ., dockerfile: web.Dockerfile}}\n",
    }
    assert {item.path: item.read_by for item in inventory(files).ignores} == {
        "api/.dockerignore": ["api"],
        ".config/.dockerignore": [],
        "web.Dockerfile.dockerignore": ["."],
    }
