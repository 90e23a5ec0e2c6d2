"""The data files: well-formed, with sources, and consistent with one another."""

import re

import pytest

from dockwright.knowledge import arguments, docker_flags, images, packages, programs, services
from dockwright.shell.package_types import Action


def test_every_manager_has_a_source_programs_and_known_actions():
    for name, manager in packages.managers().items():
        assert manager.source, name
        assert manager.programs, name
        assert set(manager.verbs) <= {action.value for action in Action}, name
        assert manager.default_action in {"", *(action.value for action in Action)}, name


def test_no_verb_of_a_manager_means_two_things():
    for name, manager in packages.managers().items():
        verbs = [verb for group in manager.verbs.values() for verb in group]
        assert len(verbs) == len(set(verbs)), name


def test_no_program_is_two_managers():
    seen: dict[str, str] = {}
    for name, manager in packages.managers().items():
        for program in manager.programs:
            assert seen.setdefault(program, name) == name


def test_roles_of_manifests_are_known():
    roles = {"manifest", "lock", "requirements", "constraints", "config"}
    for name, manager in packages.managers().items():
        assert {item.role for item in manager.manifests} <= roles, name
        assert set(manager.reads) <= roles, name


def test_mounts_are_absolute():
    for name, manager in packages.managers().items():
        assert all(mount.target.startswith("/") for mount in manager.mounts), name
        assert all(mount.sharing in ("shared", "private", "locked") for mount in manager.mounts), name


@pytest.mark.parametrize("program", ["pip", "pip3", "pip3.12", "apt-get", "npm", "uv", "gradlew", "pnpm"])
def test_managers_by_program(program):
    assert packages.is_manager(program)


@pytest.mark.parametrize("program", ["piper", "pip-compile", "apt-cache", "python", ""])
def test_programs_that_are_no_managers(program):
    assert not packages.is_manager(program)


@pytest.mark.parametrize("tool", ["docker", "podman"])
def test_flags_are_spelled_as_flags(tool):
    for subcommand in docker_flags.subcommands(tool).values():
        for flag, (canonical, _) in subcommand.flags.items():
            assert re.fullmatch(r"-[A-Za-z]|--[a-z0-9][a-z0-9-]*", flag), (subcommand.name, flag)
            assert canonical.startswith("-"), (subcommand.name, flag)


def test_flags_known_from_the_reference():
    table = docker_flags.subcommands("docker")
    assert table["build"].flags["-f"] == ("--file", True)
    assert table["run"].flags["-it"[:2]] == ("--interactive", False)
    assert table["compose up"].flags["-d"] == ("--detach", False)
    assert table["compose"].flags["-p"] == ("--project-name", True)
    assert table["rm"].name == "container rm"
    assert "--profile" not in table["compose up"].flags


def test_every_image_is_found_and_has_a_source():
    assert images.base_image("python") is not None
    for name in images._by_name():
        image = images.base_image(name)
        assert image is not None
        assert image.source, name
        assert image.confidence in ("high", "medium", "low"), name
        assert not image.manager or image.manager in packages.managers(), name
        assert not image.present & image.absent, name


@pytest.mark.parametrize(
    ("name", "tag", "distribution", "curl", "wget", "bash"),
    [
        ("python", "3.12", "debian", True, True, True), ("python", "3.12-slim-bookworm", "debian", False, False, True),
        ("python", "3.12-alpine3.20", "alpine", False, True, False), ("node", "20-alpine", "alpine", False, True, False),
        ("nginx", "1.27", "debian", True, False, True), ("nginx", "1.27-alpine", "alpine", True, True, False),
        ("nginx", "1.27-alpine-slim", "alpine", False, True, False), ("debian", "bookworm", "debian", False, False, True),
        ("gcr.io/distroless/static", "nonroot", "distroless", False, False, False), ("golang", "1.23", "debian", True, True, True),
    ],
)  # fmt: skip
def test_programs_of_base_images(name, tag, distribution, curl, wget, bash):
    image = images.base_image(name, tag)
    assert (image.distribution, image.has("curl"), image.has("wget"), image.has("bash")) == (
        distribution,
        curl,
        wget,
        bash,
    )


def test_what_is_not_documented_is_not_known():
    assert images.base_image("example/unheard-of") is None
    assert images.base_image("python", "3.12").has("something-else") is None


