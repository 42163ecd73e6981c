"""Does the object store take an object, give it back, and let it go?"""

from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from domain.files.object_store import attachment_store, new_key
from domain.refusals import StoreUnavailable
from settings import Settings

PROBE: Final = b"econtracting check"


async def check_store(settings: Settings) -> AsyncIterator[Finding]:
    """What is wrong with the store of the settings."""
    key = new_key()
    try:
        await attachment_store().put(key, _probe())
        back = b"".join([piece async for piece in attachment_store().read(key, 0, len(PROBE))])
        await attachment_store().delete([key])
    except (StoreUnavailable, ValueError, OSError) as error:
        wrong = f"{settings.attachments_address} doesn't keep an object ({type(error.__cause__ or error).__name__})."
        yield Finding("OBJECT_STORE_URL", wrong, "Let us write, read and delete there; see also OBJECT_STORE_….")
        return
    if back != PROBE:
        yield Finding("OBJECT_STORE_URL", "The store gives back other bytes than it took.", "Use another one.")


async def _probe() -> AsyncIterator[bytes]:
    yield PROBE
