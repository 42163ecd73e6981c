"""Sessions: a row on our side, a random token in the browser; the database's clock says how long they last.

Whoever signs in without any right may stay, as somebody who is about to ask for one. Whoever could act for an
organisation while signed in is signed out by the first request after the last right or mandate has ended, whatever
ended it: an act, the register, or midnight.
"""

import hashlib
import secrets
from typing import Final

from tortoise.transactions import in_transaction

from domain.actor import NOBODY, Actor
from domain.database import database
from domain.standing import STANDING
from settings import settings


def _acts(person: str) -> str:
    """Whether somebody may act for any organisation today, by a right or a mandate."""
    facts = STANDING.format(person=person, authority="null::bigint", session="null::bigint", narrowed="null::bigint")
    return f"(select cardinality(facts.acts) > 0 from ({facts}) facts)"


BEGIN: Final = f"""
insert into session (user_id, token_digest, expires_at, entitled)
values ($1, $2, now() + make_interval(hours => $3), {_acts("$1::bigint")})
"""
END: Final = "update session set ended_at = now() where token_digest = $1 and ended_at is null"
RESUME: Final = f"""
select id, user_id, entitled, {_acts("session.user_id")} as acts,
  last_seen_at < now() - interval '1 minute' as stale
from session
where token_digest = $1 and ended_at is null and expires_at > now()
  and last_seen_at > now() - make_interval(mins => $2)
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
        The token of the new session, for the cookie.
    """
    token = secrets.token_urlsafe(32)
    async with in_transaction() as transaction:
        if presented is not None:
            await transaction.execute_query(END, [_digest(presented)])
        await transaction.execute_query(BEGIN, [user_id, _digest(token), settings().session_hours])
    return token


async def resume(token: str, *, active: bool = True) -> Actor:
    """Who holds this token; nobody when its session has ended, was idle for too long, or never was.

    A session ends here when its person could act for an organisation in it, and can for none any more.

    Args:
        token: What the cookie holds.
        active: Whether the session is in use by this, so that it goes on; being told something is no use of it.
    """
    rows = await database().execute_query_dict(RESUME, [_digest(token), settings().session_idle_minutes])
    if not rows:
        return NOBODY
    session = rows[0]
    if session["entitled"] and not session["acts"]:
        await end(token)
        return NOBODY
    if session["acts"] and not session["entitled"]:
        await database().execute_query(ENTITLED, [session["id"]])
    if active and session["stale"]:
        await database().execute_query(SEEN, [session["id"]])
    return Actor(user_id=session["user_id"], session_id=session["id"])


async def end(token: str) -> None:
    """Signs out whoever holds this token."""
    await database().execute_query(END, [_digest(token)])


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
