"""What builds, storage and run time cost: counts that are known times prices that are assumed."""
