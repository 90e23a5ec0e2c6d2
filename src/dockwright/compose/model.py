"""What a compose file says: services, networks, volumes, secrets, configs, includes, each value with its place.

These are the values of *one file as written* (anchors followed, merge keys applied, short forms taken apart,
nothing merged with other files and no variable replaced). Fields that a file does not give are None or empty. A part
that has a form compose does not accept is left out and named in `ComposeFile.problems`. Lists are tuples, in the
order of the file. `Text` values answer `raw`, `span`, `resolved(env)`, `default`.
"""

from typing import Literal

import msgspec

from dockwright.compose.value import Text
from dockwright.compose.yaml.nodes import Node
from dockwright.text import Span


class KeyValue(msgspec.Struct, frozen=True):
    """An environment variable, build argument, label … from list or mapping form.

    `value` is None where only the name is given (taken from the environment when the project is loaded).
    """

    key: Text
    value: Text | None
    node: Node

    @property
    def name(self) -> str:
        return self.key.raw

    @property
    def span(self) -> Span:
        return self.node.span


class Build(msgspec.Struct, frozen=True):
    """`build:`; a string is its context. An absent `dockerfile` means `Dockerfile` in the context."""

    node: Node
    context: Text | None = None
    dockerfile: Text | None = None
    dockerfile_inline: Text | None = None
    target: Text | None = None
    args: tuple[KeyValue, ...] = ()
    labels: tuple[KeyValue, ...] = ()
    additional_contexts: tuple[KeyValue, ...] = ()
    cache_from: tuple[Text, ...] = ()
    cache_to: tuple[Text, ...] = ()
    platforms: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    secrets: tuple["FileRef", ...] = ()
    ssh: tuple[KeyValue, ...] = ()
    network: Text | None = None
    no_cache: Text | None = None
    pull: Text | None = None
    short: bool = False


class Port(msgspec.Struct, frozen=True):
    """One item of `ports:`; the parts as written (`published` and `target` may be ranges `8000-8010`)."""

    node: Node
    target: Text | None = None
    published: Text | None = None
    host_ip: Text | None = None
    protocol: Text | None = None
    mode: Text | None = None
    name: Text | None = None
    short: Text | None = None
    """The whole item in short form; `ports.bindings(port, env)` reads it exactly."""


class Volume(msgspec.Struct, frozen=True):
    """One item of a service's `volumes:`.

    `type` is bind, volume, tmpfs, npipe, cluster or image; None when the source is a variable without default, so
    that it cannot be told. `source` is None for anonymous volumes and tmpfs. Relative bind sources are relative to
    the project directory (the directory of the first compose file).
    """

    node: Node
    type: str | None
    source: Text | None = None
    target: Text | None = None
    read_only: bool | None = None
    options: tuple[str, ...] = ()
    short: Text | None = None
    create_host_path: bool | None = None
    subpath: Text | None = None


class NetworkRef(msgspec.Struct, frozen=True):
    """A network a service joins."""

    name: Text
    node: Node
    aliases: tuple[Text, ...] = ()
    ipv4_address: Text | None = None
    ipv6_address: Text | None = None


class FileRef(msgspec.Struct, frozen=True):
    """A secret or config a service or build uses."""

    source: Text | None
    node: Node
    target: Text | None = None
    mode: Text | None = None


class EnvFile(msgspec.Struct, frozen=True):
    """One `env_file:` entry; `required: false` allows it to be missing."""

    path: Text
    node: Node
    required: bool = True
    format: Text | None = None


class Dependency(msgspec.Struct, frozen=True):
    """One `depends_on:` entry. `condition` is None in the list form (service_started is meant)."""

    service: Text
    node: Node
    condition: Text | None = None
    required: bool = True
    restart: bool = False


class Healthcheck(msgspec.Struct, frozen=True):
    """`healthcheck:`. `test` is the list as written, or one text for the string form (`CMD-SHELL` is meant)."""

    node: Node
    test: tuple[Text, ...] = ()
    shell: bool = False
    """True when the test goes through a shell: string form or CMD-SHELL."""
    disabled: bool = False
    """`disable: true` or test NONE."""
    interval: Text | None = None
    timeout: Text | None = None
    start_period: Text | None = None
    start_interval: Text | None = None
    retries: Text | None = None


class Command(msgspec.Struct, frozen=True):
    """`command:` or `entrypoint:`. `words` is the list form; `text` the string form (split by `shellwords`)."""

    node: Node
    words: tuple[Text, ...] = ()
    text: Text | None = None
    cleared: bool = False
    """Null or an empty list: the image's own is not used (null: only in an override)."""


