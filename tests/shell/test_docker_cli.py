"""Container tool command lines as typed calls."""

import pytest

from dockwright.shell.calls import BakeCall, BuildCall, ComposeCall, OtherCall, Reach, RunCall
from dockwright.shell.docker_cli import read_call
from tests.shell.texts import call, shell, shown


def test_a_build_with_everything():
    build = call(
        "docker build -t a:1 --tag=b:2 -fdocker/x.Dockerfile --build-arg A=1 --build-arg=B --target dev "
        '--build-context lib=../lib --platform linux/amd64 --no-cache --pull --cache-from a:c --secret id=k "$DIR"'
    )
    assert isinstance(build, BuildCall)
    assert (build.engine, build.verb) == ("docker", "build")
    assert shown(build.tags) == ["a:1", "b:2"]
    assert shown(build.files) == ["docker/x.Dockerfile"]
    assert [(pair.name, pair.value.value if pair.value else None) for pair in build.build_args] == [
        ("A", "1"),
        ("B", None),
    ]
    assert [(pair.name, pair.value.value) for pair in build.build_contexts] == [("lib", "../lib")]
    assert (build.target.value, build.no_cache, build.pull, build.push) == ("dev", True, True, False)
    assert (shown(build.platforms), shown(build.cache_from), shown(build.secrets)) == (
        ["linux/amd64"],
        ["a:c"],
        ["id=k"],
    )
    assert build.context.variables == ("DIR",)
    assert not build.problems


@pytest.mark.parametrize(
    ("text", "engine", "verb"),
    [
        ("docker build .", "docker", "build"),
        ("docker image build .", "docker", "build"),
        ("docker buildx build .", "docker", "buildx build"),
        ("docker --context far buildx --builder b build .", "docker", "buildx build"),
        ("docker-buildx build .", "docker", "buildx build"),
        ("sudo /usr/bin/docker build .", "docker", "build"),
        ("podman build .", "podman", "build"),
        ("nerdctl build .", "nerdctl", "build"),
        ("buildah bud .", "buildah", "build"),
        ("$DOCKER build .", "docker", "build"),
        ('"${CONTAINER_RUNTIME}" build .', "docker", "build"),
        ("depot build .", "depot", "build"),
    ],
)
def test_spellings_of_a_build(text, engine, verb):
    build = call(text)
    assert isinstance(build, BuildCall)
    assert (build.engine, build.verb, build.context.value) == (engine, verb, ".")


def test_a_span_of_a_flag_value_is_the_value_alone():
    text = "docker build --file=docker/a.Dockerfile -t=b ."
    build = call(text)
    span = build.files[0].span
    assert text[span.start : span.end] == "docker/a.Dockerfile"
    assert build.tags[0].value == "b"


def test_variables_that_may_hold_flags_are_no_context():
    assert call("docker build $BUILD_ARGS -t x .").context.value == "."
    assert call("docker build $DOCKER_OPTS -t x").context is None
    assert not call("docker build $DOCKER_OPTS -t x").problems


def test_a_build_without_context_is_a_problem_for_docker_only():
    assert [problem.kind for problem in call("docker build -t x").problems] == ["missing-context"]
    assert not call("podman build -t x").problems


def test_a_flag_without_its_value_is_a_problem():
    assert [problem.kind for problem in call("docker build . -f").problems] == ["missing-value"]


def test_a_flag_added_under_a_condition_does_not_count_as_given():
    build = call('A=()\nif [ "$1" = x ]; then A+=(--no-cache); fi\ndocker build "${A[@]}" .')
    assert not build.no_cache
    assert build.flag("--no-cache").word.assumed


def test_cloud_and_rootless_builders():
    kaniko = call(
        "/kaniko/executor --dockerfile=a/Dockerfile --context=dir:///src --destination=r/i:1 --target t"
    )
    assert (kaniko.engine, shown(kaniko.files), kaniko.context.value) == (
        "kaniko",
        ["a/Dockerfile"],
        "dir:///src",
    )
    run = call("docker run -v x:/w gcr.io/kaniko-project/executor:v1 -f D -c /w")
    assert (run.engine, shown(run.files)) == ("kaniko", ["D"])
    control = call(
        "buildctl build --frontend dockerfile.v0 --local context=src --opt filename=D --opt target=t --opt build-arg:A=1"
    )
    assert (shown(control.files), control.context.value, control.target.value) == (["D"], "src", "t")
    assert [(pair.name, pair.value.value) for pair in control.build_args] == [("A", "1")]
    assert call("gcloud builds submit --tag r/i src").context.value == "src"
    assert call("az acr build -r reg -f D -t i .").files[0].value == "D"
    assert call("flyctl deploy --dockerfile D").files[0].value == "D"


def test_compose_with_project_flags():
    compose = call("docker compose -f a.yml -f b.yml --profile x -p proj --env-file e up -d --build web db")
    assert isinstance(compose, ComposeCall)
    assert (shown(compose.files), shown(compose.profiles), shown(compose.env_files)) == (
        ["a.yml", "b.yml"],
        ["x"],
        ["e"],
    )
    assert (compose.project_name.value, compose.subcommand, compose.verb) == ("proj", "up", "compose up")
    assert shown(compose.services) == ["web", "db"]
    assert not compose.v1


def test_compose_takes_files_and_names_from_variables():
    compose = call("COMPOSE_FILE=a.yml:b.yml COMPOSE_PROJECT_NAME=p COMPOSE_PROFILES=x,y docker-compose up")
    assert (shown(compose.files), compose.project_name.value, shown(compose.profiles)) == (
        ["a.yml", "b.yml"],
        "p",
        ["x", "y"],
    )
    assert (compose.v1, compose.engine) == (True, "docker")


