"""Commands in RUN bodies, shell scripts, Makefiles, package.json, CI steps, Python and JavaScript.

Where to find what (import the module itself; nothing is re-exported here):

- `parse.parse_shell(text: MappedText, dialect=Dialect.BASH, variables=()) -> Script`
- `run_body.parse_run(text, shell=("/bin/sh", "-c"), variables=()) -> Script`: a RUN, CMD or HEALTHCHECK body
  under SHELL; `run_body.exec_script(words) -> tuple[Command, ...]`: its JSON form
- `carriers.read(source: SourceFile) -> Found`: every program call of a script, Makefile, package.json, justfile,
  Procfile, batch file, Python, JavaScript and other code, or text; `carriers.may_start_containers(data)`: a cheap
  test of the bytes before
- `invocations.of_script(script, via) -> tuple[Invocation, ...]`: for texts handed over, such as CI steps
- `docker_cli.read_call(argv, env=()) -> BuildCall | ComposeCall | BakeCall | RunCall | OtherCall | None`
- `packages.read_install(command, env=None) -> Install | None`

Values: `words.Word`, `script.Command`, `script.Script`, `paths.SymbolicPath`, `invocations.Invocation`, `calls.*`,
`package_types.*`. How a text is read: `grammar` (tree-sitter-bash), `reader` (statements), `compound`, `simple`,
`functions`, `nested`, `heredocs`, `assignments`, `effects`, `builder` (words), `expand` (parameters), `values` (what
variables hold), `idioms` (substitutions with a known output), `wrappers` (sudo, env, sh -c).
"""
