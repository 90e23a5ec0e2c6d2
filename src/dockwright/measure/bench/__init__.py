"""Benches: the same target built cold, unchanged, after a change of code and of dependencies, many times, two side by side.

copying.py   a copy of what a build is sent, to be edited freely
edits.py     which file a change of code or dependencies is made in, and the change itself
running.py   the rounds, interleaved; images taken away again
stats.py     medians, spread, ratios
model.py     the values
"""
