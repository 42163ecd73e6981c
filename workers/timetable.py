"""When what is done that nobody asks for: every worker's chores."""

from typing import Final

from domain.rules.action_release import release_actions_lost_by_time
from domain.rules.address_erasure import erase_addresses
from domain.rules.second_routing import route_undelivered
from workers.chores import Chore
from workers.render import message_domain

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE

CHORES: Final = (
    Chore("release_actions_lost_by_time", MINUTE, lambda _settings: release_actions_lost_by_time()),
    Chore("route_undelivered", 2.0, lambda settings: route_undelivered(message_domain(settings))),
    Chore("erase_addresses", HOUR, lambda settings: erase_addresses(settings.mail_address_days)),
)
