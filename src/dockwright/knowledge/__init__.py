"""Data, not code: what is known of package managers, images, services, programs, build arguments and secrets.

Each table is a TOML file under `data/` with its sources and dates, read when first asked for.

- `packages.managers() -> dict[str, Manager]`, `packages.by_program() -> dict[str, Manager]`
- `images.base_image(name: str) -> BaseImage | None` (by repository name, `python`, `node`, `debian` …)
- `services.service_image(name: str) -> ServiceImage | None` (`postgres`, `redis` …)
- `programs.providers(program: str) -> tuple[Provider, ...]`, `programs.is_build_tool(package: str) -> bool`
- `arguments.is_volatile(name: str) -> bool`, `arguments.PREDEFINED`, `arguments.is_predefined(name: str) -> bool`
- `secrets.secret_name(name: str) -> bool`, `secrets.secret_kind(value: str) -> str`, `secrets.is_placeholder(value)`,
  `secrets.looks_secret(name, value) -> bool`, `secrets.redact(text: str) -> str`
"""
