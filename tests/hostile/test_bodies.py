"""Request bodies, URLs and headers that are malformed or unusual never cause an internal error."""

import json

import pytest

from tests.hostile.responses import payloads_of
from tests.hostile.target import JSON, Target

NODE_QUERY = '{"query": "query($id: ID!) { node(id: $id) { id } }", "variables": %s}'
BODIES = {
    "no UTF-8": b'{"query": "{ viewer { user { fullName } } } #\xff\xfe\x80"}',
    "no UTF-8 in a variable": (NODE_QUERY % '{"id": "?"}').encode().replace(b"?", b"\xc3\x28"),
    "UTF-16": '{"query": "{ __typename }"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"query": "{ __typename }"}',
    "NaN": (NODE_QUERY % '{"id": NaN}').encode(),
    "endless": (NODE_QUERY % '{"id": -Infinity}').encode(),
    "a huge exponent": (NODE_QUERY % '{"id": 1e999999999}').encode(),
    "very many digits": (NODE_QUERY % f'{{"id": {"9" * 5_000}}}').encode(),
    "lists in lists": (NODE_QUERY % ("[" * 100_000)).encode(),
    "closed lists in lists": (NODE_QUERY % f'{{"id": {"[" * 900}{"]" * 900}}}').encode(),
    "objects in objects": (NODE_QUERY % ('{"a":' * 900 + "1" + "}" * 900)).encode(),
    "a name twice": b'{"query": "{ __typename }", "query": 1}',
    "half of a surrogate pair": b'{"query": "{ viewer { user { fullName } } } # \\ud800"}',
    "half of a pair in a name": b'{"query": "{ \\udfff }"}',
    "half of a pair as a variable": (NODE_QUERY % '{"id": "\\ud800"}').encode(),
    "half of a pair as an operation's name": b'{"query": "query A { __typename }", "operationName": "\\ud800"}',
    "half of a pair in a text": b'{"query": "{ node(id: \\"\\ud800\\") { id } }"}',
    "an escaped half of a pair": json.dumps({"query": '{ node(id: "\\ud800") { id } }'}).encode(),
    "NUL": b'{"query": "{ viewer { user { fullName } } } \\u0000"}',
    "NUL in a text": json.dumps({"query": '{ node(id: "a\\u0000b") { id } }'}).encode(),
    "an endless text": b'{"query": "{ node(id: \\"\\"\\"aaaa',
    "no operation": b'{"query": "fragment A on Query { __typename }"}',
    "a circle": b'{"query": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"}',
    "a list": b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]',
    "an endless list": b"[" + b'{"query":"{__typename}"},' * 20_000 + b"{}]",
    "variables of another kind": (NODE_QUERY % "[1]").encode(),
    "extensions of another kind": b'{"query": "{ __typename }", "extensions": [1]}',
    "a digest of another kind": b'{"extensions": {"persistedQuery": {"version": 1e9, "sha256Hash": ["a"]}}}',
    "nothing": b"",
    "NULs": b"\0" * 1_000,
}


@pytest.mark.parametrize("who", ["nobody", "legal"])
async def test_no_body_causes_an_internal_error(target: Target, who: str):
    for name, body in BODIES.items():
        headers = JSON | await target.headers(who)
        payloads_of(await target.client.post("/graphql", content=body, headers=headers), (name, who))


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "{ __typename }\0"},
        {"query": '{ node(id: "\ufffd") { id } }', "variables": "[" * 10_000},
        {"query": "query($id: ID!) { node(id: $id) { id } }", "variables": '{"id": "\\ud800"}'},
        {"query": "{ __typename }", "extensions": "1"},
        {"documentId": "\u202e" * 500},
        {"documentId": "sha256:" + "0" * 64},
    ],
)  # fmt: skip
async def test_no_url_causes_an_internal_error(target: Target, parameters: dict[str, str]):
    response = await target.client.get("/graphql", params=parameters, headers={"accept": "application/json"})

    payloads_of(response, parameters)


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "q=" * 5_000},
        {"accept-language": "nl;q=nan, fr;q=-1, en;q=1e999, *"},
        {"accept": ", ;;;=,," * 1_000},
        {"cookie": "session=" + "%00" * 1_000},
        {"cookie": "session=\u00e9; session=; =;;;"},
        {"x-request-id": "a" * 10_000},
        {"origin": "null"},
        {"traceparent": "00-zz-zz-zz"},
        {"range": "bytes=9-1,-,5"},
    ],
)
async def test_no_header_causes_an_internal_error(target: Target, headers: dict[str, str]):
    encoded = {name.encode(): value.encode("latin-1") for name, value in (JSON | headers).items()}
    response = await target.client.post("/graphql", content=b'{"query": "{ viewer { user { id } } }"}', headers=encoded)

    payloads_of(response, headers)
