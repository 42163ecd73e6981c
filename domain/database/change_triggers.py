"""The triggers that tell of changes, by the statement: the keys of the rows, once they are committed (see 0015)."""

from typing import Final

# A payload holds less than 8,000 bytes; 200 keys of 19 digits take half of that.
KEYS: Final = 200


def told(kind: str, table: str, events: dict[str, str]) -> list[str]:
    """A function and a trigger for each event; a statement that changes many rows tells of them in few messages.

    Args:
        kind: What listeners call the rows.
        table: The table.
        events: SQL for `owner` and `key` of the rows to tell of, by the event: over `changed`, and `former` on update.
    """
    statements = []
    for event, rows in events.items():
        name = f"tell_{table}_{event}"
        given = "new table as changed" + (" old table as former" if event == "update" else "")
        statements += [
            f"""create function {name}() returns trigger language plpgsql as $$
            declare
              message text;
            begin
              for message in
                select json_build_object('kind', '{kind}', 'owner', owner, 'keys', array_agg(key order by key))::text
                from (
                  select owner, key, (row_number() over (partition by owner order by key) - 1) / {KEYS} as part
                  from (select distinct owner, key from ({rows}) found) each_once
                ) parted
                group by owner, part
              loop
                perform pg_notify('changes', message);
              end loop;
              return null;
            end $$""",
            f"""create trigger {name} after {event} on {table} referencing {given}
              for each statement execute function {name}()""",
        ]
    return statements


def changed(owner: str, condition: str) -> str:
    """The rows of an update that meet a condition on `n`, as they are now, and `o`, as they were."""
    return f"select n.{owner} as owner, n.id as key from changed n join former o on o.id = n.id where {condition}"
