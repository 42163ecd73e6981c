"""Each event is charged to the viewer's budget, like every response."""

import pytest

from gql.limits.allowance import PERSON
from gql.reading.ids import global_id
from gql.shared_state import SharedState
from tests import rows
from tests.domain.rules.office import Office
from tests.gql.live.live_api import ACTION, live_api, subscription_count
from tests.gql.shared_state import shared_state
from tests.workers.events import eventually

__all__ = ["shared_state"]
pytestmark = pytest.mark.usefixtures("database")


async def test_a_subscription_ends_when_the_budget_is_spent(office: Office, shared_state: SharedState):
    viewer, allowed = f"person:{office.sender.user_id}", PERSON.objects_per_minute
    await shared_state.budget.spend(viewer, allowed - 3, allowed)
    async with live_api(shared_state) as api, api.subscriber(office.sender.user_id or 0) as subscriber:
        # One object for the subscription, and one for each event.
        await subscriber.subscribe(ACTION, id=global_id("Contract", office.contract.id))
        for _ in range(2):
            action = await rows.an_action(office.contract)
            assert (await subscriber.next_value())["id"] == global_id("Action", action.id)

        await rows.an_action(office.contract)
        refusal, end = await subscriber.receive(), await subscriber.receive()

        assert (refusal["type"], end) == ("next", {"id": "1", "type": "complete"})
        [error] = refusal["payload"]["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 1 <= error["extensions"]["retryAfter"] <= 60
        await eventually(lambda: subscription_count() == 0)
