"""Fair queues: the waiting rows of a table form queues, which are served in turn however long any of them is.

PostgreSQL goes from queue to queue in one partial index, with one probe for each (a loose index scan), and reads a few
rows of the queues whose turn it is. What it reads doesn't grow with the number of waiting rows.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FairQueues:
    """A table whose waiting rows form queues.

    Attributes:
        table: The table. Its column `claimable_at` is the moment from which a row may be claimed.
        key: The columns that identify a row's queue. A partial index for `waiting` begins with them, and goes on with
            `claimable_at` and `id`.
        waiting: The condition of a waiting row, as SQL over the table's columns.
    """

    table: str
    key: tuple[str, ...]
    waiting: str

    def select_in_turn(self, excluded: str = "false") -> str:
        """The SQL that locks the rows whose turn it is and returns their `id`; rows locked by others are skipped.

        Its parameters are the maximum number of rows, and the key of the queue after which to begin, column by column;
        further ones are for `excluded`.

        Args:
            excluded: The condition of a queue that is skipped, as SQL over the columns of `queue`.
        """
        after_queue = ", ".join(f"${number}" for number in range(2, 2 + len(self.key)))
        return f"""
{self._scan_queues(after_queue)},
selected as materialized (
  select {self._key_of("queue")} from queue where claimable_at <= now() and not ({excluded}) limit $1)
select first.id from selected cross join lateral (
  select t.id from {self.table} t
  where ({self.waiting}) and ({self._key_of("t")}) = ({self._key_of("selected")}) and t.claimable_at <= now()
  order by t.claimable_at, t.id limit (select ceil($1::numeric / count(*)) from selected)
  for update skip locked) first
limit $1"""

    def exists_due(self, before_all: str) -> str:
        """The SQL that returns, as `answer`, whether any row could be claimed now.

        Args:
            before_all: A key that sorts before that of every queue, as SQL.
        """
        return (
            f"{self._scan_queues(before_all)} select exists (select from queue where claimable_at <= now()) as answer"
        )

    def _scan_queues(self, after: str) -> str:
        """Each queue's key and the earliest moment at which one of its rows may be claimed."""
        return f"""with recursive queue as (
  ({self._next_queue(after)})
  union all
  select next.* from queue cross join lateral ({self._next_queue(self._key_of("queue"))}) next)"""

    def _next_queue(self, after: str) -> str:
        key = self._key_of("t")
        return f"""select {key}, t.claimable_at from {self.table} t where ({self.waiting}) and ({key}) > ({after})
    order by {key}, t.claimable_at limit 1"""

    def _key_of(self, alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in self.key)
