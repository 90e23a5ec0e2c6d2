"""References that only seem broken: what is not in the tree for a reason is not said to be missing."""

import pytest

from dockwright.rules.catalogue import find
from dockwright.testing import examine

APP = {"web/Dockerfile": "FROM scratch\nCOPY a /\n", "web/a": ""}
RULES = [
    rule
    for name in (
        "missing-context",
        "missing-dockerfile",
        "missing-compose-file",
        "missing-target",
        "misplaced-flag",
    )
    if (rule := find(name)) is not None
]
FETCHED = """on: push
env:
  BUILDER: builder
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          path: ${{ env.BUILDER }}
      - uses: docker/build-push-action@v6
        with:
          context: ${{ env.BUILDER }}
          file: ${{ env.BUILDER }}/images/Containerfile
"""
GENERATED = """on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - run: |
          cat > Dockerfile.deploy << 'EOF'
          FROM scratch
          EOF
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: ./Dockerfile.deploy
"""
ELSEWHERE = """on: push
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: ${{ env.UPSTREAM }}
          target: binary
"""


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {
                ".gitmodules": '[submodule "engine"]\n\tpath = engine\n\turl = https://example.com/engine.git\n',
                "compose.yaml": "services:\n  engine:\n    build: ./engine\n",
                "build.sh": "#!/bin/sh\ncd engine\ndocker build -f Dockerfile.small -t engine .\n",
            },
            id="submodule",
        ),
        pytest.param({".github/workflows/image.yml": FETCHED}, id="checkout below a path"),
        pytest.param({".github/workflows/image.yml": GENERATED}, id="written by a step"),
        pytest.param(
            {
                ".github/workflows/image.yml": ELSEWHERE,
                "Dockerfile": "FROM scratch AS app\nCOPY a /\n",
                "a": "",
            },
            id="context is an expression",
        ),
        pytest.param(
            {
                "release.sh": "#!/bin/bash\nfor NAME in web api; do\n  docker build -t $NAME ./services/$NAME || {\n"
                "    docker build -t $NAME ./$NAME 2>/dev/null || \\\n    echo failed\n  }\ndone\n",
            },
            id="one way after the other",
        ),
        pytest.param(
            {
                "Makefile": "BUILD_ARGS := $(BUILD_ARGS) --progress plain\n\nweb:\n"
                "\tcd web && docker buildx build $(BUILD_ARGS) -t web .\n",
            },
            id="make variable that extends the caller's",
        ),
        pytest.param(
            {
                "install.sh": "#!/bin/bash\nFOLDER=$PWD/app\nFILE=$FOLDER/docker-compose.yaml\nmkdir -p $FOLDER/archive\n"
                "curl -fsSL -o $FILE https://example.com/docker-compose.yaml\ndocker stack deploy -c $FILE app\n",
            },
            id="fetched to a path in a variable",
        ),
        pytest.param(
            {
                ".gitmodules": '[submodule "engine"]\n\tpath = engine\n\turl = https://example.com/engine.git\n',
                "build.ps1": 'Set-Location "engine"\ndocker build -f Dockerfile.small -t ${IMAGE}:${VERSION} .\n',
            },
            id="braced variables of PowerShell",
        ),
        pytest.param(
            {
                "build.sh": "#!/bin/bash\nbuild() {\n  local context=$1\n  local file=$2\n"
                '  docker build -f "${file}" "${context}"\n}\nbuild ./web ./web/Dockerfile\nbuild ./api ./api/Dockerfile.prod\n',
                "api/Dockerfile.prod": "FROM scratch\nCOPY b /\n",
                "api/b": "",
            },
            id="arguments of a function go together",
        ),
        pytest.param(
            {
                ".github/workflows/image.yml": "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - uses: example/actions/build-push@v1\n        with:\n          build-context: .\n"
                "          dockerfile-path: ./web/Dockerfile\n",
            },
            id="an action with names of its own",
        ),
        pytest.param(
            {
                ".github/workflows/image.yml": "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n"
                "      - id: check\n        run: test -f api/Dockerfile && echo exists=true >> $GITHUB_OUTPUT || true\n"
                "      - if: steps.check.outputs.exists == 'true'\n        uses: docker/build-push-action@v6\n"
                "        with:\n          context: ./api\n"
                "      - run: |\n          if [ -f Dockerfile.dev ]; then\n            docker build -f Dockerfile.dev .\n          fi\n",
            },
            id="only where it exists",
        ),
    ],
)
def test_is_not_missing(files: dict[str, str]) -> None:
    assert list(examine({**APP, **files}, RULES).findings) == []


def test_a_path_beside_a_submodule_is_missing() -> None:
    files = {
        ".gitmodules": '[submodule "engine"]\n\tpath = engine\n\turl = https://example.com/engine.git\n',
        "compose.yaml": "services:\n  engine:\n    build: ./engine-two\n",
    }
    assert [finding.rule for finding in examine(files, RULES).findings] == ["missing-context"]
