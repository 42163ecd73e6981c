"""What a rule asks of the column that ties a row to its owner."""

from gql.reading.owned import of_owner

RULE = "{row}.group_id = :group or {row}.group_id_before = 1 or exists (select from g where g.id = {row}.group_id)"
OF_OWNER = "{owner}.id = :group or {row}.group_id_before = 1 or exists (select from g where g.id = {owner}.id)"


def test_it_is_asked_of_the_owner():
    assert of_owner(RULE, "{row}.group_id = {owner}.id") == OF_OWNER


def test_what_else_must_hold_of_the_row_changes_nothing():
    assert of_owner(RULE, "{row}.group_id = {owner}.id and {owner}.kind <> 'A'") == OF_OWNER


def test_a_row_that_may_be_tied_otherwise_is_asked_itself():
    assert of_owner(RULE, "{row}.group_id = {owner}.id and {row}.open or {row}.id = {owner}.row_id") == RULE
    assert of_owner(RULE, "exists (select from l where l.group_id = {row}.group_id and l.id = {owner}.id)") == RULE
