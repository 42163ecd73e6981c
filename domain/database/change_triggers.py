"""The triggers that notify listeners of the keys of changed rows, once a statement and at the commit (see 0015)."""

from typing import Final

# A payload holds less than 8,000 bytes; 200 keys of 19 digits take half of that.
MAX_KEYS: Final = 200


def change_triggers(kind: str, table: str, events: dict[str, str]) -> list[str]:
    """The statements that create a function and a trigger for each event; keys are grouped into few notifications.

    Args:
        kind: The kind of the rows in a notification.
        table: The table.
        events: For each event, a query for `owner` and `key` of the rows, from `changed` and on update also `former`.
    """
    statements = []
    for event, query in events.items():
        name = f"tell_{table}_{event}"
        transition_tables = "new table as changed" + (" old table as former" if event == "update" else "")
        statements += [
            f"""create function {name}() returns trigger language plpgsql as $$
            declare
              message text;
            begin
              for message in
                select json_build_object('kind', '{kind}', 'owner', owner, 'keys', array_agg(key order by key))::text
                from (
                  select owner, key, (row_number() over (partition by owner order by key) - 1) / {MAX_KEYS} as part
                  from (select distinct owner, key from ({query}) found) each_once
                ) parted
                group by owner, part
              loop
                perform pg_notify('changes', message);
              end loop;
              return null;
            end $$""",
            f"""create trigger {name} after {event} on {table} referencing {transition_tables}
              for each statement execute function {name}()""",
        ]
    return statements


def changed_rows(owner: str, condition: str) -> str:
    """A query for the rows of an update that meet a condition on `n`, the new row, and `o`, the old one."""
    return f"select n.{owner} as owner, n.id as key from changed n join former o on o.id = n.id where {condition}"
