"""What is kept of what came lately."""

from gql.reading.latest import Latest


def test_what_was_asked_for_longest_ago_goes_first():
    kept: Latest[str, int] = Latest(2)
    kept.keep("an", 1)
    kept.keep("bram", 2)

    asked = kept.get("an")
    given = kept.keep("chantal", 3)

    assert (asked, given) == (1, 3)
    assert [name for name in ("an", "bram", "chantal") if name in kept] == ["an", "chantal"]
    assert kept.get("bram") is None
