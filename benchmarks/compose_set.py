"""A compose file set of 30 services with an override, of the shape real ones have; and every compose file of the corpus."""

import gzip
import json
import time
from pathlib import Path

SERVICES = 30

_SERVICE = """\
  svc{i}:
    image: registry.example.com/team/svc{i}:${{TAG:-1.{i}}}
    build: {{context: ./svc{i}, target: dev, args: {{A: "{i}", B: "${{B:-x}}"}}}}
    environment:
      DATABASE_URL: postgres://app:${{PW:-pw}}@db:5432/app{i}
      LOG_LEVEL: ${{LOG_LEVEL:-info}}
      DEBUG: "true"
      PORT: {port}
    ports:
      - "{host}:{port}"
      - "127.0.0.1:{local}:9090"
    volumes:
      - ./svc{i}:/app
      - data{i}:/var/lib/data
    depends_on:
      db: {{condition: service_healthy}}
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:{port}/health"]
      interval: 30s
      retries: 3
    restart: unless-stopped
    labels:
      com.example.name: svc{i}
    networks: [front, back]
    deploy:
      resources:
        limits: {{cpus: "0.5", memory: 512M}}
    logging:
      driver: json-file
      options: {{max-size: 10m}}
"""
_DATABASE = """\
  db:
    image: postgres:16
    environment: [POSTGRES_PASSWORD=x]
    healthcheck: {test: pg_isready}
    networks: [back]
"""


def write(folder: Path) -> tuple[str, str]:
    """Write the set into a directory; gives the names of its two files."""
    numbers = range(1, SERVICES)
    services = "".join(_SERVICE.format(i=i, port=8000 + i, host=9000 + i, local=10000 + i) for i in numbers)
    volumes = "".join(f"  data{i}:\n" for i in numbers)
    (folder / "compose.yaml").write_text(
        f"services:\n{_DATABASE}{services}networks:\n  front:\n  back:\nvolumes:\n{volumes}"
    )
    override = "".join(
        f"  svc{i}:\n    environment: {{LOG_LEVEL: debug}}\n    ports: ['{7000 + i}:7000']\n" for i in numbers
    )
    (folder / "compose.dev.yaml").write_text(f"services:\n{override}")
    return "compose.yaml", "compose.dev.yaml"


def every_file(corpus: Path) -> tuple[int, float]:
    """Resolve every compose file of the corpus alone: how many, and the CPU seconds it took."""
    from dockwright.compose.load.environment import Environment
    from dockwright.compose.load.files import MemoryFiles
    from dockwright.compose.load.run import Request, run
    from dockwright.compose.load.versions import Semantics

    texts = []
    for name in ("compose.public.jsonl.gz", "compose.peak.public.jsonl.gz"):
        with gzip.open(corpus / name, "rt", encoding="utf-8") as lines:
            texts += [json.loads(line)["text"].encode("utf-8", "surrogateescape") for line in lines]
    start = time.process_time()
    for text in texts:
        files = MemoryFiles({"/project/compose.yaml": text})
        run(Request(("/project/compose.yaml",), "/project", Environment(), files, Semantics()))
    return len(texts), time.process_time() - start
