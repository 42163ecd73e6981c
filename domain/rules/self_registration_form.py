"""The form of a self-registration link (manual 2.1.5.1), and the organisations for which links work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient

from domain.database.connection import database
from domain.mandates import HAS_MAIN_ACCESS_MANAGER
from domain.models import Organisation, Role
from domain.predicate import Predicate
from domain.refusals import SelfRegistrationClosed
from domain.self_registration_link import NAMES, LinkParameters, parse_link
from domain.standing import Standing
from domain.where import Where

SELF_REGISTRATION_ENABLED: Final = Predicate(HAS_MAIN_ACCESS_MANAGER)
"""Does self-registration work for this organisation?"""


@dataclass(frozen=True)
class SelfRegistrationForm:
    """The form of a link.

    Attributes:
        organisation_name: Naam.
        roles: The roles that the link requests, or offers for choice.
        must_choose: Whether exactly one of them must be chosen.
    """

    organisation_name: str
    roles: Sequence[Role]
    must_choose: bool


async def self_registration_form(link: LinkParameters) -> SelfRegistrationForm:
    """The form of a link.

    Raises:
        Refusals: The link is invalid.
        SelfRegistrationClosed: The organisation has no main access manager, or is unknown here.
    """
    request = parse_link(link, "link")
    organisation = await find_open_organisation(database(), request.enterprise_number)
    return SelfRegistrationForm(organisation.name, request.roles or list(NAMES), request.roles is None)


async def find_open_organisation(connection: BaseDBAsyncClient, number: str) -> Organisation:
    """The organisation with a number, if self-registration works for it.

    Raises:
        SelfRegistrationClosed: The organisation has no main access manager, or is unknown here.
    """
    # The same refusal in both cases: whether an organisation is known here must not be disclosed.
    enabled = Organisation.filter(Where(SELF_REGISTRATION_ENABLED, Standing()), enterprise_number=number)
    organisation = await enabled.using_db(connection).first()
    if organisation is None:
        raise SelfRegistrationClosed("link", "oc")
    return organisation
