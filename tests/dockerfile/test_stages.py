"""Stages: what FROM, --from and mounts name, which variables exist where, what is inherited."""

import pytest

from dockwright.dockerfile import parse
from dockwright.dockerfile.instructions.types import Copy, Run
from dockwright.dockerfile.nodes import Problem
from dockwright.dockerfile.platforms import Platform
from dockwright.dockerfile.scopes import Origin
from dockwright.dockerfile.settings import BaseImage, Settings
from dockwright.dockerfile.stages import SourceKind


def stages(text: str, **settings):
    return parse(text.encode()).build(Settings(**settings)).stages


def first(stage, kind):
    return next(command for command in stage.commands if isinstance(command, kind))


def target(text: str, name: str = "", **settings):
    return parse(text.encode()).build(Settings(target=name, **settings)).target(name)


# -- names


def test_from_knows_earlier_stages_by_their_lower_case_name():
    base, child, image = stages("FROM debian AS Base\nFROM base AS b\nFROM Base\n")
    assert child.parent is base
    assert child.root.name == "debian"
    assert image.base.kind is SourceKind.UNKNOWN
    assert "must be lowercase" in image.base.problem.message


def test_a_stage_shadows_an_image_only_after_its_definition():
    one, two, three = stages("FROM alpine\nFROM debian AS alpine\nFROM alpine\n")
    assert one.base.kind is SourceKind.IMAGE
    assert three.parent is two


def test_the_last_definition_of_a_name_counts():
    one, two, three = stages("FROM a AS s\nFROM b AS s\nFROM s\nCOPY --from=s /x /y\n")
    assert three.parent is two
    assert three.sources[0].stage is two
    assert one.name == two.name


def test_copy_from_by_index_name_and_image():
    text = "FROM a AS one\nFROM b\nCOPY --from=0 x y\nCOPY --from=ONE x y\nCOPY --from=nginx:1 x y\nCOPY --from=scratch x y\n"
    one, two = stages(text)
    assert [source.stage for source in two.sources] == [one, one, None, None]
    assert two.sources[2].image.canonical == "docker.io/library/nginx:1"
    assert two.sources[3].kind is SourceKind.SCRATCH
    assert two.sources_named_by(two.instructions[1]) == [two.sources[1]]
    assert two.file.text(two.sources[1].span) == "ONE"


def test_mounts_name_sources_too():
    one, two = stages(
        "FROM a AS deps\nFROM b\nRUN --mount=from=deps,target=/d --mount=type=cache,target=/c x\n"
    )
    assert [source.stage for source in two.sources] == [one]


def test_named_contexts_replace_images_and_stages():
    text = "FROM debian:12 AS base\nRUN x\nFROM base\nFROM alpine\nCOPY --from=docker.io/library/alpine:latest a b\n"
    base, child, image = stages(text, contexts=frozenset({"base", "alpine"}))
    assert base.base.kind is SourceKind.CONTEXT
    assert child.parent is base
    assert image.base.kind is SourceKind.CONTEXT
    assert image.sources[0].kind is SourceKind.CONTEXT


def test_scratch_is_exact():
    scratch, other = stages("FROM scratch\nFROM Scratch\n")
    assert scratch.base.kind is SourceKind.SCRATCH
    assert other.base.kind is SourceKind.UNKNOWN


# -- variables


def test_from_sees_global_and_platform_arguments_only():
    one, two, three = stages(
        "ARG V=12\nARG I=debian:${V}\nFROM $I AS b\nENV V=13\nFROM debian:$V\nFROM --platform=$BUILDPLATFORM x-$TARGETARCH\n",
        args={"V": "11"},
        platform=Platform("linux", "arm64"),
    )
    assert [one.base.name, two.base.name, three.base.name] == ["debian:11", "debian:11", "x-arm64"]
    assert one.base.expansion.used == ("I",)
    assert three.platform == Platform("linux", "amd64")


def test_a_global_argument_is_seen_in_a_stage_only_once_declared():
    (stage,) = stages("ARG V=1\nFROM a\nRUN x\nARG V\nRUN y\n")
    runs = [command for command in stage.instructions if isinstance(command, Run)]
    before, after = (stage.environment_before(run) for run in runs)
    assert "V" not in before
    assert (after.get("V"), after.variable("V").origin) == ("1", Origin.GLOBAL)
    assert stage.file.text(after.variable("V").span) == "V"


