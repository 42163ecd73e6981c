"""What one request carries: who asks, in which language, and the loaders that read for them."""

from dataclasses import dataclass, field

from domain.actor import Actor
from gql.reading.loaders import Loaders


@dataclass
class Context:
    """What fields and resolvers find in `info.context`.

    Attributes:
        actor: Who asks.
        language: The language of texts: `nl`, `fr`, `en` or `de`.
        request_id: What the log knows the request by.
        loaders: Reads rows for the actor; made anew after every change.
    """

    actor: Actor
    language: str
    request_id: str
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Forgets what was read: after a mutation, rows and what the actor may see of them are other ones."""
        self.loaders = Loaders(self.actor, self.language)
