"""Who comes next: what waits stands in queues, which take turns, however long any of them is.

PostgreSQL walks from queue to queue down one partial index, a probe for each, and reads a few rows of those whose turn
it is. What it reads doesn't grow with what waits.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queues:
    """A table whose rows wait in queues.

    Attributes:
        table: The table. Its column `claimable_at` is the moment from which a row may be had.
        key: The columns that tell one queue from another. A partial index for `waits` begins with them, and goes on
            with `claimable_at` and `id`.
        waits: Which rows wait at all, in terms of the table's columns.
    """

    table: str
    key: tuple[str, ...]
    waits: str

    def in_turn(self, passed_over: str = "false") -> str:
        """The SQL that locks the rows whose turn it is and answers their `id`; rows that others hold are stepped over.

        Its parameters are the number of rows at most, then the queue after which to begin, column by column; further
        ones are for `passed_over`.

        Args:
            passed_over: Which queues are left alone, in terms of `walk` and its columns.
        """
        begin = ", ".join(f"${number}" for number in range(2, 2 + len(self.key)))
        return f"""
{self._walk(begin)},
turns as materialized (
  select {self._columns("walk")} from walk where claimable_at <= now() and not ({passed_over}) limit $1)
select first.id from turns cross join lateral (
  select t.id from {self.table} t
  where ({self.waits}) and ({self._columns("t")}) = ({self._columns("turns")}) and t.claimable_at <= now()
  order by t.claimable_at, t.id limit (select ceil($1::numeric / count(*)) from turns) for update skip locked) first
limit $1"""

    def any_due(self, beginning: str) -> str:
        """The SQL that answers whether any row could be claimed now.

        Args:
            beginning: A key that comes before every queue's, as SQL.
        """
        return f"{self._walk(beginning)} select exists (select from walk where claimable_at <= now()) as answer"

    def _walk(self, begin: str) -> str:
        """Each queue's key and the earliest moment at which one of its rows may be had."""
        return f"""with recursive walk as (
  ({self._first_after(begin)})
  union all
  select next.* from walk cross join lateral ({self._first_after(self._columns("walk"))}) next)"""

    def _first_after(self, place: str) -> str:
        ours = self._columns("t")
        return f"""select {ours}, t.claimable_at from {self.table} t where ({self.waits}) and ({ours}) > ({place})
    order by {ours}, t.claimable_at limit 1"""

    def _columns(self, alias: str) -> str:
        return ", ".join(f"{alias}.{column}" for column in self.key)
