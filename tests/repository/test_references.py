"""Who names whom, how strongly, and what is missing."""

import pytest

from dockwright.repository.model import Strength
from tests.repository.small import SCRATCH, inventory, missing, named

WEB = "services:\n  web:\n    image: nginx:1.27\n"


def strengths(facts, target):
    return [(one.place.path, one.place.line, one.verb, one.strength) for one in named(facts, target)]


def test_compose_commands_run_their_files():
    files = {
        "docker-compose.test.yml": WEB,
        "compose.yaml": WEB,
        "compose.override.yaml": WEB,
        "Makefile": "test:\n\tdocker compose -f docker-compose.test.yml up -d\nup:\n\tdocker compose up -d\n",
    }
    facts = inventory(files)
    assert strengths(facts, "docker-compose.test.yml") == [("Makefile", 2, "runs", Strength.RUN)]
    assert strengths(facts, "compose.yaml") == [("Makefile", 4, "runs", Strength.RUN)]
    assert strengths(facts, "compose.override.yaml") == [("Makefile", 4, "runs", Strength.RUN)]
    assert [list(one.files) for one in facts.item("Makefile").invocations] == [
        ["docker-compose.test.yml"],
        ["compose.yaml", "compose.override.yaml"],
    ]


def test_the_default_file_is_searched_upwards():
    facts = inventory({"compose.yaml": WEB, "web/app/up.sh": "docker compose ps\n"})
    assert strengths(facts, "compose.yaml") == [("web/app/up.sh", 1, "runs", Strength.RUN)]


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ("COMPOSE_FILE=e2e.yml docker compose up\n", "up.sh"),
        ("export COMPOSE_FILE=e2e.yml\ndocker compose up\n", "up.sh"),
        ("FILES='-f e2e.yml'\ndocker compose $FILES up\n", "up.sh"),
        ("docker stack deploy -c e2e.yml shop\n", "up.sh"),
        ("podman-compose -f e2e.yml up -d\n", "up.sh"),
        ('import subprocess\nsubprocess.run(["docker", "compose", "-f", "e2e.yml", "up"])\n', "up.py"),
        ('import os\nFILE = "e2e.yml"\nos.system(f"docker compose -f {FILE} up")\n', "up.py"),
        ("docker compose -f e2e.yml up\r\n", "up.bat"),
        ("docker compose -f e2e.yml up\n", "up.ps1"),
    ],
)
def test_ways_to_name_a_compose_file(script, path):
    facts = inventory({"e2e.yml": WEB, path: script})
    assert Strength.RUN in {one.strength for one in named(facts, "e2e.yml")}


def test_missing_compose_files_are_missing_with_their_places():
    files = {
        "up.sh": "#!/bin/sh\n\ndocker-compose -f docker-compose.all.yml down 2>/dev/null\n",
        "tools/launch.py": (
            "import subprocess\n\n\nclass Launcher:\n    def __init__(self):\n"
            '        self.compose_file = "docker-compose.dev.yml"\n\n    def up(self):\n'
            '        subprocess.run(["docker", "compose", "-f", self.compose_file, "up"])\n'
        ),
        "settings.yaml": "compose_file: docker-compose.prod.yml\n",
    }
    assert missing(inventory(files)) == [
        ("settings.yaml", 1, "compose", "docker-compose.prod.yml"),
        ("tools/launch.py", 6, "compose", "docker-compose.dev.yml"),
        ("up.sh", 3, "compose", "docker-compose.all.yml"),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("up.sh", 'docker compose -f "docker-compose.$ENV.yml" up\n'),
        ("up.sh", "for f in docker-compose.*.yml; do docker compose -f $f config; done\n"),
        (
            "up.sh",
            "cat > docker-compose.gen.yml <<EOF\nservices: {}\nEOF\ndocker compose -f docker-compose.gen.yml up\n",
        ),
        ("up.sh", "docker compose -f /opt/shop/docker-compose.yml up\n"),
        ("up.py", 'import os\nif os.path.exists("docker-compose.local.yml"):\n    pass  # docker\n'),
        ("up.py", 'name = "https://example.org/docker-compose.yml"  # docker\n'),
        ("up.py", "def f(dockerfile_path):\n    return dockerfile_path\n"),
        ("settings.json", '{"dockerfile_name": "x"}'),
        ("ci.yml", "image: docker/dockerfile:1\n"),
    ],
)
def test_what_is_not_missing(path, text):
    assert missing(inventory({path: text, "docker-compose.a.yml": WEB, "docker-compose.b.yml": WEB})) == []


