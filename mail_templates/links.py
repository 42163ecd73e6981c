"""Where mails lead to: the address carries the id that the API knows the row by."""

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
    """Where a person sees the contract, and what happened on it.

    Args:
        public_url: Where people reach the API; no slash at its end.
        contract_id: The contract's key.
        document_id: The key of the document that was received.
        message_id: The key of the message that was received, which shows the document that it is about.
        action_id: The key of the action that was released, likewise.
    """
    contract = _link(public_url, "contracts", "Contract", contract_id)
    for type_name, key in (("Message", message_id), ("Action", action_id), ("Document", document_id)):
        if key is not None:
            return f"{contract}?{type_name.lower()}={_address_id(type_name, key)}"
    return contract


def organisation_link(public_url: str, organisation_id: int) -> str:
    """Where a person sees the organisation and their access there; likewise."""
    return _link(public_url, "organisations", "Organisation", organisation_id)


def task_link(public_url: str, self_registration_id: int) -> str:
    """Where an access manager decides on a request, and the applicant sees what became of it; likewise."""
    return _link(public_url, "tasks", "SelfRegistrationTask", self_registration_id)


def _link(public_url: str, place: str, type_name: str, key: int) -> str:
    return f"{public_url}/{place}/{_address_id(type_name, key)}"


def _address_id(type_name: str, key: int) -> str:
    """The global id as a part of an address."""
    return quote(base64.b64encode(f"{type_name}:{key}".encode()), safe="")