@pytest.mark.parametrize(
    ("text", "flag", "value"),
    [
        ("docker-compose up --profile testing -d", "--profile", "testing"),
        ("docker compose up -d -f other.yml web", "--file", "other.yml"),
        ("docker compose down -p name", "--project-name", "name"),
        ("docker compose ps --env-file=e", "--env-file", "e"),
    ],
)
def test_project_flags_behind_the_subcommand_are_refused_by_compose(text, flag, value):
    compose = call(text)
    assert [problem.kind for problem in compose.problems] == ["misplaced-flag"]
    assert compose.flag(flag).value.value == value
    assert value not in shown(compose.services)


def test_flags_that_subcommands_share_with_the_project_are_fine():
    assert not call("docker compose logs -f web").problems
    assert not call("docker compose rm -f").problems
    assert not call("docker compose run -p 80:80 web").problems


def test_run_and_exec_of_compose_keep_the_command():
    compose = call("docker compose run --rm -e A=b web pytest -f x")
    assert (shown(compose.services), shown(compose.command)) == (["web"], ["pytest", "-f", "x"])
    assert not compose.problems


def test_podman_compose_has_flags_of_its_own():
    compose = call("podman-compose --in-pod false -f a.yml --podman-run-args=--x up -d")
    assert (compose.engine, shown(compose.files), compose.subcommand) == ("podman-compose", ["a.yml"], "up")


def test_a_stack_is_deployed_from_compose_files():
    stack = call("docker stack deploy -c a.yml -c b.yml app")
    assert (shown(stack.files), stack.project_name.value) == (["a.yml", "b.yml"], "app")


def test_bake():
    bake = call("docker buildx bake -f a.hcl --set '*.platform=x' app db")
    assert isinstance(bake, BakeCall)
    assert (shown(bake.files), shown(bake.targets), bake.sets[0].name) == (
        ["a.hcl"],
        ["app", "db"],
        "*.platform",
    )


def test_a_run_with_combined_short_flags():
    run = call("docker run -dit --rm -p8080:80 -e A=b -v ./x:/y --network n --name c img:1 cmd -p 1")
    assert isinstance(run, RunCall)
    assert (run.image.value, shown(run.command), run.name.value) == ("img:1", ["cmd", "-p", "1"], "c")
    assert (shown(run.ports), shown(run.volumes), run.network.value) == (["8080:80"], ["./x:/y"], "n")
    assert (run.rm, run.detach, run.privileged) == (True, True, False)


def test_the_image_of_a_run_may_be_a_variable():
    assert call("docker run $OPTS $IMAGE cmd").image.variables == ("IMAGE",)


def test_verbs_have_one_name_however_they_are_spelled():
    assert call("docker ps -a").verb == call("docker container ls").verb == "container ls"
    assert call("docker rmi x").verb == "image rm"
    assert isinstance(call("docker tag a b"), OtherCall)


@pytest.mark.parametrize(
    ("text", "what", "reach"),
    [
        ("docker compose down -v", {"containers", "networks", "volumes"}, Reach.PROJECT),
        ("docker compose down", {"containers", "networks"}, Reach.PROJECT),
        (
            "docker compose down --rmi all --remove-orphans",
            {"containers", "networks", "images", "orphan containers"},
            Reach.PROJECT,
        ),
        (
            "docker system prune -af --volumes",
            {"stopped containers", "unused networks", "unused images", "build cache", "volumes"},
            Reach.MACHINE,
        ),
        ("docker image prune -f", {"dangling images"}, Reach.MACHINE),
        ("docker volume prune -f", {"volumes"}, Reach.MACHINE),
        ("docker volume rm data", {"volumes"}, Reach.NAMED),
        ("docker rm -f $(docker ps -aq)", {"containers"}, Reach.MACHINE),
        ("docker rm -f $(docker ps -aq --filter name=x)", {"containers"}, Reach.NAMED),
        ("docker ps -aq | xargs docker rm -f", {"containers"}, Reach.MACHINE),
        ("for c in $(docker ps -aq); do docker rm -f $c; done", {"containers"}, Reach.MACHINE),
        ("docker volume ls -q | while read v; do docker volume rm $v; done", {"volumes"}, Reach.MACHINE),
        ("docker stop $(docker ps -q)", {"running containers"}, Reach.MACHINE),
        ("podman rm -af", {"containers"}, Reach.MACHINE),
        (
            "podman system reset -f",
            {"containers", "networks", "images", "volumes", "build cache"},
            Reach.MACHINE,
        ),
    ],
)
def test_what_is_destroyed_and_how_far(text, what, reach):
    found = [read_call(item.argv, item.assignments) for item in shell(text).commands]
    destroyed = next(item.destroys for item in found if item is not None and item.destroys is not None)
    assert (set(destroyed.what), destroyed.reach) == (what, reach)
    assert destroyed.data == ("volumes" in what)


@pytest.mark.parametrize(
    "text", ["docker stop web", "docker ps", "docker compose up -d", "docker compose stop", "docker pull x"]
)
def test_what_destroys_nothing(text):
    assert call(text).destroys is None


@pytest.mark.parametrize(
    "text",
    ["echo docker build", "git commit -m docker", "$TOOL build .", "dockerize -wait x", "which docker"],
)
def test_what_is_no_call(text):
    assert all(read_call(item.argv, item.assignments) is None for item in shell(text).commands)
