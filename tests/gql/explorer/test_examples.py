"""The examples that GraphiQL offers; that they work for everybody is tried end to end."""

import re

from gql.contract import SCREENS
from gql.explorer.examples import EXTRA_SCREENS, TABS, examples
from gql.explorer.values import samples_for, values_for
from tests import rows
from tests.gql.execution import person, read
from tests.gql.sized import Sized


def test_the_tabs_are_examples():
    assert set(TABS) <= {example.name for example in examples()}


def test_an_example_is_named_once_and_stands_on_its_own():
    names = [example.name for example in examples()]
    assert len(names) == len(set(names))
    for example in examples():
        spread = set(re.findall(r"\.\.\.(\w+)", example.document))
        assert spread == set(re.findall(r"fragment (\w+) on", example.document))


def test_an_example_begins_with_what_it_does_and_its_fragments_follow():
    for example in examples():
        assert re.match(rf"(query|mutation|subscription) {example.name}\b", example.document), example.name


def test_examples_come_in_the_order_of_the_screens_and_with_all_of_a_screens_first_operations():
    screens = [example.screen for example in examples()]
    assert screens == sorted(screens)
    files = {path.stem.replace("_", " ") for folder in (SCREENS, EXTRA_SCREENS) for path in folder.glob("*.graphql")}
    assert set(screens) <= files
    assert {"00 start screen any role", "01 start screen", "02 contract list", "04 contract groups"} <= set(screens)


async def test_every_required_variable_has_a_value(sized: list[Sized]):
    known = await samples_for(sized[1].viewer)
    for example in examples():
        required = set(re.findall(r"\$(\w+): \w+!(?! =)", example.document))
        assert required <= values_for(example.name, example.variables, known).keys(), example.name


async def test_examples_are_filled_in_with_what_the_reader_sees(sized: list[Sized]):
    of = sized[1]
    example = next(each for each in examples() if each.name == "ContractGroups")
    values = values_for(example.name, example.variables, await samples_for(of.viewer))

    data = await read(of.viewer, example.document, **values)

    assert data["node"]["title"] == "Brugherstel"


async def test_a_reader_who_sees_nothing_gets_examples_all_the_same(sized: list[Sized]):
    del sized
    newcomer = person(await rows.a_user())
    known = await samples_for(newcomer)
    for example in examples():
        if example.document.startswith("query"):
            values = values_for(example.name, example.variables, known)
            assert all(value is not None for value in values.values())
