"""Is a YAML file a compose file? Told by its content, not its name."""

from dockwright.compose.yaml.collections import Mapping, Sequence
from dockwright.compose.yaml.file import YamlFile
from dockwright.lazy import lazy_regex

TOP_LEVEL = frozenset(
    {"version", "name", "include", "services", "networks", "volumes", "secrets", "configs", "models"}
)
"""compose-spec schema/compose-spec.json: properties; `x-*` are allowed beside them."""

SERVICE_SIGNS = frozenset({"image", "build", "extends", "provider"})
SERVICE_KEYS = SERVICE_SIGNS | frozenset(
    """
    annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name
    cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset
    credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname
    entrypoint env_file environment expose external_links extra_hosts gpus group_add healthcheck hostname
    init ipc isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness
    memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports
    post_start pre_start pre_stop privileged profiles pull_policy read_only restart runtime scale secrets
    security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits
    use_api_socket user userns_mode uts volume_driver volumes volumes_from working_dir
    """.split()  # noqa: SIM905  # a list of a hundred strings is no easier to read
)
"""compose-spec schema/compose-spec.json: definitions.service.properties, with the v1/v2 keys still met."""

_VERSIONS = lazy_regex(r"[23](\.[0-9]+)?")


def looks_like_compose(file: YamlFile) -> bool:
    """True when the first document is a compose file, whole or a part of one, whatever its name.

    Either all top-level keys are compose's and there are services (mappings that have an image, build or base, or at
    least only keys of services), or an `include` list, or a `version` of compose beside networks, volumes or `x-*`.
    Kubernetes objects, CI workflows (`jobs.*.services`, `steps`), OpenAPI, Symfony's `services.yaml` and the like have
    top-level keys that compose does not know. Not seen: compose v1 files (services at the top), which no compose of
    today reads.
    """
    root = file.root
    if not isinstance(root, Mapping) or not root.entries:
        return False
    keys = [entry.name for entry in root.entries]
    if not all(key in TOP_LEVEL or key.startswith("x-") for key in keys):
        return False
    services = root.get("services")
    if isinstance(services, Mapping) and services.entries:
        return _are_services(services)
    if isinstance(root.get("include"), Sequence):
        return True
    version = root.get("version")
    text = version.as_str() if version is not None else None
    return text is not None and _VERSIONS.fullmatch(text) is not None and len(keys) > 1


def _are_services(services: Mapping) -> bool:
    known = 0
    for service in services.values():
        if isinstance(service, Mapping):
            if not SERVICE_SIGNS.isdisjoint(service.meant):
                return True
            known += bool(service.meant) and all(
                key in SERVICE_KEYS or key.startswith("x-") or key == "<<" for key in service.meant
            )
        elif service.tag in ("!reset", "!override"):
            known += 1
    return known > 0
