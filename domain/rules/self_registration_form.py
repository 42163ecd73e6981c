"""The page behind a self-registration link (manual 2.1.5.1), and the organisations for which links work."""

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
    """What the page behind a link shows.

    Attributes:
        organisation_name: Naam.
        roles: The roles that are asked for, or can be chosen from.
        must_choose: Whether exactly one is to be chosen.
    """

    organisation_name: str
    roles: Sequence[Role]
    must_choose: bool


async def self_registration_form(link: LinkParameters) -> SelfRegistrationForm:
    """What the page behind a link shows.

    Raises:
        Refusals: What is wrong with the link.
        SelfRegistrationClosed: No main access manager of that organisation is known here.
    """
    meant = parse_link(link, "link")
    organisation = await find_open_organisation(database(), meant.enterprise_number)
    return SelfRegistrationForm(organisation.name, meant.roles or list(NAMES), meant.roles is None)


async def find_open_organisation(connection: BaseDBAsyncClient, number: str) -> Organisation:
    """The organisation with a number, if self-registration works for it.

    Raises:
        SelfRegistrationClosed: No main access manager of that organisation is known here.
    """
    # The same answer for an organisation that isn't known here: whether it is, is not for anyone to know.
    found = Organisation.filter(Where(SELF_REGISTRATION_ENABLED, Standing()), enterprise_number=number)
    organisation = await found.using_db(connection).first()
    if organisation is None:
        raise SelfRegistrationClosed("link", "oc")
    return organisation
