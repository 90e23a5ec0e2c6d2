"""Who names whom: references with their evidence, one module per kind of holder."""
