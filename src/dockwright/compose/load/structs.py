"""The shape of a resolved project: compose-go's structs as tables, in their order, which is the order of the output.

Source: compose-go types/ (types.go, build.go, config.go, develop.go, device.go, healthcheck.go, hooks.go, models.go). Kinds of
fields are in `bind`: `s` text, `b` bool, `i` int, `u` unsigned, `f` float32, `L` list of texts, `M` mapping, `B` labels,
`E` environment, `O` options, `X` repeatable options, `H` hosts, `S` size, `d` duration, `C` command, `T` health test, `m` file
mode, `o` and `r` true unless said otherwise, `c` processors, `n` device count, `k` SSH keys, `l` ulimit; `*` before one: kept even
when zero, `!` behind one: shown even when zero; `Name` a struct, `*Name` one that may be absent, `[Name]` a list, `{Name}` a mapping, `{*Name}` one with nulls.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dockwright.record import Record


class Field(Record):
    """One field: its key, the key in JSON, its kind."""

    key: str
    json: str
    kind: str


class Struct:
    """A struct's fields in order, whether it keeps `x-*`, and the keys JSON shows even when absent, with their value."""

    __slots__ = ("always", "by_key", "extensions", "fields", "name", "order", "shown")

    def __init__(
        self,
        name: str,
        fields: tuple[Field, ...],
        always: tuple[tuple[str, object], ...],
        *,
        extensions: bool,
    ) -> None:
        self.name = name
        self.fields = fields
        self.by_key = {field.key: field for field in fields}
        self.order = {field.key: index for index, field in enumerate(fields)}
        self.extensions = extensions
        self.always = always
        self.shown = tuple(field for field in fields if field.kind[-1] == "!" or field.kind in ("o", "r"))
        """Fields that are there even when the file does not have them."""

    def keys(self, entries: Iterable[str]) -> list[str]:
        """Those of the keys that are fields, in the fields' order."""
        order = self.order
        return sorted((key for key in entries if key in order), key=order.__getitem__)


_TABLES = {
    "Service": """profiles=L annotations=M attach=*b build=*Build develop=*Develop blkio_config=*Blkio cap_add=L cap_drop=L
        cgroup_parent=s cgroup=s cpu_count=i cpu_percent=f cpu_period=i cpu_quota=i cpu_rt_period=i cpu_rt_runtime=i cpus=f
        cpuset=s cpu_shares=i command=C configs=[FileReference] container_name=s credential_spec=*CredentialSpec
        depends_on={Dependency} deploy=*Deploy device_cgroup_rules=L devices=[Device] dns=L dns_opt=L dns_search=L dockerfile=s
        domainname=s entrypoint=C provider=*Provider environment=E env_file=[EnvFile] expose=L extends=*Extends external_links=L
        extra_hosts=H group_add=L gpus=[DeviceRequest] hostname=s healthcheck=*Healthcheck image=s init=*b ipc=s isolation=s
        labels=B label_file=L links=L logging=*Logging log_driver=s log_opt=M mem_limit=S mem_reservation=S memswap_limit=S
        mem_swappiness=S mac_address=s models={*ServiceModel} net=s network_mode=s networks={*ServiceNetwork}
        oom_kill_disable=b oom_score_adj=i pid=s pids_limit=i platform=s ports=[Port] privileged=b pull_policy=s read_only=b
        restart=s runtime=s scale=*i secrets=[FileReference] security_opt=L shm_size=S stdin_open=b stop_grace_period=*d
        stop_signal=s storage_opt=M sysctls=M tmpfs=L tty=b ulimits={l} use_api_socket=b user=s userns_mode=s uts=s
        volume_driver=s volumes=[Volume] volumes_from=L working_dir=s pre_start=[Hook] post_start=[Hook] pre_stop=[Hook]""",
    "Build": """context=s dockerfile=s dockerfile_inline=s entitlements=L args=E provenance=s sbom=s ssh=k labels=B cache_from=L
        cache_to=L no_cache=b no_cache_filter=L additional_contexts=M pull=b extra_hosts=H isolation=s network=s target=s
        secrets=[FileReference] shm_size=S tags=L ulimits={l} platforms=L privileged=b""",
    "Develop": "watch=[Trigger]",
    "Trigger": "path=s! action=s! target=s exec=Hook include=L ignore=L initial_sync=b",
    "Hook": "command=C image=s user=s privileged=b working_dir=s environment=E per_replica=b",
    "Blkio": """weight=u weight_device=[WeightDevice] device_read_bps=[Throttle] device_read_iops=[Throttle]
        device_write_bps=[Throttle] device_write_iops=[Throttle]""",
    "WeightDevice": "path:Path=s! weight:Weight=u!",
    "Throttle": "path:Path=s! rate:Rate=S!",
    "FileReference": "source=s target=s uid=s gid=s mode=m",
    "CredentialSpec": "config=s file=s registry=s",
    "Dependency": "condition=s restart=b required=b!",
    "Deploy": """mode=s replicas=*i labels=B update_config=*Update rollback_config=*Update resources=Resources
        restart_policy=*RestartPolicy placement=Placement endpoint_mode=s""",
    "Update": "parallelism=*u delay=d failure_action=s monitor=d max_failure_ratio=f order=s",
    "Resources": "limits=*Resource reservations=*Resource",
    "Resource": "cpus=c memory=S pids=i devices=[DeviceRequest] generic_resources=[GenericResource]",
    "GenericResource": "discrete_resource_spec=*Discrete",
    "Discrete": "kind=s! value=i!",
    "RestartPolicy": "condition=s delay=*d max_attempts=*u window=*d",
    "Placement": "constraints=L preferences=[Preference] max_replicas_per_node=u",
    "Preference": "spread=s",
    "Device": "source=s target=s permissions=s",
    "Provider": "type=s options=X",
    "EnvFile": "path=s required=r format=s",
    "Extends": "file=s service=s",
    "DeviceRequest": "capabilities=L driver=s count=n device_ids=L options=M",
    "Healthcheck": "test=T timeout=*d interval=*d retries=*u start_period=*d start_interval=*d disable=b",
    "Logging": "driver=s options=O",
    "ServiceModel": "endpoint_var=s model_var=s",
    "ServiceNetwork": """aliases=L driver_opts=O gw_priority=i interface_name=s ipv4_address=s ipv6_address=s link_local_ips=L
        mac_address=s priority=i""",
    "Port": "name=s mode=s host_ip=s target=u published=s protocol=s app_protocol=s",
    "Volume": """type=s source=s target=s read_only=b consistency=s bind=*Bind volume=*VolumeOptions tmpfs=*Tmpfs
        image=*ImageOptions""",
    "Bind": "selinux=s propagation=s create_host_path=o recursive=s",
    "VolumeOptions": "labels=M nocopy=b subpath=s",
    "Tmpfs": "size=S mode=u",
    "ImageOptions": "subpath=s",
    "Network": """name=s driver=s driver_opts=O ipam=Ipam external=b internal=b attachable=b labels=B enable_ipv4=*b
        enable_ipv6=*b""",
    "Ipam": "driver=s config=[*Pool] options=O",
    "Pool": "subnet=s gateway=s ip_range=s aux_addresses=M",
    "VolumeResource": "name=s driver=s driver_opts=O external=b labels=B",
    "FileObject": """name=s file=s environment=s content=s external=b labels=B driver=s driver_opts=M template_driver=s""",
    "Model": "name=s model=s context_size=i runtime_flags=L",
}
_CLOSED = frozenset({"DeviceRequest", "EnvFile", "Extends"})
"""Structs without a place for `x-*`."""

