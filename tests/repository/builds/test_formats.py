"""Builds of bake files and of the small formats."""

import pytest

from tests.repository.small import SCRATCH, inventory, named, summary


def builds(files):
    return [(*summary(build), build.service) for build in inventory({"a": "", **files}).builds]


def test_bake_runs_where_the_build_exists():
    bake = 'group "default" { targets = ["web"] }\ntarget "_common" { context = "." }\ntarget "web" {\n  inherits = ["_common"]\n  dockerfile = "deploy/Dockerfile"\n}\n'
    assert builds({"deploy/docker-bake.hcl": bake, "deploy/Dockerfile": SCRATCH}) == [
        ("", "deploy/Dockerfile", (), "web")
    ]
    inner = bake.replace("deploy/Dockerfile", "Dockerfile")
    assert builds({"deploy/docker-bake.hcl": inner, "deploy/Dockerfile": SCRATCH}) == [
        ("deploy", "deploy/Dockerfile", (), "web")
    ]


def test_a_bake_matrix_is_several_builds():
    bake = 'target "app" {\n  name = "app-${v}"\n  matrix = { v = ["a", "b"] }\n  dockerfile = "${v}.Dockerfile"\n}\n'
    found = builds({"docker-bake.hcl": bake, "a.Dockerfile": SCRATCH, "b.Dockerfile": SCRATCH})
    assert found == [("", "a.Dockerfile", (), "app-a"), ("", "b.Dockerfile", (), "app-b")]


def test_bake_values_have_places():
    bake = 'target "web" {\n  target = "prod"\n  args = { A = "1", B = 2 }\n  tags = ["shop/web:1"]\n}\n'
    files = {"docker-bake.hcl": bake, "Dockerfile": "FROM scratch AS prod\n"}
    (build,) = inventory(files).builds
    assert build.target_place.line == 2
    assert [(one.name, one.value) for one in build.arguments] == [("A", "1"), ("B", "2")]
    assert list(build.tags) == ["shop/web:1"]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        (
            "captain-definition-web",
            '{"schemaVersion": 2, "dockerfilePath": "./x.Dockerfile"}',
            ("", "x.Dockerfile", (), "web"),
        ),
        (
            "captain-definition",
            '{"schemaVersion": 2, "dockerfilePath": "gone"}',
            ("", None, ("dockerfile",), ""),
        ),
        (
            ".devcontainer/devcontainer.json",
            '{\n  // comment\n  "build": {"dockerfile": "../x.Dockerfile", "context": ".."},\n}',
            ("", "x.Dockerfile", (), "devcontainer"),
        ),
        (
            "skaffold.yaml",
            "apiVersion: skaffold/v4\nbuild:\n  artifacts:\n    - image: shop/api\n      docker: {dockerfile: x.Dockerfile}\n",
            ("", "x.Dockerfile", (), "api"),
        ),
        (
            "Tiltfile",
            "docker_build('shop/api', '.', dockerfile='x.Dockerfile')\n",
            ("", "x.Dockerfile", (), "api"),
        ),
        ("fly.toml", 'app = "x"\n[build]\n  dockerfile = "x.Dockerfile"\n', ("", "x.Dockerfile", (), "")),
        ("heroku.yml", "build:\n  docker:\n    web: x.Dockerfile\n", ("", "x.Dockerfile", (), "web")),
        (
            "render.yaml",
            "services:\n  - type: web\n    name: api\n    dockerfilePath: ./x.Dockerfile\n",
            ("", "x.Dockerfile", (), "api"),
        ),
        (
            "railway.json",
            '{"build": {"builder": "DOCKERFILE", "dockerfilePath": "x.Dockerfile"}}',
            ("", "x.Dockerfile", (), ""),
        ),
    ],
)
def test_small_formats(path, text, found):
    assert builds({path: text, "x.Dockerfile": SCRATCH}) == [found]


def test_captain_lines_are_a_dockerfile_of_their_own():
    facts = inventory(
        {
            "captain-definition": '{"schemaVersion": 2, "dockerfileLines": ["FROM nginx:1.27", "COPY a /a"]}',
            "a": "",
        }
    )
    (item,) = facts.dockerfiles
    assert (item.inline, [stage.base.name for stage in item.tree.stages], len(item.builds)) == (
        True,
        ["nginx:1.27"],
        1,
    )


def test_dev_containers_and_tilt_run_compose_files():
    files = {
        ".devcontainer/devcontainer.json": '{"dockerComposeFile": ["../compose.yaml", "compose.dev.yml"], "service": "app"}',
        "Tiltfile": "docker_compose(['stack.yml'])\n",
        "compose.yaml": "services:\n  app: {image: x}\n",
        "stack.yml": "services:\n  app: {image: x}\n",
    }
    facts = inventory(files)
    assert [one.place.path for one in named(facts, "compose.yaml")] == [".devcontainer/devcontainer.json"]
    assert [one.place.path for one in named(facts, "stack.yml")] == ["Tiltfile"]
    assert any(one.named == "compose.dev.yml" and one.target is None for one in facts.references)


def test_cloud_build_steps_run_in_their_directory():
    text = "steps:\n- name: gcr.io/cloud-builders/docker\n  dir: api\n  args: ['build', '-t', 'gcr.io/$PROJECT_ID/api', '.']\n"
    files = {"cloudbuild.yaml": text, "api/Dockerfile": SCRATCH, "api/a": ""}
    assert builds(files) == [("api", "api/Dockerfile", (), "")]
