"""Commands in RUN bodies, shell scripts, Makefiles, package.json, CI steps, Python and JavaScript.

Where to find what (import the module itself; nothing is re-exported here):

- `parse.parse_shell(text: MappedText, dialect=Dialect.BASH, env=None) -> Script`
- `run_body.parse_run(text, shell=("/bin/sh", "-c"), env=None) -> Script`: a RUN, CMD or HEALTHCHECK body under SHELL
- `carriers.read(source: SourceFile) -> Found`: every program call of a script, Makefile, package.json, .py, .js, .bat …
- `invocations.of_script(script, via) -> tuple[Invocation, ...]`: for texts handed over, such as CI steps
- `docker_cli.read_call(argv, env=()) -> BuildCall | ComposeCall | BakeCall | RunCall | OtherCall | None`
- `packages.read_install(command: Command) -> Install | None`
- `mentions.path_mentions(source: SourceFile) -> tuple[Mention, ...]`: strings that look like Docker file paths

Values: `words.Word`, `script.Command`, `script.Script`, `paths.SymbolicPath`, `invocations.Invocation`, `calls.*`.
"""
