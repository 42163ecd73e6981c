"""`econtracting documents register`, `list` and `forget`."""

import json
from pathlib import Path

import pytest

from domain.models import AuditEntry, TrustedDocument
from gql.documents.digest import digest_of
from tests.commands.running import econtracting
from tests.table_contents import assert_tables_unchanged

pytestmark = pytest.mark.usefixtures("database")
TEXT = "query Start { viewer { user { id } } }"
OTHER = "query Themes { themes { code } }"


async def test_a_file_is_registered_once_listed_and_forgotten(tmp_path: Path):
    file = tmp_path / "start.graphql"
    file.write_text(TEXT)

    first, again = [await econtracting("documents", "register", str(file)) for _ in range(2)]
    listed = await econtracting("documents", "list")
    forgotten = await econtracting("documents", "forget", digest_of(TEXT))

    assert (first.stdout, again.stdout) == (
        f"{digest_of(TEXT)} registered\n",
        f"{digest_of(TEXT)} was registered already\n",
    )
    assert listed.stdout.startswith(digest_of(TEXT))
    assert listed.stdout.endswith(" query Start { viewer { user { id } } }\n")
    assert forgotten.stdout == "Forgot 1.\n"
    assert await TrustedDocument.all().count() == 0
    entries = await AuditEntry.all().order_by("id")
    assert [entry.action for entry in entries] == ["DOCUMENT_REGISTERED", "DOCUMENT_FORGOTTEN"]


@pytest.mark.parametrize(
    "manifest",
    [
        {digest_of(TEXT): TEXT, digest_of(OTHER): OTHER},
        {"version": 1, "operations": [{"id": digest_of(text), "name": "x", "body": text} for text in (TEXT, OTHER)]},
    ],
)
async def test_manifests_of_the_usual_tools_are_read(manifest: object, tmp_path: Path):
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest))

    result = await econtracting("documents", "register", str(file))

    assert result.stdout == f"{digest_of(TEXT)} registered\n{digest_of(OTHER)} registered\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.graphql", "{ nothing }", f"{digest_of('{ nothing }')}: Cannot query field 'nothing' on type 'Query'."),
        ("a.graphql", "{", f"{digest_of('{')}: Syntax Error: Expected Name, found <EOF>."),
        ("a.json", "{", "a.json is neither a .graphql file nor JSON in UTF-8."),
        ("a.json", "[]", "A manifest holds texts by their digests, or operations that each have an id and a body."),
        ("a.json", '{"a": "{ themes { code } }"}', "a is not the SHA-256 of its document; that would be "),
    ],
)
async def test_a_file_with_an_invalid_document_is_refused_as_a_whole(
    name: str, content: str, message: str, tmp_path: Path
):
    file = tmp_path / name
    file.write_text(content)

    async with assert_tables_unchanged():
        result = await econtracting("documents", "register", str(file))

    assert result.status == 1
    assert result.stderr.startswith(f"Nothing was registered. {message}")


async def test_an_unregistered_document_can_not_be_forgotten():
    async with assert_tables_unchanged():
        result = await econtracting("documents", "forget", digest_of(TEXT))

    assert (result.status, result.stderr) == (
        1,
        f"digest: No document with the digest {digest_of(TEXT)} is registered.\n",
    )
