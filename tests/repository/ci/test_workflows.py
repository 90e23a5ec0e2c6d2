"""CI files as builds and calls."""

import pytest

from tests.repository.small import SCRATCH, inventory, missing, summary

HEAD = "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n"


def builds(text, path=".github/workflows/ci.yml", **files):
    facts = inventory(
        {"a": "", path: text, **{name.replace("__", "/"): content for name, content in files.items()}}
    )
    return [summary(build) for build in facts.builds]


def test_run_steps_run_in_their_working_directory():
    text = (
        HEAD
        + "    defaults:\n      run:\n        working-directory: api\n    steps:\n      - run: docker build -t api .\n"
    )
    assert builds(text, **{"api/Dockerfile": SCRATCH}) == [("api", "api/Dockerfile", ())]
    text = HEAD + "    steps:\n      - run: docker build -t api .\n        working-directory: ./api\n"
    assert builds(text, **{"api/Dockerfile": SCRATCH}) == [("api", "api/Dockerfile", ())]


def test_build_push_action():
    text = HEAD + (
        "    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: ./api\n"
        "          file: docker/api.Dockerfile\n          target: prod\n          build-args: |\n            A=1\n            B=${{ env.X }}\n"
        "          tags: |\n            shop/api:1\n            shop/api:2\n          platforms: linux/amd64,linux/arm64\n"
    )
    files = {
        "a": "",
        ".github/workflows/ci.yml": text,
        "docker/api.Dockerfile": "FROM scratch AS prod\n",
        "api/x": "",
    }
    (build,) = inventory(files).builds
    assert summary(build) == ("api", "docker/api.Dockerfile", ())
    assert build.target == "prod"
    assert (build.arguments[0].name, build.arguments[0].value, build.arguments[1].name) == ("A", "1", "B")
    assert (list(build.tags), list(build.platforms)) == (
        ["shop/api:1", "shop/api:2"],
        ["linux/amd64", "linux/arm64"],
    )
    assert build.place.source.text(build.dockerfile_place.span) == "docker/api.Dockerfile"


def test_a_matrix_of_constants_is_several_builds():
    text = HEAD + (
        "    strategy:\n      matrix:\n        include:\n          - {base_path: ./src, project: Api}\n          - {base_path: ./util, project: Nginx}\n"
        "    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n"
        "          file: ${{ matrix.base_path }}/${{ matrix.project }}/Dockerfile\n"
    )
    files = {
        "src/Api/Dockerfile": SCRATCH,
        "util/Nginx/Dockerfile": SCRATCH,
        "util/Setup/Dockerfile": SCRATCH,
    }
    assert builds(text, **files) == [("", "src/Api/Dockerfile", ()), ("", "util/Nginx/Dockerfile", ())]


def test_a_matrix_reaches_run_steps():
    text = HEAD + (
        "    strategy:\n      matrix:\n        app: [api, web]\n    steps:\n"
        "      - run: docker build -f ${{ matrix.app }}.Dockerfile .\n      - run: docker build .\n"
    )
    found = builds(text, **{"api.Dockerfile": SCRATCH, "Dockerfile": SCRATCH})
    assert set(found) == {("", "api.Dockerfile", ()), ("", None, ("dockerfile",)), ("", "Dockerfile", ())}
    assert len(found) == 3  # the step without a matrix value is one build


def test_a_reusable_workflow_builds_what_its_callers_pass():
    reusable = (
        "on:\n  workflow_call:\n    inputs:\n      file: {type: string, default: Dockerfile}\n"
        "jobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ${{ inputs.file }}\n"
    )
    caller = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/image.yml\n    with:\n      file: api.Dockerfile\n"
    files = {
        ".github/workflows/image.yml": reusable,
        ".github/workflows/ci.yml": caller,
        "api.Dockerfile": SCRATCH,
        "Dockerfile": SCRATCH,
        "a": "",
    }
    facts = inventory(files)
    assert [build.dockerfile for build in facts.builds] == ["api.Dockerfile"]
    assert ("calls", ".github/workflows/ci.yml") in {
        (one.verb, one.place.path) for one in facts.references_to[".github/workflows/image.yml"]
    }


def test_a_composite_action_runs_where_the_workflow_runs():
    action = "runs:\n  using: composite\n  steps:\n    - run: docker build -f api.Dockerfile .\n      shell: bash\n"
    assert builds(action, ".github/actions/image/action.yml", **{"api.Dockerfile": SCRATCH}) == [
        ("", "api.Dockerfile", ())
    ]


