"""What the database refuses of organisations, people, their sessions, mandates and requests."""

import pytest

from domain.models import AccessMandateKind, PersonalKey, Role, TaskStatus
from tests import rows
from tests.domain.constraints import hold, refused_by

# The database refuses them to everyone.
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.owner]


async def test_organisations(subtests: pytest.Subtests):
    organisation = await rows.an_organisation(enterprise_number="0123456749", email="info@aannemer.example")
    await hold(
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
    await hold(
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


async def test_who_was_erased_stays_so(subtests: pytest.Subtests):
    of_nobody = {"national_number_sealed": None, "national_number_index": None, "language": None}
    filled = [
        ("language = 'NL'", "given_name = 'Gewiste'"),
        ("birth_date = '1985-07-30'", "birth_date = null"),
        ("subject = 'somebody'", "subject = null"),
        ("national_number_sealed = 'x'", "national_number_sealed = null"),
        ("national_number_next_index = 'x'", "national_number_next_index = null"),
    ]
    await hold(subtests, await rows.a_user(**of_nobody), [("person_erased_whole", *each) for each in filled])
    half = ("national_number_sealed = null", "national_number_sealed = 'x'")
    await hold(subtests, await rows.a_user(), [("person_erased_whole", *half)])
    await rows.a_user(**of_nobody)


async def test_introductions(subtests: pytest.Subtests):
    known = ("introduction_language_known", "language = 'XX'", "language = 'DE'")
    await hold(subtests, await rows.an_introduction(), [known])


async def test_a_number_is_one_persons_under_the_next_index_too():
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
    await hold(
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
    await hold(
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


async def test_a_person_has_a_mandate_once():
    user, organisation = await rows.a_user(), await rows.an_organisation()
    local = AccessMandateKind.ACCESS_MANAGER
    await rows.a_mandate(local, user, organisation, ended_at=await rows.now())
    await rows.a_mandate(local, user, organisation)
    async with refused_by("access_mandate_open"):
        await rows.a_mandate(local, user, organisation)
    await rows.a_mandate(local, user)
    await rows.a_mandate(AccessMandateKind.LEGAL_REPRESENTATIVE, user, organisation)


async def test_requests(subtests: pytest.Subtests):
    decided = "decided_at = created_at"
    await hold(
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


async def test_a_person_has_one_open_request_with_an_organisation():
    organisation, applicant = await rows.an_organisation(), await rows.a_user()
    await rows.a_self_registration(organisation, applicant, status=TaskStatus.REJECTED)
    await rows.a_self_registration(organisation, applicant)
    async with refused_by("self_registration_open"):
        await rows.a_self_registration(organisation, applicant, Role.ADMINISTRATOR)
    await rows.a_self_registration(organisation, applicant, status=TaskStatus.APPROVED)
    await rows.a_self_registration(organisation)
    await rows.a_self_registration(None, applicant)