@pytest.mark.parametrize(
    ("text", "args", "value", "origin"),
    [
        ("ARG X=1\n", {}, "1", Origin.ARG),
        ("ARG X=1\n", {"X": "2"}, "2", Origin.BUILD_ARG),
        ("ARG X\n", {"X": ""}, "", Origin.BUILD_ARG),
        ("ARG X\n", {}, None, None),
        ("ENV X=0\n", {"X": "2"}, "0", Origin.ENV),
        ("ENV X=0\nARG X=1\n", {}, "1", Origin.ARG),
        ("ARG X=1\nENV X=0\n", {}, "0", Origin.ENV),
        ("ARG TARGETARCH\nENV X=$TARGETARCH\n", {}, "amd64", Origin.ENV),
        ("ENV X=$TARGETARCH\n", {}, "", Origin.ENV),
        ("ARG X=a Y=${X}b\nENV X=$Y\n", {}, "ab", Origin.ENV),
        ("ENV X=1\nENV X=2 Z=$X\nENV X=$Z\n", {}, "1", Origin.ENV),
    ],
)
def test_the_value_of_a_variable(text, args, value, origin):
    (stage,) = stages("FROM a\n" + text, args=args)
    variable = stage.environment.variable("X")
    assert (variable and variable.value) == value
    assert (variable and variable.origin) == origin


def test_a_child_stage_inherits_and_sets_the_image_env_once_more():
    """In the parent the later ARG wins; the child begins with the ENV of the parent's image."""
    parent, child = stages("FROM a AS p\nENV X=env\nARG X=arg\nARG Y=y\nFROM p\n")
    assert parent.environment.get("X") == "arg"
    assert child.environment.get("X") == "env"
    assert child.environment.get("Y") == "y"
    assert child.environment.as_list() == ["Y=y", "X=env"]


def test_copying_inherits_nothing():
    _, second = stages("FROM a AS p\nENV X=1\nFROM b\nCOPY --from=p /x /y\n")
    assert second.environment.names() == []


def test_an_unknown_base_image_may_bring_more():
    unknown, scratch = stages("FROM a\nFROM scratch\n")
    assert not unknown.environment.complete
    assert scratch.environment.complete
    assert scratch.environment.names() == ["PATH"]


def test_a_known_base_image():
    image = BaseImage(
        env=(("PATH", "/bin"), ("LANG", "C")), working_dir="/srv", user="app", onbuild=("RUN setup",)
    )
    (stage,) = stages(
        "FROM debian\nWORKDIR sub\nENV LANG=de PATH=$PATH:/x\n",
        images={"docker.io/library/debian:latest": image},
    )
    assert stage.environment.as_list() == ["LANG=de", "PATH=/bin:/x"]
    assert stage.config.working_dir.value == "/srv/sub"
    assert stage.config.user.value == "app"
    assert [command.name for command in stage.commands] == ["RUN", "WORKDIR", "ENV"]


# -- settings


def test_settings_at_each_instruction():
    text = 'FROM a\nRUN one\nUSER app\nWORKDIR /w\nWORKDIR sub/..\nSHELL ["/bin/bash", "-c"]\nRUN two\n'
    (stage,) = stages(text)
    one, two = (command for command in stage.instructions if isinstance(command, Run))
    assert (stage.user_before(one), stage.workdir_before(one), stage.shell_before(one)) == (None, None, None)
    assert (stage.user_before(two), stage.workdir_before(two), stage.shell_before(two)) == (
        "app",
        "/w",
        ("/bin/bash", "-c"),
    )
    assert stage.config.user.command is stage.instructions[1]
    assert not stage.config.complete


def test_command_and_entrypoint():
    _, child = stages('FROM a AS p\nCMD ["c"]\nFROM p\nENTRYPOINT run it\n')
    assert child.config.cmd is None
    assert child.config.entrypoint.value == ("/bin/sh", "-c", "run it")
    (same,) = stages('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]\n')
    assert same.config.cmd.value == ("c",)


def test_ports_and_labels_are_inherited_with_their_origin():
    parent, child = stages(
        "FROM a AS p\nARG P=80\nEXPOSE $P 8000-8002/udp\nLABEL k=1\nFROM p\nLABEL k=2 l=3\n"
    )
    assert child.config.exposed_ports == {"80/tcp", "8000/udp", "8001/udp", "8002/udp"}
    assert child.config.exposes(8001, "udp")
    assert not child.config.exposes(8001)
    assert {name: one.value for name, one in child.config.labels.items().items()} == {"k": "2", "l": "3"}
    assert child.config.labels.get("k").stage is child
    assert child.config.port_ranges.get("80-80/tcp").stage is parent


def test_triggers_run_first_and_only_in_children():
    parent, child, grandchild = stages("FROM a AS p\nONBUILD ENV X=1\nFROM p AS c\nENV Y=$X\nFROM c\n")
    assert parent.environment.names() == []
    assert child.environment.get("Y") == "1"
    assert [command.name for command in child.commands] == ["ENV", "ENV"]
    assert grandchild.triggers == ()


# -- what a target takes


GRAPH = """\
FROM base AS deps
FROM deps AS build
COPY --from=tools /t /t
FROM alpine AS tools
FROM alpine AS unused
FROM alpine AS final
COPY --from=build /a /a
"""


def test_reached_and_unreached_stages():
    found = target(GRAPH)
    assert [stage.label for stage in found.reached] == ["deps", "build", "tools", "final"]
    assert [stage.label for stage in found.unreached] == ["unused"]
    assert [problem.message for problem in found.problems] == [
        'cannot copy from stage "tools", it needs to be defined before current stage "build"'
    ]
    assert [stage.label for stage in target(GRAPH, "DEPS").reached] == ["deps"]


