"""Cache keys: what BuildKit identifies each step by, and which steps of a build it would find in its cache.

    plan = plan_of(parse(data, path, engine.frontend), settings, engine)   # once per text and arguments
    contents = TreeDigests.of(BuildContext(tree, root, path))              # or any other `ContentDigests`
    prediction = state.predict(plan, contents)                             # hit, miss or unknown, and why
    state.record(prediction, actual)                                       # what the build left; `actual` if known

`Plan.selections` is all that must be known of files: a state in which they are what they were in a recorded build of the
same plan hits everywhere, and needs no prediction.
"""
