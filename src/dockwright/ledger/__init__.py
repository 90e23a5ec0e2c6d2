"""Measured builds, sizes and benches over time, kept in SQLite: `place` says where, `store` writes and reads.

- `store.Ledger(path)`: `add(run) -> bool`, `runs(...)`, `last(target)`, `run(number)`, `targets()`, `points(...)`
- `keep.keep(path, runs) -> Skipped | None`: record and never fail, for commands whose work is another
- `place.ledger_path(root)`, `machine.machine()`
"""
