"""Where mails lead to: the address carries the id that the API knows the row by."""

import base64
from urllib.parse import quote


def contract_link(public_url: str, contract_id: int) -> str:
    """Where a person sees the contract.

    Args:
        public_url: Where people reach the API; no slash at its end.
        contract_id: The contract's key.
    """
    return _link(public_url, "contracts", "Contract", contract_id)


def organisation_link(public_url: str, organisation_id: int) -> str:
    """Where a person sees the organisation and their access there; likewise."""
    return _link(public_url, "organisations", "Organisation", organisation_id)


def task_link(public_url: str, self_registration_id: int) -> str:
    """Where an access manager decides on a request, and the applicant sees what became of it; likewise."""
    return _link(public_url, "tasks", "SelfRegistrationTask", self_registration_id)


def _link(public_url: str, place: str, type_name: str, key: int) -> str:
    global_id = base64.b64encode(f"{type_name}:{key}".encode()).decode()
    return f"{public_url}/{place}/{quote(global_id, safe='')}"
