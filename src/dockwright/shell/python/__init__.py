"""Program calls in Python source, found on its syntax tree; the source is never run.

`reader.read_python(source: SourceFile) -> Found`. The pieces: `values` (what an expression can be), `strings`
(literals, formatting), `evaluate` (expressions), `walk` (statements, functions, classes), `calls` (which calls start
programs), `sdk` (docker SDK, testcontainers, python-on-whales).
"""
