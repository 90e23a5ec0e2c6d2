"""Builds that compose files declare."""

from tests.repository.small import SCRATCH, inventory, missing, summary


def builds(files):
    return [summary(build) for build in inventory({"a": "", **files}).builds]


def test_the_dockerfile_is_relative_to_the_context_and_the_context_to_the_file():
    text = "services:\n  api:\n    build:\n      context: ..\n      dockerfile: docker/api.Dockerfile\n"
    assert builds({"deploy/compose.yaml": text, "docker/api.Dockerfile": SCRATCH}) == [
        ("", "docker/api.Dockerfile", ())
    ]
    assert builds({"deploy/compose.yaml": text, "deploy/docker/api.Dockerfile": SCRATCH}) == [
        ("", None, ("dockerfile",))
    ]


def test_a_project_directory_moves_all_paths():
    files = {
        "deploy/compose.yaml": "services:\n  api:\n    build: .\n    env_file: api.env\n",
        "Dockerfile": SCRATCH,
        "api.env": "",
        "Makefile": "up:\n\tdocker compose -f deploy/compose.yaml --project-directory . up -d\n",
    }
    facts = inventory({"a": "", **files})
    assert [summary(build) for build in facts.builds] == [("", "Dockerfile", ())]
    assert missing(facts) == []


def test_an_override_is_read_from_the_first_files_directory():
    files = {
        "compose.yaml": "services:\n  api:\n    image: shop/api\n",
        "deploy/dev.yml": "services:\n  api:\n    build: ./api\n",
        "api/Dockerfile": SCRATCH,
        "up.sh": "docker compose -f compose.yaml -f deploy/dev.yml up\n",
    }
    assert builds(files) == [("api", "api/Dockerfile", ())]


def test_an_extension_of_the_file_above_is_read_from_there():
    files = {
        "docker-compose.yml": "services:\n  db:\n    image: postgres:17\n",
        "extensions/curator/curator-compose.yml": "services:\n  curator:\n    build: extensions/curator/\n    depends_on: [db]\n",
        "extensions/curator/Dockerfile": SCRATCH,
    }
    assert builds(files) == [("extensions/curator", "extensions/curator/Dockerfile", ())]
    alone = {
        "extensions/curator/curator-compose.yml": "services:\n  c:\n    build: extensions/curator/\n",
        "extensions/curator/Dockerfile": SCRATCH,
    }
    assert builds(alone) == [(None, None, ("context",))]


def test_an_include_gives_its_project_directory():
    files = {
        "compose.yaml": "include:\n  - path: parts/db.yml\n    project_directory: .\n",
        "parts/db.yml": "services:\n  db:\n    build: ./db\n",
        "db/Dockerfile": SCRATCH,
    }
    assert builds(files) == [("db", "db/Dockerfile", ())]


def test_variables_come_from_the_env_file():
    files = {
        "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: ${FILE}\n      target: ${STAGE:-dev}\n",
        ".env": "FILE=api.Dockerfile\n",
        "api.Dockerfile": "FROM scratch AS dev\n",
    }
    (build,) = inventory(files).builds
    assert (summary(build), build.target, build.uncertain) == (("", "api.Dockerfile", ()), "dev", "")


def test_variables_of_other_env_files_are_possible_builds():
    files = {
        "compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: ${FILE}\n",
        ".env.dev": "FILE=dev.Dockerfile\n",
        ".env.ci": "FILE=ci.Dockerfile\n",
        "dev.Dockerfile": SCRATCH,
        "ci.Dockerfile": SCRATCH,
        "a": "",
    }
    facts = inventory(files)
    assert {build.dockerfile for build in facts.builds} == {"dev.Dockerfile", "ci.Dockerfile"}
    assert all(".env." in build.uncertain for build in facts.builds)
    (build,) = inventory({**files, "up.sh": "docker compose --env-file .env.ci up\n"}).builds
    assert (build.dockerfile, build.uncertain) == ("ci.Dockerfile", "")


def test_unset_variables_make_it_uncertain():
    facts = inventory(
        {"compose.yaml": "services:\n  api:\n    build:\n      context: .\n      dockerfile: $FILE\n"}
    )
    assert [build.uncertain for build in facts.builds] == ["`FILE` is not set"]
    assert missing(facts) == []


def test_anchors_and_merge_keys_build_for_each_service():
    files = {
        "compose.yaml": "x-b: &b\n  build: .\nservices:\n  one:\n    <<: *b\n  two:\n    <<: *b\n",
        "Dockerfile": SCRATCH,
    }
    facts = inventory({"a": "", **files})
    assert [(build.service, build.dockerfile) for build in facts.builds] == [
        ("one", "Dockerfile"),
        ("two", "Dockerfile"),
    ]


def test_remote_contexts_and_images_with_tags():
    files = {
        "compose.yaml": "services:\n  a:\n    build: https://example.org/a.git#main\n    image: shop/a\n"
    }
    (build,) = inventory(files).builds
    assert (summary(build), list(build.tags), build.uncertain) == ((None, None, ()), ["shop/a"], "")


def test_arguments_keep_their_places():
    text = "services:\n  a:\n    build:\n      context: .\n      args:\n        - MODE=${MODE:-dev}\n        - TOKEN\n"
    (build,) = inventory({"compose.yaml": text, "Dockerfile": "FROM scratch\n"}).builds
    assert [(one.name, one.value, one.place.line) for one in build.arguments] == [
        ("MODE", "dev", 6),
        ("TOKEN", None, 7),
    ]


def test_used_with_tells_file_sets():
    files = {
        "a.yml": "services:\n  x: {image: nginx}\n",
        "b.yml": "services:\n  x: {ports: ['80']}\n",
        "up.sh": "docker compose -f a.yml -f b.yml up\ndocker compose -f a.yml config\n",
    }
    facts = inventory(files)
    assert facts.compose("a.yml").used_with == [("a.yml", "b.yml"), ("a.yml",)]
    assert facts.compose("b.yml").used_with == [("a.yml", "b.yml")]
    assert facts.compose("b.yml").fragment
    assert not facts.compose("a.yml").fragment


def test_an_argument_without_value_is_taken_from_the_env_file_of_the_project():
    text = "services:\n  web:\n    build:\n      context: .\n      args:\n        - BASE\n        - OTHER\n"
    files = {"compose.yaml": text, ".env": "BASE=alpine:3.23\n", "Dockerfile": "ARG BASE\nFROM ${BASE}\n"}
    [build] = inventory({"a": "", **files}).builds
    assert [(one.name, one.value) for one in build.arguments] == [("BASE", "alpine:3.23"), ("OTHER", None)]
