"""The fixed link with which people register themselves (manual 2.1.5.1): written and read, byte for byte."""

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
"""Each role as links name it, in their order."""
# The manual writes the pair with a space, too, which a browser turns into %20.
_BOTH: Final = re.compile(r"Beheerder,(?: |%20)?Gebruiker")


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """What stands in a link; `ctx` is None where it has none."""

    an: str
    dg: str
    ec: str
    ctx: str | None
    oc: str


@dataclass(frozen=True, slots=True)
class LinkMeaning:
    """What a link asks for.

    Attributes:
        enterprise_number: Ten valid digits.
        roles: The roles that are asked for; None when the person chooses one.
    """

    enterprise_number: str
    roles: Sequence[Role] | None


def link(page: str, number: str, roles: Sequence[Role] | None) -> str:
    """The link for an organisation; the same question gives the same link.

    Args:
        page: The address of the page that it leads to.
        number: The organisation's ten digits.
        roles: The roles that it asks for; none or None leaves the choice to the person.
    """
    named = ",".join(name for role, name in NAMES.items() if role in (roles or ()))
    asked = f"&ctx={named}" if named else ""
    return f"{page}?&an={APPLICATION}&dg={DOMAIN}&ec={RIGHT}{asked}&oc={number}"


def meaning(given: LinkParameters, *path: str) -> LinkMeaning:
    """What the parameters of a link ask for.

    Args:
        given: The parameters.
        path: The input field that holds them.

    Raises:
        Refusals: Which of them are wrong.
    """
    findings = Findings()
    for name, expected in (("an", APPLICATION), ("dg", DOMAIN), ("ec", RIGHT)):
        if getattr(given, name) != expected:
            findings.add(SelfRegistrationLinkInvalid(*path, name))
    roles = None if given.ctx is None else _roles(given.ctx)
    if roles == []:
        findings.add(SelfRegistrationLinkInvalid(*path, "ctx"))
    number = _number(findings, given.oc, *path)
    findings.raise_if_any()
    return LinkMeaning(number, roles)


def _roles(ctx: str) -> list[Role]:
    """The roles that a text names; none when it is no such text."""
    if _BOTH.fullmatch(ctx):
        return list(NAMES)
    return [role for role, name in NAMES.items() if name == ctx]


def _number(findings: Findings, given: str, *path: str) -> str:
    try:
        return enterprise_number.normalised(given)
    except EnterpriseNumberError:
        findings.add(EnterpriseNumberInvalid(*path, "oc"))
        return ""
