"""Personal values in the audit log: sealed with a key per person, whose destruction erases them."""

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
    """A person's value as it is stored in an audit row: the sealed text in base64, and the person's key.

    Raises:
        PersonErased: The person was erased.
    """
    if value is None:
        return None
    key = await _personal_key(database, user_id)
    sealed = Sealing([key], [key]).seal(value, VALUE_PURPOSE)
    return {"sealed": base64.b64encode(sealed).decode(), "person": user_id}


async def _personal_key(database: BaseDBAsyncClient, user_id: int) -> bytes:
    """The person's sealing key, created when it is first needed; an erased person gets none."""
    new_key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    # Two transactions may create it at once: the first one's key stays.
    await database.execute_query_dict(
        """insert into personal_key (user_id, sealed_key)
           select id, $2 from person where id = $1 and national_number_index is not null
           on conflict (user_id) do nothing""",
        [user_id, sealing().seal(new_key, KEY_PURPOSE)],
    )
    row = await PersonalKey.get_or_none(user_id=user_id, using_db=database)
    if row is None:
        raise PersonErased
    return base64.b64decode(sealing().unseal(row.sealed_key, KEY_PURPOSE))
