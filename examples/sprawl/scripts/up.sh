#!/bin/sh
# Starts the harbour, whatever it takes.
if command -v podman >/dev/null; then
  podman-compose up -d || docker compose up -d
else
  docker-compose -f docker-compose.yml -f docker-compose.staging.yml up -d || docker compose up -d
fi