def test_gitlab_scripts_share_a_directory_and_variables():
    text = (
        "variables:\n  FILE: api.Dockerfile\nimage:\n  stage: build\n  services: [docker:dind]\n"
        "  before_script:\n    - cd services\n  script:\n    - docker build -f $FILE .\n"
    )
    files = {"services/api.Dockerfile": SCRATCH, "services/a": ""}
    assert builds(text, ".gitlab-ci.yml", **files) == [("services", "services/api.Dockerfile", ())]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ".circleci/config.yml",
            "jobs:\n  b:\n    steps:\n      - run:\n          name: x\n          command: docker build -f x.Dockerfile .\n",
        ),
        (".circleci/config.yml", "jobs:\n  b:\n    steps:\n      - run: docker build -f x.Dockerfile .\n"),
        ("azure-pipelines.yml", "steps:\n- script: docker build -f x.Dockerfile .\n"),
        (
            "azure-pipelines.yml",
            "steps:\n- task: Docker@2\n  inputs:\n    command: build\n    Dockerfile: x.Dockerfile\n    buildContext: .\n",
        ),
        (".travis.yml", "services: [docker]\nscript:\n  - docker build -f x.Dockerfile .\n"),
        (
            ".drone.yml",
            "steps:\n- name: i\n  image: plugins/docker\n  settings:\n    dockerfile: x.Dockerfile\n    context: .\n",
        ),
        (
            ".woodpecker.yml",
            "steps:\n  i:\n    image: docker\n    commands:\n      - docker build -f x.Dockerfile .\n",
        ),
        (".buildkite/pipeline.yml", "steps:\n  - command: docker build -f x.Dockerfile .\n"),
        (
            "bitbucket-pipelines.yml",
            "pipelines:\n  default:\n    - step:\n        script:\n          - docker build -f x.Dockerfile .\n",
        ),
        ("buildspec.yml", "phases:\n  build:\n    commands:\n      - docker build -f x.Dockerfile .\n"),
        (
            "Jenkinsfile",
            "pipeline { stages { stage('b') { steps { sh 'docker build -f x.Dockerfile .' } } } }\n",
        ),
        ("Jenkinsfile", 'node { sh """\n  set -e\n  docker build -f x.Dockerfile .\n""" }\n'),
        ("Jenkinsfile", "def i = docker.build('shop/api', '-f x.Dockerfile .')\n"),
        ("Jenkinsfile", "pipeline { agent { dockerfile { filename 'x.Dockerfile' } } }\n"),
        (
            "cloudbuild.yaml",
            "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -f, x.Dockerfile, .]\n",
        ),
        (
            "cloudbuild.yaml",
            "steps:\n- name: gcr.io/cloud-builders/docker\n  entrypoint: bash\n  args: ['-c', 'docker build -f x.Dockerfile .']\n",
        ),
        (
            "ops/cloudbuild-api.json",
            '{"steps": [{"name": "gcr.io/cloud-builders/docker", "args": ["build", "-f", "x.Dockerfile", "."]}]}',
        ),
        (
            "cloudbuild.yaml",
            "substitutions: {_FILE: x.Dockerfile}\nsteps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -f, '$_FILE', .]\n",
        ),
    ],
)
def test_other_systems(path, text):
    facts = inventory({path: text, "x.Dockerfile": SCRATCH, "a": ""})
    assert [summary(build) for build in facts.builds] == [("", "x.Dockerfile", ())]


def test_missing_files_are_shown_where_they_are_named():
    text = (
        HEAD
        + "    steps:\n      - run: |\n          make\n          docker build \\\n            -f gone.Dockerfile \\\n            .\n"
    )
    facts = inventory({".github/workflows/ci.yml": text})
    assert missing(facts) == [(".github/workflows/ci.yml", 9, "dockerfile", "gone.Dockerfile")]


def test_a_value_from_outside_is_never_missing():
    text = (
        HEAD
        + "    steps:\n      - run: docker build -f ${{ vars.FILE }} .\n      - run: docker build -f $FILE .\n"
    )
    facts = inventory({".github/workflows/ci.yml": text})
    assert missing(facts) == []
    assert all(build.uncertain for build in facts.builds)
    assert len(facts.builds) == 2


def test_docker_actions_are_listed_with_their_workflow():
    text = (
        HEAD + "    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/setup-buildx-action@v3\n"
    )
    (item,) = inventory({".github/workflows/ci.yml": text}).workflows
    assert item.actions == ["docker/setup-buildx-action@v3"]


def test_within_says_job_and_step():
    text = HEAD + "    steps:\n      - name: Start\n        run: docker compose up -d\n"
    files = {".github/workflows/ci.yml": text, "compose.yaml": "services:\n  web:\n    image: nginx\n"}
    (invocation,) = inventory(files).workflows[0].invocations
    assert (invocation.within, invocation.cwd, list(invocation.files)) == (
        "image / Start",
        "",
        ["compose.yaml"],
    )
