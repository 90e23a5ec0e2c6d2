"""The cache, step by step: scenarios and random edits, what BuildKit found in its cache, and what we say it finds.

    scenarios.py   Dockerfiles with contexts, each about one thing
    edits.py       random edits of a state: files, modes, links, ignore file, instructions, arguments, going back
    history.py     a scenario with its edits, from a seed; as data
    builder.py     builds one state after the other and reads which steps were CACHED
    running.py     all of them, some at a time, and the verdict
    repositories.py  commits of real repositories in place of scenarios
    predict.py     predicts the same states, without an engine
    vectors/       recorded histories with what the engine said, for tests without one

`python -m tests.engine.cache record FILE` builds all scenarios and writes such a file; `check FILE` predicts one.
"""