def test_the_other_ending_is_not_missing():
    files = {
        "compose.yml": WEB,
        "up.sh": "docker compose -f compose.yaml up || docker compose -f compose.yml up\n",
    }
    assert missing(inventory(files)) == []


def test_names_by_the_line_they_stand_on():
    files = {
        "docker/api.Dockerfile": SCRATCH,
        "tools/names.py": 'EXPECTED = [\n    "docker/api.Dockerfile",\n]\n',
        "tools/run.py": (
            "import subprocess\n\n# see docker/api.Dockerfile\nFILE = 'docker/api.Dockerfile'\n"
            'print("use docker/api.Dockerfile")\nsubprocess.run(["docker", "ps"])\n'
        ),
        "tests/test_files.py": 'FILE = "docker/api.Dockerfile"\n',
        "docs/images.md": "There is `docker/api.Dockerfile`.\n",
        "images.toml": 'api = "docker/api.Dockerfile"\n',
        "docs/other.md": "There is docker/xapi.Dockerfile and api.Dockerfiles.\n",
    }
    assert set(strengths(inventory(files), "docker/api.Dockerfile")) == {
        ("tools/names.py", 2, "mentions", Strength.NAME_LIST),
        ("tools/run.py", 3, "mentions", Strength.DOCS),
        ("tools/run.py", 4, "reads", Strength.SCRIPT),
        ("tools/run.py", 5, "mentions", Strength.DOCS),
        ("tests/test_files.py", 1, "reads", Strength.TEST),
        ("docs/images.md", 1, "mentions", Strength.DOCS),
        ("images.toml", 1, "reads", Strength.SCRIPT),
    }


def test_basenames_are_resolved_in_the_right_folder_or_when_there_is_one():
    files = {
        "a/api.Dockerfile": SCRATCH,
        "b/api.Dockerfile": SCRATCH,
        "b/web.Dockerfile": SCRATCH,
        "b/notes.md": "see api.Dockerfile\n",
        "notes.md": "see api.Dockerfile and web.Dockerfile\n",
    }
    facts = inventory(files)
    assert [one.place.path for one in named(facts, "b/api.Dockerfile")] == ["b/notes.md"]
    assert named(facts, "a/api.Dockerfile") == []
    assert [one.place.path for one in named(facts, "b/web.Dockerfile")] == ["notes.md"]


def test_a_variable_for_an_environment_means_environments():
    files = {
        "docker-compose.prod.yml": WEB,
        "docker-compose.no-dns.yml": WEB,
        "deploy.sh": 'docker compose -f "docker-compose.${ENV}.yml" up -d\n',
    }
    facts = inventory(files)
    assert [one.strength for one in named(facts, "docker-compose.prod.yml")] == [Strength.RUN]
    assert [one.strength for one in named(facts, "docker-compose.no-dns.yml")] == [Strength.DOCS]


def test_compose_files_name_files():
    text = (
        "services:\n  web:\n    image: nginx\n    env_file: [web.env, {path: local.env, required: false}]\n"
        "    volumes:\n      - ./conf/nginx.conf:/etc/nginx.conf:ro\n      - ./gone.conf:/x\n      - data:/data\n      - /var/run/docker.sock:/s\n"
        "    extends: {file: base.yml, service: web}\nconfigs:\n  c: {file: ./c.ini}\nvolumes: {data: }\n"
    )
    files = {"compose.yaml": text, "web.env": "", "conf/nginx.conf": "", "base.yml": WEB}
    facts = inventory(files)
    assert missing(facts) == [
        ("compose.yaml", 7, "bind", "./gone.conf"),
        ("compose.yaml", 12, "config", "./c.ini"),
    ]
    assert {(one.verb, one.expects, one.target) for one in facts.references if one.target} == {
        ("reads", "env_file", "web.env"),
        ("mounts", "bind", "conf/nginx.conf"),
        ("extends", "compose", "base.yml"),
    }


def test_dockerfiles_extend_images_that_others_build():
    files = {
        "base.Dockerfile": SCRATCH,
        "app.Dockerfile": "FROM shop/base:latest\nCOPY --from=shop/tools /x /x\n",
        "tools.Dockerfile": SCRATCH,
        "build.sh": "docker build -f base.Dockerfile -t shop/base .\ndocker build -f tools.Dockerfile -t shop/tools:latest .\n",
        "a": "",
    }
    facts = inventory(files)
    assert ("app.Dockerfile", 1, "extends", Strength.BUILD) in strengths(facts, "base.Dockerfile")
    assert ("app.Dockerfile", 2, "extends", Strength.BUILD) in strengths(facts, "tools.Dockerfile")


