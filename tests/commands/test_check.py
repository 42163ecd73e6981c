"""`econtracting check`: all problems are reported, each with its variable, and nothing is left behind."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis import Redis

from commands.checks.all_checks import run_check, run_checks
from commands.checks.finding import Finding
from commands.checks.mail import check_mail
from domain.database.migration_status import known_migrations
from domain.database.privileges import REVOKE_TEMPORARY, DatabaseRole
from local.servers.valkey import ValkeyServer
from settings import settings
from tests import rows
from tests.commands.running import econtracting
from tests.conftest import Environment, SmtpSink
from tests.database_roles import execute_as_owner
from tests.identity.conftest import ProviderUnderTest, application_listener, generated_keys, provider_under_test
from tests.registers.serving import respond, scripted_register
from tests.table_contents import assert_tables_unchanged
from tests.workers.processes import a_valkey
from tests.workers.scripted_smtp_server import AUTH, GREETING, ScriptedSmtpServer
from workers.smtp import session

__all__ = ["application_listener", "generated_keys", "provider_under_test"]

AWAY = "127.0.0.1:1"


def another_key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


async def check() -> tuple[int, list[str]]:
    """The exit status of the check, and its findings."""
    findings = await run_checks()
    return int(any(finding.is_error for finding in findings)), [finding.line for finding in findings]


async def only_finding(variable: str, status: int = 1) -> str:
    """The only finding, which is about this variable, without the variable."""
    actual_status, [line] = await check()
    assert actual_status == status, line
    start = f"{variable}: " if status else f"warning: {variable}: "
    assert line.startswith(start)
    return line.removeprefix(start)


@pytest.fixture
def complete_setup(database: str, valkey: str, smtp_sink: SmtpSink, provider_under_test: ProviderUnderTest) -> str:
    """All servers of the settings are running; returns the database's URL."""
    assert valkey
    assert smtp_sink
    assert provider_under_test
    return database


async def test_a_configuration_that_works_leaves_no_trace(complete_setup: str, smtp_sink: SmtpSink, tmp_path: Path):
    assert complete_setup
    await rows.a_user()
    async with assert_tables_unchanged():
        result = await econtracting("check")
    assert (result.status, result.stdout) == (0, "No problems found.\n")
    assert result.stderr == ""
    assert smtp_sink.mails() == []
    assert [path for path in (tmp_path / "data" / "objects").rglob("*") if path.is_file()] == []


async def test_all_invalid_variables_are_reported_and_never_a_secret(environment: Environment):
    secret = "geen-sleutel-maar-geheim"  # noqa: S105  # it must not come back
    environment.set(
        ENVIRONMENT="production",
        OIDC_ISSUER="http://provider.example",
        PUBLIC_URL=None,
        SIGN_IN_KEY=secret,
        OIDC_CLIENT_ID=None,
        SMTP_TLS="ssl",
    )
    for command in ("check", "worker"):
        result = await econtracting(command)
        assert result.status == 1
        assert {line.partition(":")[0] for line in result.stderr.splitlines()} == {
            "OIDC_ISSUER", "PUBLIC_URL", "SIGN_IN_KEY", "OIDC_CLIENT_ID", "SMTP_TLS",
            "PERSON_REGISTER_URL", "ENTERPRISE_REGISTER_URL", "OBJECT_STORE_URL",
        }  # fmt: skip
        assert "OIDC_ISSUER must be an https address in production." in result.stderr
        assert secret not in result.stderr


async def test_two_keys_that_are_the_same_are_refused(environment: Environment):
    environment.set(SIGN_IN_KEY=another_key(9), FILE_ADDRESS_KEY=another_key(9))
    status, [line] = await check()
    assert status == 1
    assert line.startswith("Settings: ")
    assert "SIGN_IN_KEY and FILE_ADDRESS_KEY must all differ." in line


