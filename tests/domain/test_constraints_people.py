"""Constraints on organisations, people, their sessions, mandates and self-registrations."""

import pytest

from domain.models import AccessMandateKind, PersonalKey, Role, TaskStatus
from tests import rows
from tests.domain.constraints import check_refusals, refused_by

# As the owner of the tables: the constraints apply to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_organisations(subtests: pytest.Subtests):
    organisation = await rows.an_organisation(enterprise_number="0123456749", email="info@aannemer.example")
    await check_refusals(
        subtests,
        organisation,
        [
            ("organisation_name_filled", "name = ' '", "name = 'A'"),
            ("organisation_kind_known", "kind = 'COMPANY'", "kind = 'CONSORTIUM'"),
            ("organisation_email_filled", "email = ''", "email = null"),
            (
                "organisation_enterprise_number_form",
                "enterprise_number = '2123456749'",
                "enterprise_number = '1000000033'",
            ),
            (
                "organisation_enterprise_number_form",
                "enterprise_number = '123456749'",
                "enterprise_number = '0123456749'",
            ),
            ("organisation_enterprise_number_form", "enterprise_number = '0123.45674'", "version = 2"),
            ("organisation_version_positive", "version = 0", "version = 1"),
        ],
    )
    async with refused_by("organisation_enterprise_number_key"):
        await rows.an_organisation(enterprise_number="0123456749")


async def test_people(subtests: pytest.Subtests):
    user = await rows.a_user(national_number="85073003328", subject="somebody")
    await check_refusals(
        subtests,
        user,
        [
            ("person_given_name_filled", "given_name = ''", "given_name = 'Jo'"),
            ("person_family_name_filled", "family_name = E'\\t'", "family_name = 'Ö'"),
            ("person_language_known", "language = 'XX'", "language = null"),
        ],
    )
    async with refused_by("person_national_number"):
        await rows.a_user(national_number="85073003328")
    async with refused_by("person_subject_key"):
        await rows.a_user(subject="somebody")
    await rows.a_user(subject=None)
    await rows.a_user(subject=None)


async def test_an_erased_person_has_no_personal_data(subtests: pytest.Subtests):
    erased = {"national_number_sealed": None, "national_number_index": None, "language": None}
    cases = [
        ("language = 'NL'", "given_name = 'Gewiste'"),
        ("birth_date = '1985-07-30'", "birth_date = null"),
        ("subject = 'somebody'", "subject = null"),
        ("national_number_sealed = 'x'", "national_number_sealed = null"),
        ("national_number_next_index = 'x'", "national_number_next_index = null"),
    ]
    await check_refusals(subtests, await rows.a_user(**erased), [("person_erased_whole", *case) for case in cases])
    half_erased = ("national_number_sealed = null", "national_number_sealed = 'x'")
    await check_refusals(subtests, await rows.a_user(), [("person_erased_whole", *half_erased)])
    await rows.a_user(**erased)


async def test_introductions(subtests: pytest.Subtests):
    case = ("introduction_language_known", "language = 'XX'", "language = 'DE'")
    await check_refusals(subtests, await rows.an_introduction(), [case])


async def test_the_next_index_of_a_national_number_is_unique():
    await rows.a_user(national_number_next_index=b"next")
    async with refused_by("person_national_number_next"):
        await rows.a_user(national_number_next_index=b"next")


async def test_a_person_has_one_key():
    user = await rows.a_user()
    await PersonalKey.create(user=user, sealed_key=b"key")
    async with refused_by("personal_key_person"):
        await PersonalKey.create(user=user, sealed_key=b"another")


async def test_sessions(subtests: pytest.Subtests):
    session = await rows.a_session(token_digest=b"digest")
    await check_refusals(
        subtests,
        session,
        [("session_in_order", "expires_at = started_at - interval '1 second'", "expires_at = started_at")],
    )
    async with refused_by("session_token"):
        await rows.a_session(token_digest=b"digest")


async def test_machine_clients():
    await rows.a_machine_client(client_id="authority")
    async with refused_by("machine_client_client_id_key"):
        await rows.a_machine_client(client_id="authority")


