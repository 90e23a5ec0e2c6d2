"""What was measured on an engine, for people and programs: builds and benches."""
