"""Can objects be written, read and deleted in the object store?"""

from collections.abc import AsyncIterator
from typing import Final

from commands.checks.finding import Finding
from domain.files.object_store import attachment_store, new_key
from domain.refusals import StoreUnavailable
from settings import Settings

PROBE: Final = b"econtracting check"


async def check_store(settings: Settings) -> AsyncIterator[Finding]:
    """Checks the object store of the settings."""
    key = new_key()
    try:
        await attachment_store().put(key, _probe_chunks())
        stored = b"".join([chunk async for chunk in attachment_store().read(key, 0, len(PROBE))])
        await attachment_store().delete([key])
    except (StoreUnavailable, ValueError, OSError) as error:
        problem = f"{settings.attachment_store_url} doesn't keep an object ({type(error.__cause__ or error).__name__})."
        yield Finding("OBJECT_STORE_URL", problem, "Let us write, read and delete there; see also OBJECT_STORE_….")
        return
    if stored != PROBE:
        yield Finding("OBJECT_STORE_URL", "The store gives back other bytes than it took.", "Use another one.")


async def _probe_chunks() -> AsyncIterator[bytes]:
    yield PROBE
