"""The examples that GraphiQL offers; the end-to-end tests execute them as each person of the demo."""

import re

from gql.contract import SCREENS
from gql.explorer.examples import EXTRA_SCREENS, TABS, examples
from gql.explorer.values import samples_for, values_for
from tests import rows
from tests.gql.execution import person, read
from tests.gql.sized_organisations import SizedOrganisation


def test_the_tabs_are_examples():
    assert set(TABS) <= {example.name for example in examples()}


def test_the_names_of_examples_are_unique():
    names = [example.name for example in examples()]
    assert len(names) == len(set(names))


def test_an_example_has_the_fragments_that_it_spreads_and_no_others():
    for example in examples():
        spread = set(re.findall(r"\.\.\.(\w+)", example.document))
        assert spread == set(re.findall(r"fragment (\w+) on", example.document))


def test_an_example_starts_with_its_operation():
    for example in examples():
        assert re.match(rf"(query|mutation|subscription) {example.name}\b", example.document), example.name


def test_examples_are_in_the_order_of_the_screens():
    screens = [example.screen for example in examples()]
    assert screens == sorted(screens)


def test_every_example_belongs_to_the_file_of_a_screen():
    screens = {example.screen for example in examples()}
    files = {path.stem.replace("_", " ") for folder in (SCREENS, EXTRA_SCREENS) for path in folder.glob("*.graphql")}
    assert screens <= files
    assert {"00 start screen any role", "01 start screen", "02 contract list", "04 contract groups"} <= screens


async def test_every_required_variable_has_a_value(sized_organisations: list[SizedOrganisation]):
    samples = await samples_for(sized_organisations[1].viewer)
    for example in examples():
        required = set(re.findall(r"\$(\w+): \w+!(?! =)", example.document))
        assert required <= values_for(example.name, example.variables, samples).keys(), example.name


async def test_the_variables_of_an_example_are_ids_that_the_viewer_sees(sized_organisations: list[SizedOrganisation]):
    organisation = sized_organisations[1]
    example = next(candidate for candidate in examples() if candidate.name == "ContractGroups")
    variables = values_for(example.name, example.variables, await samples_for(organisation.viewer))

    data = await read(organisation.viewer, example.document, **variables)

    assert data["node"]["title"] == "Brugherstel"


async def test_the_variables_of_queries_are_filled_in_for_a_viewer_who_sees_nothing(
    sized_organisations: list[SizedOrganisation],
):
    del sized_organisations
    newcomer = person(await rows.a_user())
    samples = await samples_for(newcomer)
    for example in examples():
        if example.document.startswith("query"):
            variables = values_for(example.name, example.variables, samples)
            assert None not in variables.values(), example.name
