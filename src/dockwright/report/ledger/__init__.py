"""What is exported of a ledger, for programs that watch values over time."""