def test_a_base_that_nobody_tags_is_noted_by_its_name():
    files = {"Dockerfile.pytest-fast": SCRATCH, "x.Dockerfile": "FROM shop-pytest-fast:latest\n", "a": ""}
    facts = inventory(files)
    ((one),) = named(facts, "Dockerfile.pytest-fast")
    assert (one.verb, one.strength, bool(one.uncertain)) == ("extends", Strength.NAME_LIST, True)


def test_bake_commands_build_their_files():
    bake = 'target "default" { context = "." }\n'
    files = {
        "docker-bake.hcl": bake,
        "ci/images.hcl": bake,
        "Makefile": "a:\n\tdocker buildx bake\nb:\n\tdocker buildx bake -f ci/images.hcl web\nc:\n\tdocker buildx bake -f gone.hcl\n",
    }
    facts = inventory(files)
    assert strengths(facts, "docker-bake.hcl") == [("Makefile", 2, "builds", Strength.BUILD)]
    assert strengths(facts, "ci/images.hcl") == [("Makefile", 4, "builds", Strength.BUILD)]
    assert ("Makefile", 6, "bake", "gone.hcl") in missing(facts)


def test_scripts_call_scripts():
    files = {
        "Makefile": "up:\n\t./scripts/up.sh\n",
        "scripts/up.sh": '#!/bin/bash\ncd "$(dirname "$0")"\nbash lib/docker-wait.sh db\npython ../tools/seed.py\ndocker ps\n',
        "scripts/lib/docker-wait.sh": "sleep 1\n",
        "tools/seed.py": 'import subprocess\nsubprocess.run(["docker", "exec", "db", "true"])\n',
    }
    facts = inventory(files)
    assert strengths(facts, "scripts/up.sh") == [("Makefile", 2, "calls", Strength.RUN)]
    assert strengths(facts, "scripts/lib/docker-wait.sh") == [("scripts/up.sh", 3, "calls", Strength.RUN)]
    assert strengths(facts, "tools/seed.py") == [("scripts/up.sh", 4, "calls", Strength.RUN)]


def test_imports_are_references():
    files = {
        "tools/docker_engine.py": 'import subprocess\nsubprocess.run(["docker", "ps"])\n',
        "tools/report.py": "import os  # docker\nfrom tools.docker_engine import x\n",
        "pkg/__init__.py": "from .docker_core import y\n",
        "pkg/docker_core.py": 'import subprocess\nsubprocess.run(["docker", "ps"])\n',
    }
    facts = inventory(files)
    assert strengths(facts, "tools/docker_engine.py") == [("tools/report.py", 2, "imports", Strength.SCRIPT)]
    assert [one.place.path for one in named(facts, "pkg/docker_core.py")] == ["pkg/__init__.py"]


def test_used_by_is_sorted_strongest_first_and_each_line_counts_once():
    files = {
        "x.Dockerfile": SCRATCH,
        "a": "",
        "notes.md": "x.Dockerfile\n",
        "Makefile": "i:\n\tdocker build -f x.Dockerfile . # x.Dockerfile\n",
    }
    item = inventory(files).dockerfile("x.Dockerfile")
    assert [(one.place.path, one.strength) for one in item.used_by] == [
        ("Makefile", Strength.BUILD),
        ("notes.md", Strength.DOCS),
    ]


@pytest.mark.parametrize(
    ("name", "script"),
    [("entrypoint.sh", "#!/bin/sh\ndocker ps\n"), ("docker-config.php", "<?php\nexec('docker ps');\n")],
)
def test_a_dockerfile_nobody_builds_copies_what_lies_beside_it(name, script):
    text = f"FROM alpine:3.20\nCOPY {name} /\n"
    found = inventory(
        {
            name: script,
            "a/Dockerfile": text,
            f"a/{name}": script,
            "b/Dockerfile": text,
            f"b/{name}": script,
        }
    )
    copied = {(one.place.path, one.target) for one in found.references if one.verb == "copies"}
    assert copied == {("a/Dockerfile", f"a/{name}"), ("b/Dockerfile", f"b/{name}")}
