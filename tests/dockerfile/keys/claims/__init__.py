"""The claims of `cache_verified.jsonl` as predictions: each function builds what was built there, and gives what it saw.

A function is called like its claim in lower case. What it returns is compared with what the engine (Docker 26.1,
BuildKit 0.13) did; the rows left out are in `LEFT_OUT` with the reason.
"""