async def test_mandates(subtests: pytest.Subtests):
    mandate = await rows.a_mandate(email="jan@aannemer.example")
    await check_refusals(
        subtests,
        mandate,
        [
            ("access_mandate_kind_known", "kind = 'OWNER'", "kind = 'ACCESS_MANAGER'"),
            ("access_mandate_email_filled", "email = ''", "email = null"),
            ("access_mandate_ended_why", "ended_at = since", "ended_at = since, end_reason = 'Weg'"),
            ("access_mandate_ended_why", "end_reason = 'Weg'", "end_reason = null"),
            ("access_mandate_end_reason_filled", "ended_at = since, end_reason = ''", "email = null"),
            (
                "access_mandate_in_order",
                "ended_at = since - interval '1 s', end_reason = 'Weg'",
                "ended_at = since + interval '1 s', end_reason = 'Weg'",
            ),
        ],
    )


async def test_an_organisation_has_one_main_access_manager():
    organisation = await rows.an_organisation()
    main = AccessMandateKind.MAIN_ACCESS_MANAGER
    await rows.a_mandate(main, organisation=organisation, ended_at=await rows.now())
    await rows.a_mandate(main, organisation=organisation)
    async with refused_by("access_mandate_main"):
        await rows.a_mandate(main, organisation=organisation)
    await rows.a_mandate(main)
    for _ in range(2):
        await rows.a_mandate(AccessMandateKind.ACCESS_MANAGER, organisation=organisation)
        await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, organisation=organisation)


async def test_a_person_has_an_open_mandate_of_a_kind_once():
    user, organisation = await rows.a_user(), await rows.an_organisation()
    kind = AccessMandateKind.ACCESS_MANAGER
    await rows.a_mandate(kind, user, organisation, ended_at=await rows.now())
    await rows.a_mandate(kind, user, organisation)
    async with refused_by("access_mandate_open"):
        await rows.a_mandate(kind, user, organisation)
    await rows.a_mandate(kind, user)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, user, organisation)


async def test_self_registrations(subtests: pytest.Subtests):
    decided = "decided_at = created_at"
    await check_refusals(
        subtests,
        await rows.a_self_registration(email="jan@aannemer.example"),
        [
            ("self_registration_asks_a_role", "asks_user = false", "asks_user = false, asks_administrator = true"),
            ("self_registration_email_filled", "email = ' '", "email = null"),
            ("self_registration_status_known", f"status = 'LOST', {decided}, decision_reason = 'x'", "email = null"),
            (
                "self_registration_decided_when",
                "status = 'APPROVED', decision_reason = 'Zelfregistratie'",
                f"status = 'APPROVED', decision_reason = 'Zelfregistratie', {decided}",
            ),
            ("self_registration_decided_when", decided, "decided_at = null"),
            (
                "self_registration_decided_why",
                f"status = 'REJECTED', {decided}",
                f"status = 'REJECTED', {decided}, decision_reason = 'Onbekend'",
            ),
            (
                "self_registration_decision_reason_filled",
                f"status = 'REJECTED', {decided}, decision_reason = ''",
                "decision_reason = null",
            ),
            (
                "self_registration_in_order",
                "status = 'REJECTED', decision_reason = 'x', decided_at = created_at - interval '1 s'",
                "status = 'REJECTED', decision_reason = 'x', decided_at = created_at + interval '1 s'",
            ),
        ],
    )


async def test_a_person_has_one_open_self_registration_with_an_organisation():
    organisation, applicant = await rows.an_organisation(), await rows.a_user()
    await rows.a_self_registration(organisation, applicant, status=TaskStatus.REJECTED)
    await rows.a_self_registration(organisation, applicant)
    async with refused_by("self_registration_open"):
        await rows.a_self_registration(organisation, applicant, Role.ADMINISTRATOR)
    await rows.a_self_registration(organisation, applicant, status=TaskStatus.APPROVED)
    await rows.a_self_registration(organisation)
    await rows.a_self_registration(None, applicant)
