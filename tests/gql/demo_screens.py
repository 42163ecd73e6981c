"""The examples of the screens, executed by the people of the demo on the demo's data."""

from typing import Any

from domain.actor import Actor
from gql.explorer.examples import Example, examples
from gql.explorer.values import samples_for, values_for
from tests.gql.execution import execute_operation
from tests.local.demo_data.persona import persona_user

ACCESS_MANAGERS = ("legal", "main-manager", "manager")
OTHER_PEOPLE = ("admin", "sender", "drafter", "reader", "specific", "colleague", "outsider")


async def actor_of(key: str) -> Actor:
    """A persona of the demo as actor."""
    user = await persona_user(key)
    assert user is not None
    return Actor(user_id=user.id)


def examples_of_screens(*numbers: str) -> list[Example]:
    """The queries and mutations of these screens; subscriptions have tests of their own."""
    of_screens = [example for example in examples() if example.screen.startswith(numbers)]
    return [example for example in of_screens if not example.document.startswith("subscription")]


async def execute_example(example: Example, actor: Actor) -> tuple[dict[str, Any], list[str]]:
    """The data of an example with its own values, and the codes of the errors of its payloads."""
    variables = values_for(example.name, example.variables, await samples_for(actor))
    result = await execute_operation(actor, example.document, **variables)
    assert result.errors == [], example.name
    payloads = [value for value in result.data.values() if isinstance(value, dict) and "errors" in value]
    return result.data, [error["code"] for payload in payloads for error in payload["errors"]]