@pytest.mark.parametrize(
    "name", ["docker.io/library/python", "library/python", "public.ecr.aws/docker/library/python"]
)
def test_mirrors_of_official_images(name):
    assert images.base_image(name, "3").name == "python"


def test_users_of_images():
    assert images.base_image("node", "20").user == "root"
    assert images.base_image("gcr.io/distroless/base", "nonroot").user == "65532"
    assert images.base_image("grafana/grafana").user == "472"


def test_services_have_sources_and_plausible_ports():
    for name, service in services.services().items():
        assert service.source, name
        assert all(0 < item.port < 65536 for item in service.ports), name
        assert not set(service.clients) & set(service.lacks), name


@pytest.mark.parametrize(
    ("image", "option", "tag", "since"),
    [
        ("postgres", "checkpoint_segments", "15-alpine", "9.5"), ("postgres", "checkpoint_segments", "9.5", "9.5"),
        ("postgres", "checkpoint_segments", "9.4.1", None), ("postgres", "checkpoint_segments", "9", None),
        ("postgres", "checkpoint_segments", "latest", None), ("postgis/postgis", "wal_keep_segments", "16-3.4", "13"),
        ("postgres", "max_wal_size", "16", None), ("mysql", "query_cache_size", "8", "8.0"),
        ("mysql", "query_cache_size", "5.7", None), ("mongo", "--smallfiles", "4.4", "4.2"),
    ],
)  # fmt: skip
def test_options_that_newer_versions_refuse(image, option, tag, since):
    entry = services.service_image(image).removed_in(option, tag)
    assert (entry.since if entry else None) == since


def test_clients_of_services():
    assert services.service_image("postgres").has("pg_isready")
    assert services.service_image("redis").has("redis-cli")
    assert services.service_image("clickhouse/clickhouse-server").has("curl") is False
    assert services.service_image("postgres").has("unheard-of") is None


def test_providers_of_programs():
    assert programs.package_of_program("apt", "nc") == "netcat-openbsd"
    assert programs.package_of_program("yum", "curl") == "curl"
    assert programs.package_of_program("pnpm", "tsc") == "typescript"
    assert programs.package_of_program("apt", "unheard-of") is None
    assert {item.manager for item in programs.providers("supervisord")} >= {"apt", "pip"}


@pytest.mark.parametrize(
    ("manager", "package", "tool"),
    [
        ("apt", "build-essential", True), ("apt", "libpq-dev", True), ("apt", "libpq5", False), ("apt", "curl", False),
        ("apk", "build-base", True), ("apk", "musl-dev", True), ("apk", "libpq", False), ("yum", "gcc-c++", True),
        ("microdnf", "openssl-devel", True), ("dnf", "openssl", False), ("pip", "wheel", False), ("apt", "gcc-12", True),
        ("apt", "openjdk-17-jdk", True), ("apt", "openjdk-17-jre-headless", False),
    ],
)  # fmt: skip
def test_build_tools(manager, package, tool):
    assert programs.is_build_tool(manager, package) is tool


@pytest.mark.parametrize(
    ("name", "volatility"),
    [
        ("GIT_SHA", "certain"), ("APP_GIT_COMMIT", "certain"), ("BUILD_DATE", "certain"), ("CACHEBUST", "certain"),
        ("VERSION", "likely"), ("APP_VERSION", "likely"), ("NODE_VERSION", ""), ("PYTHON_VERSION", ""), ("DEBIAN_FRONTEND", ""),
        ("BUILD_DATE_URL", ""), ("RELEASE", "likely"), ("build_number", "certain"),
    ],
)  # fmt: skip
def test_volatile_arguments(name, volatility):
    assert arguments.volatility(name) == volatility
    assert arguments.is_volatile(name) is (volatility == "certain")


def test_predefined_arguments():
    assert all(
        map(
            arguments.is_predefined,
            ["HTTP_PROXY", "no_proxy", "TARGETARCH", "BUILDKIT_INLINE_CACHE", "SOURCE_DATE_EPOCH"],
        )
    )
    assert not arguments.is_predefined("Http_Proxy")
    assert "TARGETPLATFORM" in arguments.platform_arguments()
    assert "https_proxy" in arguments.proxies()
