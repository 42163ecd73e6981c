"""The links in mails; each contains the global id that the API knows the row by."""

import base64
from urllib.parse import quote


def contract_link(
    public_url: str,
    contract_id: int,
    *,
    document_id: int | None = None,
    message_id: int | None = None,
    action_id: int | None = None,
) -> str:
    """The URL of a contract's page, which shows what happened on it.

    Args:
        public_url: The public URL of the API, without a trailing slash.
        contract_id: The contract's id.
        document_id: The id of the document that was received.
        message_id: The id of the message that was received; its page shows the document that it is about.
        action_id: The id of the action that was released, likewise.
    """
    contract = _link(public_url, "contracts", "Contract", contract_id)
    for type_name, key in (("Message", message_id), ("Action", action_id), ("Document", document_id)):
        if key is not None:
            return f"{contract}?{type_name.lower()}={_url_id(type_name, key)}"
    return contract


def organisation_link(public_url: str, organisation_id: int) -> str:
    """The URL of an organisation's page, which shows the reader's access there."""
    return _link(public_url, "organisations", "Organisation", organisation_id)


def task_link(public_url: str, self_registration_id: int) -> str:
    """The URL of the page where an access manager decides on a request, and the applicant sees the decision."""
    return _link(public_url, "tasks", "SelfRegistrationTask", self_registration_id)


def _link(public_url: str, path: str, type_name: str, key: int) -> str:
    return f"{public_url}/{path}/{_url_id(type_name, key)}"


def _url_id(type_name: str, key: int) -> str:
    """The global id, quoted for a URL."""
    return quote(base64.b64encode(f"{type_name}:{key}".encode()), safe="")
