"""What two builds may differ in and still be the same work: data, each with where it rests on.

The normal form leaves out exactly these. Everything else that BuildKit is given is in it.
"""

import msgspec


class Equivalence(msgspec.Struct, frozen=True):
    """A difference that is none: an `id`, what it says, and its source."""

    id: str
    what: str
    source: str


EQUIVALENCES = (
    Equivalence(
        "stage-names",
        "names and numbers of stages, a stage split in two by `FROM a AS b`, stages in another order, stages that the "
        "target does not reach",
        "stages are no part of an operation (dockerfile2llb/convert.go); built: K45, K45b, K45c, K72",
    ),
    Equivalence(
        "spelling",
        "comments, blank lines, keywords' case, line continuations between words, JSON or shell form of COPY and ADD, one "
        "ENV instruction or several, a RUN in exec form that names the shell itself, names of heredocs that are only text",
        "gone after parsing; built: K18b to K18e, K20b, K20e to K20h, K27b, K27c, K36, K36c",
    ),
    Equivalence(
        "equal-operations",
        "the same operations on the same inputs, asked for twice",
        "an operation is identified by its digest (solver/pb); built: K53b, R01",
    ),
    Equivalence(
        "same-layers",
        "an image under another name with the same layers, where both are known",
        "source/containerimage/pull.go: CacheKey; built: K44",
    ),
    Equivalence(
        "requested-paths",
        "which paths of a context are asked of the client: they follow from what is copied and mounted",
        "dockerfile2llb/convert.go: filterPaths",
    ),
    Equivalence(
        "shown-names",
        "what is shown while building, line numbers, and the texts of the image's history",
        "operation metadata and image history are no part of an operation's digest or of a file system",
    ),
    Equivalence(
        "escaped-arguments",
        "the image's field `ArgsEscaped`, set by any CMD",
        "deprecated and read on Windows only (moby/docker-image-spec)",
    ),
    Equivalence(
        "unordered-settings",
        "the order in which ports, volumes and labels are set",
        "they are maps in the image's configuration (moby/docker-image-spec)",
    ),
)
