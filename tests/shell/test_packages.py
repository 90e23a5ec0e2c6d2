"""Package managers' command lines."""

import pytest

from dockwright.shell.packages import Action
from tests.shell.texts import install


def names(found):
    return [(item.name, item.operator, item.version) for item in found.packages]


@pytest.mark.parametrize(
    ("text", "manager", "action", "packages"),
    [
        ("apt-get install -y curl=7.88.1-10 git", "apt", Action.INSTALL, [("curl", "=", "7.88.1-10"), ("git", "", "")]),
        ("apt-get update", "apt", Action.REFRESH, []),
        ("apt-get -y dist-upgrade", "apt", Action.UPGRADE, []),
        ("apt-get purge -y gcc", "apt", Action.REMOVE, [("gcc", "", "")]),
        ("apt-get clean", "apt", Action.CLEAN, []),
        ("apk add --no-cache curl=8.5.0-r0 jq~=1.7", "apk", Action.INSTALL, [("curl", "=", "8.5.0-r0"), ("jq", "~=", "1.7")]),
        ("apk del .deps", "apk", Action.REMOVE, [(".deps", "", "")]),
        ("dnf -y install nginx-1.20.1-1.el9 python3-devel", "dnf", Action.INSTALL, [("nginx", "-", "1.20.1-1.el9"), ("python3-devel", "", "")]),
        ("zypper --non-interactive in vim", "zypper", Action.INSTALL, [("vim", "", "")]),
        ("pacman -Syu --noconfirm git", "pacman", Action.INSTALL, [("git", "", "")]),
        ("pacman -Scc --noconfirm", "pacman", Action.CLEAN, []),
        ("pip install flask==2.0 'django>=4,<5' six", "pip", Action.INSTALL, [("flask", "==", "2.0"), ("django", ">=", "4"), ("six", "", "")]),
        ("python3 -m pip install --upgrade pip", "pip", Action.INSTALL, [("pip", "", "")]),
        ("pip3.12 install x", "pip", Action.INSTALL, [("x", "", "")]),
        ("uv pip install x==1", "uv", Action.INSTALL, [("x", "==", "1")]),
        ("npm install -g yarn@1.22.19 @angular/cli@^17 pm2@latest", "npm", Action.INSTALL, [("yarn", "@", "1.22.19"), ("@angular/cli", "@~", "^17"), ("pm2", "@~", "latest")]),
        ("npm ci", "npm", Action.INSTALL, []),
        ("npm run build", "npm", Action.BUILD, []),
        ("npm cache clean --force", "npm", Action.CLEAN, []),
        ("yarn", "yarn", Action.INSTALL, []),
        ("yarn build", "yarn", Action.BUILD, []),
        ("pnpm i --frozen-lockfile", "pnpm", Action.INSTALL, []),
        ("npx -y tool@1.0.0 x", "npx", Action.RUN, [("tool", "@", "1.0.0")]),
        ("go install example.com/x@v1.2.3", "go", Action.INSTALL, [("example.com/x", "@", "v1.2.3")]),
        ("go install example.com/x@latest", "go", Action.INSTALL, [("example.com/x", "@~", "latest")]),
        ("go build ./...", "go", Action.BUILD, []),
        ("cargo install tool --version 1.2.0 --locked", "cargo", Action.INSTALL, [("tool", "=", "1.2.0")]),
        ("gem install rails -v 7.1.0", "gem", Action.INSTALL, [("rails", "=", "7.1.0")]),
        ("composer require a/b:^2", "composer", Action.INSTALL, [("a/b", ":~", "^2")]),
        ("conda install -y numpy=1.26", "conda", Action.INSTALL, [("numpy", "=", "1.26")]),
        ("mvn -B package", "maven", Action.BUILD, []),
        ("R -e \"install.packages('dplyr')\"", "r", Action.INSTALL, [("dplyr", "", "")]),
    ],
)  # fmt: skip
def test_verbs_and_packages(text, manager, action, packages):
    found = install(text)
    assert (found.manager, found.action, names(found)) == (manager, action, packages)


