"""The chores of every worker, and how often each is run."""

from typing import Final

from domain.mail_domain import message_domain
from domain.rules.action_release import release_actions_lost_by_time
from domain.rules.address_erasure import erase_addresses
from domain.rules.expiry_letters import write_expiry_digests, write_expiry_warnings
from domain.rules.object_sweep import drop_unnamed_objects
from domain.rules.overdue_uploads import give_up_deliveries, give_up_uploads
from domain.rules.second_routing import route_undelivered
from workers.chores import Chore

MINUTE: Final = 60.0
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

CHORES: Final = (
    Chore("release_actions_lost_by_time", MINUTE, lambda _settings: release_actions_lost_by_time()),
    Chore("route_undelivered", 2.0, lambda settings: route_undelivered(message_domain(settings))),
    Chore("erase_addresses", HOUR, lambda settings: erase_addresses(settings.mail_address_days)),
    Chore("give_up_deliveries", 5 * MINUTE, lambda _settings: give_up_deliveries()),
    Chore("give_up_uploads", 5 * MINUTE, lambda _settings: give_up_uploads()),
    Chore("drop_unnamed_objects", DAY, lambda _settings: drop_unnamed_objects()),
    Chore("write_expiry_warnings", MINUTE, lambda _settings: write_expiry_warnings()),
    Chore("write_expiry_digests", MINUTE, lambda _settings: write_expiry_digests()),
)
