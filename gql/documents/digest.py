"""The digest of a document."""

import hashlib


def digest_of(text: str) -> str:
    """The SHA-256 of a document's text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