@pytest.mark.parametrize(
    ("text", "pinned"),
    [
        ("apt-get install -y a=1.0", [True]), ("apt-get install -y a=1.*", [False]), ("apk add a=1", [True]),
        ("apk add a~1", [False]), ("pip install a==1.0", [True]), ("pip install a==1.*", [False]), ("pip install 'a>=1'", [False]),
        ("npm i a@1.0.0", [True]), ("npm i a@1", [False]), ("npm i a", [False]), ('V=1.0.0; pip install "a==$V"', [True]),
        ('pip install "a==$V"', [True]), ("dnf install -y a-1.0-1", [True]), ("dnf install -y python3", [False]),
    ],
)  # fmt: skip
def test_pins(text, pinned):
    assert [item.pinned for item in install(text).packages] == pinned


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "pip install . ./lib git+https://x/y.git https://x/y.whl a.whl b",
            ["path", "path", "git", "url", "file", "registry"],
        ),
        ("apt-get install -y ./a.deb b", ["file", "registry"]),
        ("dnf install -y https://x/y.rpm @tools", ["url", "group"]),
        ("apk add -t .deps a '!b'", ["registry", "conflict", "virtual"]),
        ("npm i ./a git+ssh://g/x.git user/repo c", ["path", "git", "git", "registry"]),
    ],
)
def test_kinds_of_packages(text, kinds):
    assert [item.kind for item in install(text).packages] == kinds


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("pip install -r requirements.txt -c constraints.txt", [("requirements.txt", "requirements"), ("constraints.txt", "constraints")]),
        ("pip install -rdev.txt", [("dev.txt", "requirements")]),
        ("pip install --requirement=a.txt", [("a.txt", "requirements")]),
        ("poetry install", [("pyproject.toml", "manifest"), ("poetry.lock", "lock")]),
        ("uv sync --locked", [("pyproject.toml", "manifest"), ("uv.lock", "lock")]),
        ("bundle install", [("Gemfile", "manifest"), ("Gemfile.lock", "lock")]),
        ("go mod download", [("go.mod", "manifest"), ("go.sum", "lock")]),
        ("cargo build", [("Cargo.toml", "manifest"), ("Cargo.lock", "lock")]),
        ("conda env create -f env.yml", [("env.yml", "requirements")]),
        ("dotnet restore App.csproj", [("App.csproj", "manifest"), ("packages.lock.json", "lock"), ("nuget.config", "config")]),
        ("npm install left-pad", []),
        ("npm install -g tool", []),
    ],
)  # fmt: skip
def test_files_that_are_read(text, files):
    assert [(item.path, item.role) for item in install(text).manifests] == files


def test_lock_files_are_needed_only_where_nothing_else_will_do():
    assert not next(item for item in install("npm ci").manifests if item.path == "package-lock.json").optional
    assert next(
        item for item in install("npm install").manifests if item.path == "package-lock.json"
    ).optional


def test_the_file_named_by_a_flag_points_at_its_word():
    found = install("pip install -r  requirements/base.txt")
    assert found.manifests[0].word.raw == "requirements/base.txt"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("apt-get install -y a", "non_interactive", True), ("apt-get install -yq a", "non_interactive", True),
        ("apt-get -qq install a", "non_interactive", True), ("apt-get install a", "non_interactive", False),
        ("apt-get install -q a", "non_interactive", False), ("dnf install a", "non_interactive", False),
        ("apk add a", "non_interactive", True), ("zypper -n in a", "non_interactive", True),
        ("apt-get install a", "recommends", True), ("apt-get install --no-install-recommends a", "recommends", False),
        ("apt-get -o APT::Install-Recommends=false install a", "recommends", False), ("apk add a", "recommends", False),
        ("dnf install --setopt=install_weak_deps=False a", "recommends", False),
        ("pip install --no-cache-dir a", "no_cache", True), ("PIP_NO_CACHE_DIR=1 pip install a", "no_cache", True),
        ("PIP_NO_CACHE_DIR=0 pip install a", "no_cache", False), ("apk add --no-cache a", "no_cache", True),
        ("apk add --no-cache a", "refreshes_index", True), ("apk add -U a", "refreshes_index", True),
        ("apk add a", "refreshes_index", False), ("npm ci --omit=dev", "production", True),
        ("npm ci --omit dev", "production", True), ("NODE_ENV=production npm ci", "production", True),
        ("NODE_ENV=test npm ci", "production", False), ("poetry install --only main", "production", True),
        ("npm ci", "frozen", True), ("npm install", "frozen", False), ("yarn --frozen-lockfile", "frozen", True),
        ("pip install --no-deps a", "no_deps", True), ("pip install -e .", "editable", True),
    ],
)  # fmt: skip
def test_flags_mean_what_the_table_says(text, field, value):
    assert getattr(install(text), field) is value


def test_variables_of_the_stage_count():
    from dockwright.shell.packages import read_install
    from tests.shell.texts import shell

    command = shell("pip install x").commands[0]
    assert read_install(command, {"PIP_NO_CACHE_DIR": "1"}).no_cache
    assert not read_install(command, {"PIP_NO_CACHE_DIR": "off"}).no_cache


@pytest.mark.parametrize(
    "text", ["rm -rf /var/lib/apt/lists/*", "echo apt-get install", "python app.py", "nodemon x"]
)
def test_other_commands_are_none(text):
    from dockwright.shell.packages import read_install
    from tests.shell.texts import shell

    assert read_install(shell(text).commands[0]) is None
