"""Container engines: Docker and Podman behind one protocol. The only place that starts a process of an engine.

protocol.py   what every engine can do, and the values it takes and gives
faults.py     what can go wrong, as values: code, what was run, what it said, what to do
process.py    processes that cannot outlive us: own group, time-out, cancellation, bounded output
vertices.py   the steps of a build while it runs, whatever told them
rawjson.py    what buildx says of a build           plain.py     what `podman build` says of one
docker.py     podman.py     fake.py                 choose.py    which engine is meant
"""