def test_an_unknown_target_is_a_problem():
    found = target(GRAPH, "finel")
    assert isinstance(found, Problem)
    assert found.message == 'target stage "finel" could not be found (did you mean final?)'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM a AS s\nCOPY --from=s x y\n", "circular dependency detected on stage: s"),
        ("FROM a\nCOPY --from=3 x y\n", "invalid stage index 3"),
        ("FROM ${X}\n", "base name (${X}) should not be blank"),
        ("FROM a AS base-\nFROM b\n", "invalid context name base-: invalid reference format"),
        ("FROM --platform=a/b/c/d x\n", 'failed to parse platform a/b/c/d: "a/b/c/d": cannot parse platform specifier: invalid argument'),
        ("FROM a\nEXPOSE http\n", "invalid containerPort: http"),
        ("FROM a\nEXPOSE 80/http\n", 'invalid port: "80/http": invalid proto: http'),
        ("FROM a\nSTOPSIGNAL SIGSTOPP\n", "invalid signal: SIGSTOPP"),
        ("FROM a\nCOPY --chmod=u=z a b\n", "invalid syntax"),
        ("FROM a\nCOPY https://host/x /y\n", "source can't be a URL for COPY"),
        ("FROM a\nCOPY git@host:x/y.git /y\n", "source can't be a git ref for COPY"),
        ("FROM a\nRUN --mount=type=secret x\n", "invalid secret mount. one of source, target required"),
        ("FROM a\nRUN --mount=type=tmpfs,target=/t,size=big x\n", "invalid value for size: big"),
        ("FROM a\nWORKDIR ${X:?needed}\n", 'failed to process "${X:?needed}": X: needed'),
        ("ARG X=${\nFROM a\n", "failed to process \"${\": syntax error: missing '}'"),
        ("FROM a AS p\nONBUILD COPY x\nFROM p\n", "COPY requires at least two arguments, but only one was provided. Destination could not be determined"),
        ("", "the Dockerfile cannot be empty"),
    ],
)  # fmt: skip
def test_what_stops_a_build(text, message):
    found = target(text)
    problems = [found] if isinstance(found, Problem) else found.problems
    assert problems[0].message == message


def test_errors_in_stages_that_are_not_reached_do_not_count():
    assert target("FROM a AS u\nEXPOSE http\nFROM b\n").problems == ()


def test_the_target_is_known_to_the_build():
    (stage,) = stages("FROM a AS final\nARG TARGETSTAGE\n")
    assert stage.environment.get("TARGETSTAGE") == "final"
    assert stages("FROM a\nARG TARGETSTAGE\n")[0].environment.get("TARGETSTAGE") == "default"


def test_proxy_arguments_are_no_variables_unless_declared():
    build = parse(b"FROM a\nRUN x\n").build(Settings(args={"HTTP_PROXY": "p", "no_proxy": "n", "X": "1"}))
    assert build.proxies == {"HTTP_PROXY": "p", "no_proxy": "n"}
    assert "HTTP_PROXY" not in build.stages[0].environment


def test_copied_words_are_expanded_for_their_instruction():
    (stage,) = stages("FROM a\nARG V=1\nCOPY app-$V.tar /x\nARG V=2\n")
    copy = first(stage, Copy)
    assert stage.expand(copy.sources[0].value, copy).value == "app-1.tar"


@pytest.mark.parametrize(
    "line",
    [
        "EXPOSE ${PORT}",
        "EXPOSE 80 $PORT/udp",
        "STOPSIGNAL ${SIGNAL}",
        "COPY --chmod=$MODE a b",
        "ADD --chmod=${MODE} a b",
        "RUN --mount=type=cache,uid=${X},gid=$G,mode=0$M,target=/c make",
        "RUN --mount=type=tmpfs,size=${SIZE},target=/c make",
        "RUN --mount=type=secret,id=a,required=$R,uid=${X} make",
        "RUN --mount=type=bind,target=/c,rw=$R make",
        "RUN --mount=type=cache,sharing=$S,target=/c make",
    ],
)
def test_what_a_base_image_decides_is_not_checked(line):
    """`EXPOSE ${PORT}`, which nothing sets, builds; the text that stands for the unknown value is no port."""
    tree = parse(f"FROM some/base\n{line}\n".encode(), "Dockerfile")
    target = tree.build(Settings(symbolic=True)).target()
    assert not isinstance(target, Problem)
    assert [problem.message for problem in target.problems] == []


def test_what_is_known_is_checked_beside_it():
    tree = parse(b"FROM some/base\nEXPOSE ${PORT} 99999\n", "Dockerfile")
    target = tree.build(Settings(symbolic=True)).target()
    assert not isinstance(target, Problem)
    assert [problem.message for problem in target.problems] == ["invalid containerPort: 99999"]
