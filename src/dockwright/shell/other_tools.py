"""Container tools beside docker and podman: buildah, kaniko, buildctl, cloud builders, deployers.

Sources: buildah-build(1), GoogleContainerTools/kaniko README (flags), moby/buildkit docs/reference/buildctl.md,
gcloud reference (builds submit), skaffold.dev CLI reference, fly.io flyctl deploy, nektosact.com, az acr build.
"""

from collections.abc import Callable, Iterable, Sequence

from dockwright.knowledge.docker_flags import subcommands
from dockwright.shell.calls import BuildCall, Call, OtherCall, Pair
from dockwright.shell.flags import Arity, Split, pair, split_flags, unsure
from dockwright.shell.script import Assignment
from dockwright.shell.words import Word

Env = Iterable[Assignment]


def _arity(valued: str, plain: str = "") -> dict[str, tuple[str, bool]]:
    out: dict[str, tuple[str, bool]] = {}
    for text, takes in ((plain, False), (valued, True)):
        for group in text.split():
            names = group.split(",")
            out.update(dict.fromkeys(names, (names[-1], takes)))
    return out


_KANIKO = _arity(
    "-f,--dockerfile -c,--context --context-sub-path -d,--destination --build-arg --target --cache-repo --cache-dir "
    "--snapshot-mode --snapshotMode --tar-path --tarPath --registry-mirror --custom-platform --customPlatform --label "
    "--verbosity -v --digest-file --image-name-with-digest-file --oci-layout-path --git --ignore-path --log-format "
    "--push-retry --cache-ttl --registry-certificate --skip-tls-verify-registry",
    "--cache --cleanup --no-push --reproducible --single-snapshot --skip-tls-verify --insecure --use-new-run "
    "--cache-copy-layers --compressed-caching --force --insecure-pull --skip-unused-stages",
)
_BUILDCTL = _arity(
    "--local --opt --output -o --frontend --export-cache --import-cache --secret --ssh --progress --metadata-file --allow "
    "--build-arg --addr --oci-layout",
    "--no-cache --trace --debug",
)
_CLOUD = {
    "gcloud": (("builds", "submit"), _arity(
        "-t,--tag --config --project --region --substitutions --timeout --machine-type --gcs-source-staging-dir --ignore-file "
        "--gcs-log-dir --disk-size --worker-pool --service-account --revision --dir --git-source-dir --pack --account",
        "--async --no-cache --no-source --quiet -q --suppress-logs",
    )),
    "az": (("acr", "build"), _arity(
        "-f,--file -t,--image --registry -r --build-arg --platform --target --secret-build-arg --agent-pool --timeout "
        "--resource-group -g --subscription --log-template --source-acr-auth-id",
        "--no-push --no-logs --no-format --no-wait",
    )),
}  # fmt: skip
_DEPLOYERS = {
    "fly": ("deploy", _arity(
        "-c,--config --dockerfile --build-arg --build-target --build-secret -i,--image -a,--app -e,--env --ignorefile "
        "--image-label -r,--region --strategy --label --wait-timeout --vm-size --vm-memory --primary-region",
        "--local-only --remote-only --no-cache --push --build-only --detach --now --ha -y,--yes --depot --verbose",
    )),
    "skaffold": ("", _arity(
        "-f,--filename -p,--profile -m,--module -n,--namespace -t,--tag -b,--build-image --default-repo --platform "
        "--kube-context --file-output --port-forward -o,--output -d --cache-artifacts -l,--label -v,--verbosity",
        "--tail --no-prune --cleanup --push --dry-run -q,--quiet",
    )),
    "act": ("", _arity("-W,--workflows -j,--job -e,--eventpath -P,--platform -s,--secret --env --env-file --secret-file "
                       "-C,--directory --container-architecture --var --input --matrix --actor -a", "-l,--list -n,--dryrun")),
    "tilt": ("", _arity("-f,--file --port --host --namespace --context", "--stream --legacy")),
    "devcontainer": ("", _arity("--workspace-folder --config --image-name --override-config --docker-path --id-label")),
}  # fmt: skip


def _build(engine: str, verb: str, argv: Sequence[Word], split: Split, **fields: object) -> BuildCall:
    certain = [word for word in split.arguments if not unsure(word)]
    values: dict[str, object] = {
        "context": certain[-1] if certain else None,
        "build_args": split.pairs("--build-arg"),
        "no_cache": split.on("--no-cache"),
        **fields,
    }
    return BuildCall(
        engine=engine, verb=verb, argv=tuple(argv), flags=tuple(split.flags), arguments=tuple(split.arguments),
        problems=tuple(split.problems), **values,  # type: ignore[arg-type]
    )  # fmt: skip


