"""The proposed target set of files: what becomes of every file, why, and in which order.

Everything here is built from facts: who uses a file, whether it can be built, how much of it stands elsewhere too.
Where those cannot decide, the proposal asks instead of guessing. Nothing live is ever proposed for removal.
"""
