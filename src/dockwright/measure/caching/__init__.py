"""Which cache a CI build exports: backend and mode, by what the build graph, the history and measured layers say."""