def _kaniko(argv: Sequence[Word], _env: Env) -> BuildCall:
    split = split_flags(argv, _KANIKO, start=1)
    return _build(
        "kaniko", "build", argv, split, files=split.values("--dockerfile"), context=split.last("--context"),
        target=split.last("--target"), tags=split.values("--destination"), push=not split.on("--no-push"),
    )  # fmt: skip


def _executor(argv: Sequence[Word], env: Env) -> Call | None:
    """`/kaniko/executor`: the program's name alone says little."""
    first = argv[0].value or argv[0].shown("")
    return _kaniko(argv, env) if "kaniko" in first else None


def _buildah(argv: Sequence[Word], _env: Env) -> Call:
    verb = argv[1].value or "" if len(argv) > 1 else ""
    if verb in ("bud", "build", "build-using-dockerfile"):
        split = split_flags(argv, subcommands("podman")["build"].flags, start=2)
        return _build(
            "buildah", "build", argv, split, files=split.values("--file"), target=split.last("--target"),
            tags=split.values("--tag"), platforms=split.values("--platform"), pull=split.on("--pull"),
            build_contexts=split.pairs("--build-context"), secrets=split.values("--secret"),
        )  # fmt: skip
    return OtherCall(engine="buildah", verb=verb, argv=tuple(argv), arguments=tuple(argv[2:]))


def _keyed(words: Sequence[Word], name: str) -> tuple[Pair, ...]:
    """`--opt build-arg:NAME=value`: the pairs whose name begins with `name`."""
    found = [pair(word) for word in words]
    return tuple(
        Pair(item.name[len(name) :], item.value, item.word) for item in found if item.name.startswith(name)
    )


def _buildctl(argv: Sequence[Word], _env: Env) -> Call | None:
    split = split_flags(argv, _BUILDCTL, start=1)
    if not split.arguments or split.arguments[0].value not in ("build", "b"):
        return OtherCall(
            engine="buildctl",
            verb=split.arguments[0].value or "" if split.arguments else "",
            argv=tuple(argv),
        )
    options, local = split.values("--opt"), split.values("--local")
    file = next((item.value for item in _keyed(options, "filename") if item.value), None)
    context = next((item.value for item in _keyed(local, "context") if item.value), None)
    target = next((item.value for item in _keyed(options, "target") if item.value), None)
    return _build(
        "buildctl", "build", argv, split, files=(file,) if file else (), context=context, target=target,
        build_args=_keyed(options, "build-arg:"),
    )  # fmt: skip


def _cloud(argv: Sequence[Word], _env: Env) -> Call | None:
    name = argv[0].program
    verbs, arity = _CLOUD[name]
    values = [word.value for word in argv[1:6]]
    for index in range(len(values) - 1):
        if (values[index], values[index + 1]) == verbs:
            split = split_flags(argv, arity, start=index + 3)
            return _build(
                name, " ".join(verbs), argv, split, files=split.values("--file") + split.values("--config"),
                tags=split.values("--tag") + split.values("--image"), target=split.last("--target"), push=True,
            )  # fmt: skip
    return None


def _deployer(argv: Sequence[Word], _env: Env) -> Call | None:
    name = {"flyctl": "fly"}.get(argv[0].program, argv[0].program)
    verb, arity = _DEPLOYERS[name]
    split = split_flags(argv, arity, start=1)
    given = split.arguments[0].value or "" if split.arguments else ""
    if verb and given == verb:
        split.arguments.pop(0)
        return _build(
            name, verb, argv, split, files=split.values("--dockerfile") + split.values("--config"),
            target=split.last("--build-target"),
        )  # fmt: skip
    return OtherCall(
        engine=name,
        verb=given,
        argv=tuple(argv),
        flags=tuple(split.flags),
        arguments=tuple(split.arguments[1:]),
    )


def _plain(argv: Sequence[Word], _env: Env) -> Call:
    split = split_flags(argv, _NOTHING, start=1)
    verb = split.arguments[0].value or "" if split.arguments else ""
    return OtherCall(
        engine=argv[0].program,
        verb=verb,
        argv=tuple(argv),
        flags=tuple(split.flags),
        arguments=tuple(split.arguments[1:]),
    )


_NOTHING: Arity = {}
OTHER_TOOLS: dict[str, Callable[[Sequence[Word], Env], Call | None]] = {
    "buildah": _buildah,
    "executor": _executor,
    "kaniko": _kaniko,
    "buildctl": _buildctl,
    "buildctl-daemonless.sh": _buildctl,
    "gcloud": _cloud,
    "az": _cloud,
    "fly": _deployer,
    "flyctl": _deployer,
    "skaffold": _deployer,
    "act": _deployer,
    "tilt": _deployer,
    "devcontainer": _deployer,
    "skopeo": _plain,
    "crane": _plain,
}
