"""The fixed link for self-registration (manual 2.1.5.1): built and parsed, byte for byte."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain import enterprise_number
from domain.enterprise_number import EnterpriseNumberError
from domain.models import Role
from domain.refusals import EnterpriseNumberInvalid, Findings, SelfRegistrationLinkInvalid

APPLICATION: Final = "308"
DOMAIN: Final = "EA"
RIGHT: Final = "MOW_eContracting_EA_CompEnt_Gebruiker"
NAMES: Final = {Role.ADMINISTRATOR: "Beheerder", Role.USER: "Gebruiker"}
"""The name of each role in links, in their order."""
# The manual also writes the pair with a space, which a browser turns into %20.
_BOTH_ROLES: Final = re.compile(r"Beheerder,(?: |%20)?Gebruiker")


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """The query parameters of a link; `ctx` is None where it is absent."""

    an: str
    dg: str
    ec: str
    ctx: str | None
    oc: str


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """The meaning of a link.

    Attributes:
        enterprise_number: Ten valid digits.
        roles: The requested roles; None when the person chooses one.
    """

    enterprise_number: str
    roles: Sequence[Role] | None


def build_link(page: str, number: str, roles: Sequence[Role] | None) -> str:
    """The link for an organisation; the same arguments give the same link.

    Args:
        page: The URL of the page that it leads to.
        number: The organisation's ten digits.
        roles: The requested roles; none or None leaves the choice to the person.
    """
    names = ",".join(name for role, name in NAMES.items() if role in (roles or ()))
    ctx = f"&ctx={names}" if names else ""
    return f"{page}?&an={APPLICATION}&dg={DOMAIN}&ec={RIGHT}{ctx}&oc={number}"


def parse_link(parameters: LinkParameters, *path: str) -> LinkRequest:
    """The meaning of the parameters of a link.

    Args:
        parameters: The parameters.
        path: The input field that holds them.

    Raises:
        Refusals: Some are invalid.
    """
    findings = Findings()
    for name, expected in (("an", APPLICATION), ("dg", DOMAIN), ("ec", RIGHT)):
        if getattr(parameters, name) != expected:
            findings.add(SelfRegistrationLinkInvalid(*path, name))
    roles = None if parameters.ctx is None else _roles(parameters.ctx)
    if roles == []:
        findings.add(SelfRegistrationLinkInvalid(*path, "ctx"))
    number = _number(findings, parameters.oc, *path)
    findings.raise_if_any()
    return LinkRequest(number, roles)


def _roles(ctx: str) -> list[Role]:
    """The roles that a `ctx` names; none when it is invalid."""
    if _BOTH_ROLES.fullmatch(ctx):
        return list(NAMES)
    return [role for role, name in NAMES.items() if name == ctx]


def _number(findings: Findings, oc: str, *path: str) -> str:
    try:
        return enterprise_number.normalised(oc)
    except EnterpriseNumberError:
        findings.add(EnterpriseNumberInvalid(*path, "oc"))
        return ""
