"""The words people put into the names of Docker files, and what they mean: environment, flavour, neither.

Collected from the names of some 2,600 Dockerfiles and compose files of 42 public repositories.
"""

import re

from dockwright.lazy import lazy_regex


def word_set(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


DEVELOPMENT, TEST, STAGING, PRODUCTION, CI = "development", "test", "staging", "production", "ci"

ENVIRONMENTS: dict[str, str] = {
    **dict.fromkeys(
        ("dev", "devel", "develop", "development", "local", "localhost", "devcontainer"), DEVELOPMENT
    ),
    **dict.fromkeys(("debug", "hotreload", "watch"), DEVELOPMENT),
    **dict.fromkeys(
        ("test", "tests", "testing", "pytest", "e2e", "integration", "unittest", "playwright"), TEST
    ),
    **dict.fromkeys(("cypress", "regression", "smoke"), TEST),
    **dict.fromkeys(("staging", "stage", "stg", "preprod", "uat", "qa", "preview"), STAGING),
    **dict.fromkeys(("prod", "production", "prd", "live", "gcp", "deploy", "release"), PRODUCTION),
    **dict.fromkeys(("ci", "cicd", "github", "gitlab", "circleci", "drone"), CI),
}

VARIANTS = word_set("""alpine slim debian ubuntu centos fedora rocky ubi ubi8 ubi9 bookworm bullseye buster jammy noble focal distroless
    scratch wolfi chainguard musl gnu glibc fips windows linux mac macos darwin arm arm64 armv7 armhf aarch64 amd64 x86
    x64 i386 multiarch gpu cuda cpu rocm vulkan nvidia intel podman docker kubernetes k8s swarm heroku fly railway
    aws gcp azure ecs cloudrun optimized optimised optimize fast quick lite light lightweight minimal min mini small
    tiny full fat large simple basic standard default secure security hardened hardening rootless nonroot root
    performance perf ultra v1 v2 v3 v4 new old next legacy fixed fix patched bypass custom emergency final alt alternate
    alternative multistage multi singlestage standalone unified consolidated combined all allinone aio nocache cached
    cache buildkit build builder runtime run base demo example sample experimental beta alpha rc nightly edge latest
    stable lts daily gov ee ce se oss enterprise community pro override extended extra headless space hf template
    temp tmp copy backup bak no dns mock stub""") | (
    frozenset(ENVIRONMENTS) - word_set("pytest playwright cypress github gitlab drone watch integration")
)

GENERIC_FOLDERS = word_set("""docker dockers dockerfile dockerfiles container containers containerfiles image images deployment deployments
    deploy build builds builder infra infrastructure ops devops ci .ci cicd config configs configuration conf script
    scripts service services app apps application applications package packages project projects src source lib libs
    module modules component components env envs environment environments stack stacks compose dist tools tool hack
    .devcontainer devcontainer .docker .github workflows server-config etc root example examples
    platform platforms cmd . docker-files docker-images docker_files docker_images agents templates
    build-docker-images bootc""")
"""Folders that say where Docker files are kept, not what they are for."""

_VERSION = lazy_regex(r"[vV]?\d+(?:[._]\d+)*(?:[._-]?(?:alpha|beta|rc|lts)\d*)?")
_CUDA = lazy_regex(r"(?:cuda|python|py|node|php|java|jdk|jre|go|ruby|pg|ubuntu|debian|alpine)-?\d[\d._]*")


def is_version(word: str) -> bool:
    """True for `3.12`, `v2`, `1_25`, `18`."""
    return _VERSION.fullmatch(word) is not None


def is_variant(word: str) -> bool:
    """True when a word of a name tells a flavour and not a service."""
    lowered = word.lower()
    return lowered in VARIANTS or is_version(lowered) or _CUDA.fullmatch(lowered) is not None


def environment_of(words: list[str]) -> str:
    """The environment that words of a name tell; the first that tells one; empty when none does."""
    for word in words:
        environment = ENVIRONMENTS.get(word.lower())
        if environment:
            return environment
    return ""


def words_of(text: str) -> list[str]:
    """A name in words: at `.`, `_`, `-`, blanks (versions such as `3.12` stay whole)."""
    return [word for word in re.split(r"(?<!\d)[._\-\s]|[._\-\s](?!\d)", text) if word]
