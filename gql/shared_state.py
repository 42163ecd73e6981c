"""What the API's processes share through Valkey: what was asked for lately, and the documents that clients sent."""

from gql.documents.library import Library
from gql.limits.budget import Budget


class Shared:
    """What one process has of it.

    Attributes:
        budget: Counts what each viewer asks for in a minute.
        library: Finds documents that are named by their digests.
    """

    def __init__(self, redis_url: str) -> None:
        """Prepares it; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
        """
        self.budget = Budget(redis_url)
        self.library = Library(redis_url, self.budget)

    async def close(self) -> None:
        """Gives the connections back."""
        await self.library.close()
        await self.budget.close()
