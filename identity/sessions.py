"""Sessions: a row in the database, a random token in the browser; they expire by the database's clock.

A person who signs in without any right stays signed in, to ask for one. A person who could act for an organisation is
signed out by the first request after the last right or mandate has ended, whatever ended it: somebody, the register,
or midnight.
"""

import hashlib
import secrets
from typing import Any, Final

from tortoise.transactions import in_transaction

from domain.actor import NOBODY, Actor
from domain.database.connection import database
from domain.database.read_queries import RowQuery, fetch_row
from domain.standing import STANDING_SELECT, Standing
from settings import settings


def _standing(person: str, session: str = "null::bigint") -> str:
    """The facts about a person in all organisations."""
    return STANDING_SELECT.format(person=person, authority="null::bigint", session=session, organisation="null::bigint")


BEGIN: Final = f"""
insert into session (user_id, token_digest, expires_at, entitled)
select id, $2::bytea, now() + make_interval(hours => $3::integer),
  (select cardinality(facts.acts_for) > 0 from ({_standing("$1::bigint")}) facts)
from person where id = $1::bigint and national_number_index is not null for share
"""
"""Waits for a transaction that erases or merges the person, and begins no session for a person who is gone."""
END: Final = "update session set ended_at = now() where token_digest = $1 and ended_at is null"
# The token is looked up by itself (`offset 0` prevents pull-up): without statistics, PostgreSQL takes the sessions that
# haven't ended for few, and would read them all to find one.
RESUME: Final = f"""
select entitled, last_seen_at < now() - interval '1 minute' as stale, facts.*
from (select * from session where token_digest = $1 offset 0) session
cross join lateral ({_standing("session.user_id", "session.id")}) facts
where ended_at is null and expires_at > now() and last_seen_at > now() - make_interval(mins => $2)
"""
# Written at most once a minute: a screen makes many requests a second.
TOUCH: Final = "update session set last_seen_at = now() where id = $1 and ended_at is null"
MARK_ENTITLED: Final = "update session set entitled = true where id = $1 and ended_at is null"


async def begin(user_id: int, previous_token: str | None) -> str:
    """Signs a person in.

    Args:
        user_id: The person.
        previous_token: The token of the session that the browser had so far, which ends.

    Returns:
        The token of the new session, for the cookie; it is of no use if the person was erased or merged at this
        moment.
    """
    token = secrets.token_urlsafe(32)
    async with in_transaction() as transaction:
        # The person is locked first, as by the rule that erases them and then ends their sessions.
        await transaction.execute_query(BEGIN, [user_id, _digest(token), settings().session_hours])
        if previous_token is not None:
            await transaction.execute_query(END, [_digest(previous_token)])
    return token


async def resume(token: str, *, active: bool = True) -> Actor:
    """The actor of a session, with their standing; nobody when it has ended, was idle too long, or never was.

    A session ends here when its person could act for an organisation before, and can for none any more.

    Args:
        token: The token in the cookie.
        active: Whether this counts as use of the session; a subscription's event does not.
    """
    return await resume_from_row(token, await fetch_row(resume_query(token)), active=active)


def resume_query(token: str) -> RowQuery:
    """The query for a session; `resume_from_row` takes its row."""
    return RowQuery(RESUME, (_digest(token), settings().session_idle_minutes))


async def resume_from_row(token: str, row: Any, *, active: bool = True) -> Actor:
    """As `resume`, with the row already read.

    Args:
        token: As there.
        row: The row of `resume_query`, or one whose columns are null.
        active: As there.
    """
    if row is None or row["session"] is None:
        return NOBODY
    standing = Standing.from_row(row)
    if row["entitled"] and not standing.acts_for:
        await end(token)
        return NOBODY
    if standing.acts_for and not row["entitled"]:
        await database().execute_query(MARK_ENTITLED, [standing.session])
    if active and row["stale"]:
        await database().execute_query(TOUCH, [standing.session])
    return Actor(user_id=standing.person, session_id=standing.session, standing=standing)


async def end(token: str) -> None:
    """Ends the session of a token."""
    await database().execute_query(END, [_digest(token)])


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
