"""Contracts and groups of the organisation of the demo's people, found by its administrator."""

from tests.end_to_end.people import Json, Visitor

SENDERS = "Facturatie verzenden"
READERS = "Facturatie lezen"
NORTH = "Projectteam Noord"

OVERVIEW = """{ viewer { organisations { organisation {
  contracts(first: 100) { edges { node { id number title email endedAt version groupLinks { group { name } } } } }
  groups(first: 100) { edges { node { id name email } } }
} } } }"""


def contract_with(admin: Visitor, *group_names: str, email: bool = False) -> Json:
    """A running contract to which exactly these groups are linked, with or without an e-mail address."""
    for contract in _overview(admin, "contracts"):
        linked = {link["group"]["name"] for link in contract["groupLinks"]}
        if linked == set(group_names) and bool(contract["email"]) == email and not contract["endedAt"]:
            return contract
    raise LookupError(group_names)


def group_ids(admin: Visitor, *names: str) -> list[str]:
    """The ids of the groups with these names."""
    ids = {group["name"]: group["id"] for group in _overview(admin, "groups")}
    return [ids[name] for name in names]


def set_groups(admin: Visitor, contract: Json, *group_names: str) -> None:
    """Links exactly these groups to the contract."""
    ids = group_ids(admin, *group_names)
    payload = admin.act("SetContractGroups", contractId=contract["id"], version=contract["version"], groupIds=ids)
    assert payload["errors"] == []


def _overview(admin: Visitor, connection: str) -> list[Json]:
    [standing] = admin.ask(OVERVIEW)["viewer"]["organisations"]
    return [edge["node"] for edge in standing["organisation"][connection]["edges"]]