async def test_all_unreachable_servers_are_reported(environment: Environment, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    environment.set(
        PERSON_REGISTER_URL=f"http://{AWAY}",
        ENTERPRISE_REGISTER_URL=f"http://{AWAY}",
        OBJECT_STORE_URL=(tmp_path / "file" / "objects").as_uri(),
    )
    status, lines = await check()
    assert status == 1
    assert [line.partition(":")[0] for line in lines] == [
        "DATABASE_URL", "REDIS_URL", "SMTP_HOST", "OIDC_ISSUER", "PERSON_REGISTER_URL", "ENTERPRISE_REGISTER_URL",
        "OBJECT_STORE_URL",
    ]  # fmt: skip
    [provider] = [line for line in lines if line.startswith("OIDC_ISSUER")]
    assert "The provider can't be used (127.0.0.1: ConnectError: All connection attempts failed)." in provider


async def test_a_database_that_lacks_migrations_or_is_ahead(complete_setup: str):
    assert complete_setup
    newest = max(known_migrations())
    await execute_as_owner(f"delete from tortoise_migrations where name = '{newest}'")
    assert "econtracting migrate" in await only_finding("DATABASE_URL")
    later = "insert into tortoise_migrations (app, name, applied_at) values ('models', '{}', now())"
    await execute_as_owner(later.format(newest), later.format("9999_later"))
    assert "9999_later" in await only_finding("DATABASE_URL", status=0)


async def test_serving_as_who_owns_the_tables_is_warned_of(complete_setup: str, environment: Environment):
    environment.set(DATABASE_URL=settings().owner_url)
    assert (await only_finding("DATABASE_URL", status=0)).startswith("The role econtracting is a superuser.")
    environment.set(DATABASE_URL=complete_setup)
    assert await check() == (0, [])


async def test_serving_as_who_may_make_temporary_tables_is_warned_of(complete_setup: str):
    name = complete_setup.split("///")[1].partition("?")[0]
    await execute_as_owner(f"grant temporary on database {name} to public")
    try:
        finding = await only_finding("DATABASE_URL", status=0)
    finally:
        # What holds for a whole database isn't mended with its rows after the test.
        await execute_as_owner(REVOKE_TEMPORARY.format(name=name))
    assert "may make temporary tables." in finding
    assert finding.endswith(f"revoke temporary on database {name} from public.")


async def test_keys_that_open_nothing_of_the_database(complete_setup: str, environment: Environment):
    assert complete_setup
    # Who was erased has nothing to open.
    erased = {"national_number_sealed": None, "national_number_index": None, "language": None}
    await rows.a_user(**erased)
    await rows.a_user()
    await rows.a_user(**erased)
    assert await check() == (0, [])
    environment.set(NATIONAL_NUMBER_KEYS=another_key(7))
    assert "not among the keys given" in await only_finding("NATIONAL_NUMBER_KEYS")


async def test_each_program_is_checked_as_the_role_it_has(complete_setup: str, environment: Environment):
    await rows.a_user()
    for role in DatabaseRole:
        environment.set(DATABASE_URL=f"{complete_setup}&role={role}")
        assert await check() == (0, []), role


async def test_a_queue_that_drops_keys(complete_setup: str, environment: Environment, tmp_path: Path):
    assert complete_setup
    for name in ("valkey", "sockets"):
        (tmp_path / name).mkdir()
    # What is set holds for a whole server, which other tests share.
    server = ValkeyServer(tmp_path / "valkey", tmp_path / "sockets")
    environment.set(REDIS_URL=server.url())
    async with a_valkey(server):
        with Redis.from_url(server.url()) as queue:
            queue.config_set("maxmemory-policy", "allkeys-lru")
        assert "allkeys-lru" in await only_finding("REDIS_URL", status=0)


async def test_a_mail_server_that_refuses_the_login(
    complete_setup: str, environment: Environment, smtp_server: ScriptedSmtpServer
):
    assert complete_setup
    smtp_server.extensions = ("AUTH PLAIN",)
    smtp_server.plan(AUTH, "535 no")
    environment.set(SMTP_USER="wij", SMTP_PASSWORD="fout")  # noqa: S106  # it is refused
    assert (await only_finding("SMTP_USER")).startswith("The mail server refuses the login.")
    assert not any(command.startswith("MAIL") for command in smtp_server.commands)


async def test_a_mail_server_without_the_tls_that_is_asked_for(complete_setup: str, environment: Environment):
    assert complete_setup
    environment.set(SMTP_TLS="starttls")
    assert "SMTP_TLS" in await only_finding("SMTP_HOST")


@pytest.mark.parametrize(
    ("name", "variables"), [("mailer", ["SMTP_CLIENT_NAME"]), ("mailer.example", []), ("[192.0.2.1]", [])]
)
async def test_a_client_name_without_a_domain_is_warned_of(
    smtp_server: ScriptedSmtpServer, name: str, variables: list[str]
):
    configuration = settings().model_copy(update={"environment": "production", "smtp_client_name": name})
    findings = [finding async for finding in check_mail(configuration)]
    assert f"EHLO {name}" in smtp_server.commands
    assert [finding.variable for finding in findings if not finding.is_error] == [*variables, "SMTP_TLS"]


async def test_the_error_of_a_mail_server_is_reported_without_addresses(smtp_server: ScriptedSmtpServer):
    smtp_server.plan(GREETING, "554 5.7.1 write to postmaster@werken.example")
    [finding] = [finding async for finding in check_mail(settings())]
    assert finding.line.endswith(
        "(SMTPConnectResponseError: 554 5.7.1 write to …). "
        "Set SMTP_HOST, SMTP_PORT and SMTP_TLS (starttls, tls or none) as it listens."
    )


async def test_a_mail_server_that_never_answers_is_reported_as_a_timeout(
    smtp_server: ScriptedSmtpServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session, "COMMAND_TIMEOUT", 0.1)
    silence = asyncio.Event()
    smtp_server.plan(GREETING, silence)
    [finding] = [finding async for finding in check_mail(settings())]
    silence.set()
    assert "(SMTPReadTimeoutError: Timed out waiting for server response)" in finding.line


async def test_an_issuer_that_is_spelled_otherwise(
    complete_setup: str, environment: Environment, provider_under_test: ProviderUnderTest
):
    assert complete_setup
    environment.set(OIDC_ISSUER=f"{provider_under_test.issuer}/")
    assert "another issuer" in await only_finding("OIDC_ISSUER")


async def test_registers_that_turn_us_away_or_are_out_of_order(complete_setup: str, environment: Environment):
    assert complete_setup
    async with scripted_register(respond(403, b"")) as strict, scripted_register(respond(500, b"")) as broken:
        environment.set(PERSON_REGISTER_URL=strict.url, ENTERPRISE_REGISTER_URL=broken.url)
        status, lines = await check()
    assert status == 1
    assert [line.partition(" (")[0] for line in lines] == [
        "PERSON_REGISTER_TOKEN: The register denies access",
        "ENTERPRISE_REGISTER_URL: The register fails",
    ]


@pytest.mark.parametrize("status", [301, 404, 405])
async def test_an_address_where_no_register_takes_questions(complete_setup: str, environment: Environment, status: int):
    assert complete_setup
    async with scripted_register(respond(status, b"")) as elsewhere:
        environment.set(PERSON_REGISTER_URL=elsewhere.url)
        assert (await only_finding("PERSON_REGISTER_URL")).startswith(
            f"Nothing answers requests at this address (status {status})"
        )


@pytest.mark.parametrize("variable", ["MAIL_FROM_ADDRESS", "HELPDESK_ADDRESS", "MAIL_RETURN_ADDRESS"])
@pytest.mark.parametrize(
    "address", ["no-reply", "no reply@werken.example", "no-reply@", "zoë@werken.example", "a@b..c"]
)
async def test_an_invalid_address_is_reported_before_any_mail_is_sent(
    environment: Environment, variable: str, address: str
):
    environment.set(**{variable: address})
    assert (await only_finding(variable)).startswith("It doesn't have the required form. Purpose: ")


async def test_a_check_that_cannot_be_done_is_a_finding(environment: Environment):
    assert environment

    async def broken(_given: object) -> AsyncIterator[Finding]:
        yield Finding("SMTP_HOST", "It answers slowly.", "Give a nearer one.")
        raise UnicodeError

    [finding] = await run_check("SMTP_HOST", broken, settings())

    expected = "SMTP_HOST: It could not be checked (UnicodeError). Check the address and the server behind it."
    assert finding.line == expected
