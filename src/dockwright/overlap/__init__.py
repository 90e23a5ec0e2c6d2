"""What repeats in a repository, and in what the repetitions differ.

`analyse.analyse(subjects, composes, requirements=…, history=…) -> model.Overlaps` does it all. Dockerfiles are brought
to a normal form (`normal`, `keywords`, `script`, `names`), compared as sequences (`alignment`, `similarity`, `pairs`)
and grouped (`copies`, `clusters`, `families`, `blocks`); `difference` makes the tables. Compose files are compared by
their settings (`settings`, `roles`, `stacks`). `versions` finds one thing in several versions, `drift` and `past` when
copies parted.
"""
