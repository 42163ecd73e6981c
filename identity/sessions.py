"""Sessions: a row on our side, a random token in the browser; the database's clock says how long they last.

Whoever signs in without any right may stay, as somebody who is about to ask for one. Whoever could act for an
organisation while signed in is signed out by the first request after the last right or mandate has ended, whatever
ended it: an act, the register, or midnight.
"""

import hashlib
import secrets
from typing import Any, Final

from tortoise.transactions import in_transaction

from domain.actor import NOBODY, Actor
from domain.database.connection import database
from domain.database.read_queries import RowQuery, fetch_row
from domain.standing import STANDING, Standing
from settings import settings


def _facts(person: str, session: str = "null::bigint") -> str:
    """The facts about somebody whom nothing narrows to one organisation."""
    return STANDING.format(person=person, authority="null::bigint", session=session, narrowed="null::bigint")


BEGIN: Final = f"""
insert into session (user_id, token_digest, expires_at, entitled)
select id, $2::bytea, now() + make_interval(hours => $3::integer),
  (select cardinality(facts.acts_for) > 0 from ({_facts("$1::bigint")}) facts)
from person where id = $1::bigint and national_number_index is not null for share
"""
"""Whoever erases the person, or makes them one with somebody, is waited for, and finds the session; who is nobody any
more gets none."""
END: Final = "update session set ended_at = now() where token_digest = $1 and ended_at is null"
# The token is looked for by itself (`offset 0` keeps it so): as long as nobody counted the sessions, PostgreSQL takes
# those that haven't ended for few, and would read them all to find one.
RESUME: Final = f"""
select entitled, last_seen_at < now() - interval '1 minute' as stale, facts.*
from (select * from session where token_digest = $1 offset 0) session
cross join lateral ({_facts("session.user_id", "session.id")}) facts
where ended_at is null and expires_at > now() and last_seen_at > now() - make_interval(mins => $2)
"""
# Written at most once a minute: a screen asks many times a second.
SEEN: Final = "update session set last_seen_at = now() where id = $1 and ended_at is null"
ENTITLED: Final = "update session set entitled = true where id = $1 and ended_at is null"


async def begin(user_id: int, presented: str | None) -> str:
    """Signs a person in.

    Args:
        user_id: The person.
        presented: The token of the session that the browser had until now, which ends.

    Returns:
        The token of the new session, for the cookie; it signs nobody in whose person was erased a moment ago, or
        made one with somebody.
    """
    token = secrets.token_urlsafe(32)
    async with in_transaction() as transaction:
        # The person first: whoever erases them holds them, and then comes to their sessions.
        await transaction.execute_query(BEGIN, [user_id, _digest(token), settings().session_hours])
        if presented is not None:
            await transaction.execute_query(END, [_digest(presented)])
    return token


async def resume(token: str, *, active: bool = True) -> Actor:
    """Who holds this token, with their standing; nobody when its session has ended, was idle too long, or never was.

    A session ends here when its person could act for an organisation in it, and can for none any more.

    Args:
        token: What the cookie holds.
        active: Whether the session is in use by this, so that it goes on; being told something is no use of it.
    """
    return await resume_from_row(token, await fetch_row(resume_query(token)), active=active)


def resume_query(token: str) -> RowQuery:
    """What the database is asked about whoever holds this token; `resume_from_row` takes the row."""
    return RowQuery(RESUME, (_digest(token), settings().session_idle_minutes))


async def resume_from_row(token: str, found: Any, *, active: bool = True) -> Actor:
    """As `resume`, where the database has been asked.

    Args:
        token: As there.
        found: The row of the `resume_query` the token, or one that holds its columns with nothing in them.
        active: As there.
    """
    if found is None or found["session"] is None:
        return NOBODY
    standing = Standing.from_row(found)
    if found["entitled"] and not standing.acts_for:
        await end(token)
        return NOBODY
    if standing.acts_for and not found["entitled"]:
        await database().execute_query(ENTITLED, [standing.session])
    if active and found["stale"]:
        await database().execute_query(SEEN, [standing.session])
    return Actor(user_id=standing.person, session_id=standing.session, standing=standing)


async def end(token: str) -> None:
    """Signs out whoever holds this token."""
    await database().execute_query(END, [_digest(token)])


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