_SINCE = {
    ("Build", "provenance"): (2, 6, 0), ("Build", "sbom"): (2, 6, 0), ("Build", "no_cache_filter"): (2, 9, 1),
    ("Trigger", "include"): (2, 6, 0), ("Trigger", "initial_sync"): (2, 7, 0),
    ("Hook", "image"): (2, 13, 0), ("Hook", "per_replica"): (2, 13, 0), ("Service", "pre_start"): (2, 13, 0),
    ("Service", "provider"): (2, 6, 0), ("Service", "models"): (2, 7, 0), ("Service", "use_api_socket"): (2, 7, 0),
    ("ServiceNetwork", "interface_name"): (2, 6, 3), ("Volume", "image"): (2, 6, 0),
    ("VolumeOptions", "labels"): (2, 7, 0), ("Ipam", "options"): (2, 6, 3),
}  # fmt: skip
"""Fields that came after compose-go 2.4.8."""

_OLD_NETWORK = [
    "priority",
    "gw_priority",
    "aliases",
    "ipv4_address",
    "ipv6_address",
    "link_local_ips",
    "mac_address",
    "driver_opts",
    "interface_name",
]
"""The order of a service's network before compose-go 2.6.3."""

TOP = (
    ("services", "{Service}"), ("networks", "{Network}"), ("volumes", "{VolumeResource}"), ("secrets", "{FileObject}"),
    ("configs", "{FileObject}"), ("models", "{Model}"),
)  # fmt: skip
"""The parts of a project, in the order of the YAML output."""

_ALWAYS: dict[str, tuple[tuple[str, object], ...]] = {
    "Service": (("command", None), ("entrypoint", None)),
    "Hook": (("command", None),),
    "Deploy": (("resources", {}), ("placement", {})),
    "Network": (("ipam", {}),),
    "Trigger": (("exec", {"command": None}),),
}


@cache
def struct(name: str, number: tuple[int, int, int]) -> Struct:
    """A struct as a version of compose-go has it."""
    fields: list[Field] = []
    for word in _TABLES[name].split():
        names, kind = word.split("=")
        key, _, json = names.partition(":")
        if number >= _SINCE.get((name, key), (0, 0, 0)):
            fields.append(Field(key, json or key, kind))
    if name == "ServiceNetwork" and number < (2, 6, 3):
        fields.sort(key=lambda field: _OLD_NETWORK.index(field.key))
    return Struct(name, tuple(fields), _ALWAYS.get(name, ()), extensions=name not in _CLOSED)
