"""When what is done that nobody asks for: every worker's chores."""

from typing import Final

from domain.rules.action_release import release_actions_lost_by_time
from workers.chores import Chore

MINUTE: Final = 60.0

CHORES: Final = (Chore("release_actions_lost_by_time", MINUTE, lambda _settings: release_actions_lost_by_time()),)
