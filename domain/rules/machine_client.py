"""Machine clients of contracting authorities, added and ended by an operator (domain section 5)."""

from domain.actor import Actor
from domain.actor_transaction import ActorTransaction, actor_transaction
from domain.models import AuditAction, MachineClient, Organisation, OrganisationKind
from domain.refusals import Findings, MachineClientTaken, MachineClientUnknown, NoContractingAuthority
from domain.rules.operators import require_operator
from domain.rules.organisation_registration import upsert_organisation
from domain.rules.register_lookup import registered_enterprise
from domain.rules.saving import save
from domain.text_fields import required_reason, required_text


async def machine_clients() -> list[MachineClient]:
    """All machine clients with their authorities, including ended ones, oldest first."""
    return await MachineClient.all().prefetch_related("organisation").order_by("id")


async def add_machine_client(*, actor: Actor, enterprise_number: str, client_id: str, name: str) -> MachineClient:
    """Gives a contracting authority's system access; the authority is registered first if it is unknown.

    A repeat changes nothing; a client that had ended is reopened.

    Args:
        actor: The operator.
        enterprise_number: The authority's enterprise number, in any usual notation.
        client_id: The system's exact id in the identity provider's tokens.
        name: The system's name in the audit log.

    Raises:
        Forbidden: The actor is somebody else.
        Refusals: The client's id or name is missing, too long or not plain.
        EnterpriseNumberInvalid: It is no enterprise number.
        EnterpriseUnknown: The register knows none.
        EnterpriseRegisterUnavailable: It doesn't answer.
        NoContractingAuthority: The organisation is no contracting authority.
        MachineClientTaken: The client belongs to another authority, or has another name.
    """
    require_operator(actor)
    findings = Findings()
    client_id = required_text(findings, client_id, "clientId")
    name = required_text(findings, name, "name")
    findings.raise_if_any()
    enterprise = await registered_enterprise(enterprise_number, "enterpriseNumber")
    async with actor_transaction(actor) as act:
        authority = (await upsert_organisation(act, enterprise)).organisation
        if authority.kind != OrganisationKind.CONTRACTING_AUTHORITY:
            raise NoContractingAuthority("enterpriseNumber", name=authority.name)
        return await _insert_or_reopen(act, authority, client_id, name)


async def _insert_or_reopen(act: ActorTransaction, authority: Organisation, client_id: str, name: str) -> MachineClient:
    await act.database.execute_query(
        "insert into machine_client (client_id, name, organisation_id, ended_at) values ($1, $2, $3, now())"
        " on conflict (client_id) do nothing",
        [client_id, name, authority.id],
    )
    client = await _lock_client(act, client_id)
    if (client.organisation_id, client.name) != (authority.id, name):
        raise MachineClientTaken("clientId", client_id=client_id)
    if client.ended_at is not None:
        await save(act, client, ended_at=None)
        await act.record(
            AuditAction.MACHINE_CLIENT_ADDED, client, authority.id, after={"clientId": client_id, "name": name}
        )
    return client


async def end_machine_client(*, actor: Actor, client_id: str, reason: str) -> MachineClient:
    """Ends a machine client: its next request is refused.

    Args:
        actor: The operator.
        client_id: The system's id in the identity provider's tokens.
        reason: Why, for the audit log.

    Raises:
        Forbidden: The actor is somebody else.
        Refusals: The reason is missing or invalid.
        MachineClientUnknown: There is no such client, or it has ended.
    """
    require_operator(actor)
    text = required_reason(reason)
    async with actor_transaction(actor) as act:
        client = await _lock_client(act, client_id)
        if client.ended_at is not None:
            raise MachineClientUnknown("clientId", client_id=client_id)
        await save(act, client, ended_at=await act.now())
        before = {"clientId": client_id, "name": client.name}
        await act.record(AuditAction.MACHINE_CLIENT_ENDED, client, client.organisation_id, before=before, reason=text)
        return client


async def _lock_client(act: ActorTransaction, client_id: str) -> MachineClient:
    locked = MachineClient.filter(client_id=client_id).using_db(act.database).select_for_update(no_key=True)
    client = await locked.first()
    if client is None:
        raise MachineClientUnknown("clientId", client_id=client_id)
    return client
