"""What builds, storage and run time cost: counts that are known times prices that are assumed or the user's.

- `prices.prices(declared) -> dict[str, Price]`
- `monthly.monthly(Counts, prices) -> list[Cost | Missing]`, `monthly.saving(before, after)`
"""
