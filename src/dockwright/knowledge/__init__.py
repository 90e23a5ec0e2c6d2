"""Data, not code: what is known of package managers, images, services, programs, build arguments and secrets.

Each table is a TOML file under `data/` with its sources and dates, read (in compiled form) when first asked for.

- `packages.managers() -> dict[str, Manager]`, `packages.lookup(program) -> Lookup | None`
- `images.base_image(name, tag="") -> BaseImage | None`: by repository name (`python`, `node`, `debian` …)
- `services.service_image(name) -> ServiceImage | None` (`postgres`, `redis` …); `.removed_in(option, tag)`
- `programs.providers(program) -> tuple[Provider, ...]`, `programs.package_of_program(manager, program)`,
  `programs.is_build_tool(manager, package) -> bool`
- `arguments.volatility(name)`, `arguments.is_volatile(name)`, `arguments.is_predefined(name)`, `arguments.proxies()`,
  `arguments.platform_arguments()`, `arguments.predefined()`
- `secrets.name_strength(name)`, `secrets.secret_name(name)`, `secrets.buildkit_secret_name(name)`,
  `secrets.secret_kind(value)`, `secrets.is_placeholder(value)`, `secrets.looks_secret(name, value)`,
  `secrets.redact(text)`
- `docker_flags.subcommands(tool) -> dict[str, Subcommand]`
"""
