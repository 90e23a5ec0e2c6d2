"""Real builds of what a repository declares: which to build, how long it took, what it weighed."""
