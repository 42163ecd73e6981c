"""Personal values in the audit log: sealed with a key per person, so that destroying the key erases them."""

import base64
import secrets
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.models import PersonalKey
from domain.refusals import PersonErased
from domain.sealing import Sealing, sealing
from settings import KEY_BYTES

KEY_PURPOSE: Final = "personal_key"
VALUE_PURPOSE: Final = "audit_entry"


async def sealed_value(database: BaseDBAsyncClient, user_id: int, value: str | None) -> dict[str, Any] | None:
    """A person's value as an audit row keeps it: the sealed text in base64, and the key of whose it is.

    Raises:
        PersonErased: Nothing of the person is to be kept any more.
    """
    if value is None:
        return None
    key = await _personal_key(database, user_id)
    sealed = Sealing([key], [key]).seal(value, VALUE_PURPOSE)
    return {"sealed": base64.b64encode(sealed).decode(), "person": user_id}


async def _personal_key(database: BaseDBAsyncClient, user_id: int) -> bytes:
    """The person's key, made when it is first needed; who was erased gets none again."""
    fresh = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    # Two acts may come to it at once: the first one's key stays.
    await database.execute_query_dict(
        """insert into personal_key (user_id, sealed_key)
           select id, $2 from person where id = $1 and national_number_index is not null
           on conflict (user_id) do nothing""",
        [user_id, sealing().seal(fresh, KEY_PURPOSE)],
    )
    row = await PersonalKey.get_or_none(user_id=user_id, using_db=database)
    if row is None:
        raise PersonErased
    return base64.b64decode(sealing().unseal(row.sealed_key, KEY_PURPOSE))
