"""The keys of a demo, generated at its first start."""

import base64
import json
import secrets
from pathlib import Path

from local.private_file import write_private_file

NAMES = ("NATIONAL_NUMBER_KEYS", "NATIONAL_NUMBER_INDEX_KEYS", "SIGN_IN_KEY", "FILE_ADDRESS_KEY", "OIDC_CLIENT_SECRET")
KEY_BYTES = 32


def load_or_create_keys(file: Path) -> dict[str, str]:
    """The keys by the names of their settings; those that are missing are generated and stored.

    Args:
        file: Where they are stored, readable by its owner only.
    """
    keys: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in NAMES if name not in keys]
    if missing:
        keys |= {name: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode() for name in missing}
        write_private_file(file, json.dumps(keys, indent=2) + "\n")
    return keys