class Extends(msgspec.Struct, frozen=True):
    """`extends:`; `file` is None for a service of the same file."""

    node: Node
    service: Text | None
    file: Text | None = None


class Watch(msgspec.Struct, frozen=True):
    """One rule of `develop.watch`."""

    node: Node
    path: Text | None
    action: Text | None
    target: Text | None = None
    ignore: tuple[Text, ...] = ()


class Limits(msgspec.Struct, frozen=True):
    """`deploy.resources.limits` and `reservations`, and the service-level forms of the same."""

    cpus: Text | None = None
    memory: Text | None = None
    pids: Text | None = None


class Service(msgspec.Struct, frozen=True):
    """One service. `node` is its mapping, `key` the node of its name."""

    name: str
    node: Node
    key: Node
    image: Text | None = None
    build: Build | None = None
    container_name: Text | None = None
    command: Command | None = None
    entrypoint: Command | None = None
    ports: tuple[Port, ...] = ()
    expose: tuple[Text, ...] = ()
    volumes: tuple[Volume, ...] = ()
    tmpfs: tuple[Text, ...] = ()
    networks: tuple[NetworkRef, ...] = ()
    secrets: tuple[FileRef, ...] = ()
    configs: tuple[FileRef, ...] = ()
    environment: tuple[KeyValue, ...] = ()
    env_file: tuple[EnvFile, ...] = ()
    labels: tuple[KeyValue, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    links: tuple[Text, ...] = ()
    volumes_from: tuple[Text, ...] = ()
    healthcheck: Healthcheck | None = None
    profiles: tuple[Text, ...] = ()
    extends: Extends | None = None
    limits: Limits = Limits()
    reservations: Limits = Limits()
    restart: Text | None = None
    restart_policy: Text | None = None
    """`deploy.restart_policy.condition`."""
    replicas: Text | None = None
    """`deploy.replicas` or `scale`."""
    user: Text | None = None
    working_dir: Text | None = None
    hostname: Text | None = None
    platform: Text | None = None
    pull_policy: Text | None = None
    network_mode: Text | None = None
    pid: Text | None = None
    ipc: Text | None = None
    privileged: Text | None = None
    read_only: Text | None = None
    init: Text | None = None
    stop_grace_period: Text | None = None
    stop_signal: Text | None = None
    security_opt: tuple[Text, ...] = ()
    cap_add: tuple[Text, ...] = ()
    cap_drop: tuple[Text, ...] = ()
    extra_hosts: tuple[KeyValue, ...] = ()
    watch: tuple[Watch, ...] = ()
    keys: tuple[str, ...] = ()
    """All keys the service has, merged ones included."""
    parts: tuple["Service", ...] = ()
    """In the effective view: the services as written that this one was merged from, lowest first."""

    @property
    def span(self) -> Span:
        """The service's name: what a finding about the whole service points at."""
        return self.key.full_span


class Resource(msgspec.Struct, frozen=True):
    """A top-level network, volume, secret or config."""

    kind: Literal["network", "volume", "secret", "config"]
    key: str
    key_node: Node
    node: Node
    name: Text | None = None
    """The fixed name, from `name:` (or the old `external.name`)."""
    external: bool = False
    driver: Text | None = None
    file: Text | None = None
    environment: Text | None = None
    content: Text | None = None
    subnets: tuple[Text, ...] = ()
    driver_opts: tuple[KeyValue, ...] = ()

    @property
    def span(self) -> Span:
        return self.key_node.full_span


class Include(msgspec.Struct, frozen=True):
    """One item of `include:`; further paths are overrides of the first."""

    node: Node
    paths: tuple[Text, ...]
    project_directory: Text | None = None
    env_files: tuple[Text, ...] = ()


class VariableUse(msgspec.Struct, frozen=True):
    """One use of a variable in a value of the file."""

    name: str
    span: Span
    """From the `$` to the end of the name or closing brace."""
    node: Node
    operator: Literal["", ":-", "-", ":?", "?", ":+", "+"]
    operand: str
    """What follows the operator: the default, the message, the alternative."""
    nested: bool = False
    """Inside the default or alternative of another variable."""

    @property
    def default(self) -> str | None:
        """The default as written, None when there is none."""
        return self.operand if self.operator in (":-", "-") else None

    @property
    def required(self) -> bool:
        """`:?` or `?`: loading fails without it."""
        return self.operator in (":?", "?")
