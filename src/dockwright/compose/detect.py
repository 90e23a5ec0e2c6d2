"""Is a YAML file a compose file? Told by its content, not its name."""

from dockwright.compose.yaml.collections import Mapping
from dockwright.compose.yaml.file import YamlFile

TOP_LEVEL = frozenset(
    {"version", "name", "include", "services", "networks", "volumes", "secrets", "configs", "models"}
)
"""compose-spec schema/compose-spec.json: properties; `x-*` are allowed beside them."""

SERVICE_SIGNS = frozenset({"image", "build", "extends", "provider"})
SERVICE_KEYS = frozenset(
    """annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent command configs container_name cpu_count
    cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on
    deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file environment expose
    external_links extra_hosts gpus group_add healthcheck hostname init ipc isolation label_file labels links logging
    mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks oom_kill_disable
    oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop privileged profiles pull_policy read_only
    restart runtime scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls
    tmpfs tty ulimits use_api_socket user userns_mode uts volume_driver volumes volumes_from working_dir""".split()
) | SERVICE_SIGNS
"""compose-spec schema/compose-spec.json: definitions.service.properties, with the v1/v2 keys still met."""

