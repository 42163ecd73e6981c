"""What the API's processes share through Valkey: budgets, and documents that clients sent."""

from gql.documents.document_store import DocumentStore
from gql.limits.budget import Budget


class SharedState:
    """One process's access to it.

    Attributes:
        budget: Counts what each viewer asks for in a minute.
        documents: Finds documents by their digests.
    """

    def __init__(self, redis_url: str) -> None:
        """Prepares the clients; nothing is connected yet.

        Args:
            redis_url: A `redis://`, `rediss://` or `unix://` address.
        """
        self.budget = Budget(redis_url)
        self.documents = DocumentStore(redis_url, self.budget)

    async def close(self) -> None:
        """Closes the connections."""
        await self.documents.close()
        await self.budget.close()
