"""The keys of one demo, made at its first start and kept."""

import base64
import json
import secrets
from pathlib import Path

from local.private_file import write_private

NAMES = ("NATIONAL_NUMBER_KEYS", "NATIONAL_NUMBER_INDEX_KEYS", "SIGN_IN_KEY", "FILE_ADDRESS_KEY", "OIDC_CLIENT_SECRET")
KEY_BYTES = 32


def kept_keys(file: Path) -> dict[str, str]:
    """The keys by the names that the settings give them; one that is missing is made and kept, for its owner to read.

    Args:
        file: Where they are kept.
    """
    kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in NAMES if name not in kept]
    if missing:
        kept |= {name: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for name in missing}
        write_private(file, json.dumps(kept, indent=2) + "\n")
    return kept
