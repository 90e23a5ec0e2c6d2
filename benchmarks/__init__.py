"""Speed beside the peers, side by side in one run. Ratios are what counts: machines differ and are noisy."""
