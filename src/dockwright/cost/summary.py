"""What a repository's targets cost, as far as it can be told, and what stands in the way of telling the rest."""

from collections.abc import Sequence

import msgspec

from dockwright.cost.monthly import Cost, Missing
from dockwright.figures import Figure


class Saving(msgspec.Struct, frozen=True):
    """What a change that was found would save: `change` says which."""

    target: str
    change: str
    figure: Figure


class Business(msgspec.Struct, frozen=True):
    """Costs, the dearest first; savings of changes that were found; and what is missing for the others.

    `notes` say what the figures rest on as a whole: where prices come from, how builds were counted.
    """

    costs: Sequence[Cost]
    savings: Sequence[Saving]
    missing: Sequence[Missing]
    notes: Sequence[str]
