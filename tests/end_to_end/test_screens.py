"""Every operation of every screen that the API offers as an example, for everybody, with the values that it offers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import parse
from graphql.language import NonNullTypeNode, OperationDefinitionNode, OperationType

from tests.end_to_end.conftest import SignIn
from tests.end_to_end.people import PERSONAS, Json, Visitor

# Who come at the same time.
AT_ONCE = 4
BUSIEST = ("admin", "legal", "sender", "drafter")


@pytest.fixture
def everybody(sign_in: SignIn, machine: Visitor) -> dict[str, Visitor]:
    """All who can come to the demo; those for whom most examples are meant come first."""
    return {"machine": machine} | {persona: sign_in(persona) for persona in dict.fromkeys((*BUSIEST, *PERSONAS))}


def operation(example: Json) -> OperationDefinitionNode:
    """What the example's document begins with."""
    found = parse(example["document"]).definitions[0]
    assert isinstance(found, OperationDefinitionNode)
    return found


def missing_values(example: Json) -> set[str]:
    """The variables that must have a value and have none."""
    required = {
        definition.variable.name.value
        for definition in operation(example).variable_definitions or ()
        if isinstance(definition.type, NonNullTypeNode) and definition.default_value is None
    }
    return required - set(example["variables"])


def of_kind(visitor: Visitor, kind: OperationType) -> Iterator[Json]:
    """The examples that ask, or those that act; each must be complete."""
    for example in visitor.examples().values():
        if operation(example).operation is kind:
            assert missing_values(example) == set(), example["name"]
            yield example


def answered(visitor: Visitor, example: Json) -> Json:
    """The data that an example gives, which must not fail."""
    answer = visitor.post(example["document"], example["variables"])
    assert "errors" not in answer, (example["name"], answer["errors"])
    data: Json = answer["data"]
    return data


def test_every_screen_answers_everybody_and_shows_something_to_somebody(everybody: dict[str, Visitor]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [pair for pairs in pool.map(read_all_screens, everybody.values()) for pair in pairs]

    shown = {name for name, data in answers if None not in data.values()}
    assert {name for name, _data in answers} - shown == set()


def read_all_screens(visitor: Visitor) -> list[tuple[str, Json]]:
    """The data that each example gives."""
    return [(example["name"], answered(visitor, example)) for example in of_kind(visitor, OperationType.QUERY)]


@pytest.mark.usefixtures("last_test_of_demo")
def test_every_action_works_for_somebody_and_is_answered_to_everybody(
    everybody: dict[str, Visitor], sign_in: SignIn
) -> None:
    # Whoever has two sessions can end one and go on.
    sign_in("admin")
    names = [example["name"] for example in of_kind(everybody["admin"], OperationType.MUTATION)]
    useless = [name for name in names if not works_for_somebody(everybody, name)]
    assert useless == []
    # Some have lost their last right by now, and with it their session; more will, once all of them act.
    again = [visitor if key == "machine" else sign_in(key) for key, visitor in everybody.items()]
    asked = [(visitor, list(of_kind(visitor, OperationType.MUTATION))) for visitor in again]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(try_all_actions, asked))


def try_all_actions(asked: tuple[Visitor, list[Json]]) -> bool:
    """Does each example, whatever is answered."""
    visitor, examples = asked
    return [refusals(visitor, example) for example in examples] != []


def works_for_somebody(everybody: dict[str, Visitor], name: str) -> bool:
    """Is there somebody for whom the example does as it stands what it is for?"""
    return any(refusals(visitor, visitor.examples()[name]) == set() for visitor in everybody.values())


def refusals(visitor: Visitor, example: Json) -> set[str]:
    """Why an example was not carried out, by name; a failure of ours is none of them."""
    answer = visitor.post(example["document"], example["variables"])
    if [error["extensions"]["code"] for error in answer.get("errors", ())] == ["UNAUTHENTICATED"]:
        return {"UNAUTHENTICATED"}
    assert "errors" not in answer, (example["name"], answer["errors"])
    [payload] = answer["data"].values()
    names = {error["refusal"] for error in payload["errors"]}
    assert "UNEXPECTED" not in names, (example["name"], payload)
    return names
