"""The program's settings: one frozen object, the only reader of the environment."""

import base64
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AnyUrl, Field, SecretStr, UrlConstraints, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")  # as in the header `Host`

# Pydantic's own PostgresDsn and RedisDsn refuse URLs of Unix sockets, which have no host.
PostgresUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["postgresql", "postgres"])]
RedisUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["redis", "rediss", "unix"])]

HTTPS_IN_PRODUCTION: Final = (
    "public_url",
    "oidc_issuer",
    "person_register_url",
    "enterprise_register_url",
    "object_store_endpoint",
)
REQUIRED_IN_PRODUCTION: Final = ("person_register_url", "enterprise_register_url", "object_store_url")
KEY_BYTES: Final = 32

DOMAIN: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# Our own addresses are in every mail: with an invalid one, every mail would fail permanently.
ADDRESS: Final = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{DOMAIN}$"


def decoded_key(key: SecretStr) -> bytes:
    """The bytes of a key in base64.

    Raises:
        ValueError: It isn't base64; the message doesn't contain the key.
    """
    try:
        return base64.b64decode(key.get_secret_value(), validate=True)
    except ValueError:
        raise ValueError("A key is not base64.") from None


class Settings(BaseSettings):
    """The settings; each field is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Literal["production", "demo"] = "production"
    port: int = Field(8000, ge=1, le=65533, description="The port that the API listens on.")
    host: str = Field("127.0.0.1", description="The address that the API listens on.")
    listen_fds: int = Field(0, ge=0, description="Number of sockets passed by systemd (socket activation).")
    listen_pid: int | None = Field(None, description="The process that the sockets are passed to.")
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="The port for metrics and health; 0 chooses a free one, none disables them."
    )
    metrics_host: str = Field(
        "127.0.0.1", description="The address of that port; must not be reachable from the internet."
    )
    otel_exporter_otlp_endpoint: str | None = Field(
        None,
        pattern="^https?://",
        description="An OpenTelemetry collector (OTLP over HTTP); no tracing without one.",
    )
    otel_exporter_otlp_headers: SecretStr | None = Field(
        None, description="The collector's headers: name=value, comma-separated."
    )
    otel_service_name: str = Field(
        "econtracting", description="The service name in traces; -api or -worker is appended."
    )
    otel_traces_sampler_arg: float = Field(
        1.0, ge=0, le=1, description="The fraction of traces started here that is sampled."
    )
    data_dir: Path = Field(Path(".local"), description="The folder for all data of the embedded stack.")
    public_url: str = Field(
        "http://127.0.0.1:8000", description="The public address of the API and the base of links in mails."
    )

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Host names of the API besides that of PUBLIC_URL, comma-separated; *.name for all subdomains.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Allowed origins of frontends elsewhere, comma-separated: https://name, no path."
    )

    database_url: PostgresUrl = Field(description="PostgreSQL 16 or newer.")
    migration_database_url: PostgresUrl | None = Field(
        None, description="The same database as the owner of the tables, for `migrate` only; defaults to DATABASE_URL."
    )
    database_pool: int = Field(10, ge=1, description="Maximum size of the connection pool of one process.")
    reading_pool: int = Field(
        10, ge=0, description="Size of the additional pool of the reading engine; 0 disables the engine."
    )
    redis_url: RedisUrl = Field(description="Valkey or Redis, for the queue.")

    object_store_url: str | None = Field(
        None,
        pattern="^(file|s3)://",
        description="Where attachments are stored: file:///folder or s3://bucket/prefix; the demo has a folder.",
    )
    object_store_endpoint: str | None = Field(
        None, description="The endpoint of an S3-compatible store other than Amazon's."
    )
    object_store_region: str | None = None
    object_store_access_key_id: str | None = Field(
        None, description="The store's access key; without one, the machine's own role applies."
    )
    object_store_secret_access_key: SecretStr | None = None
    file_address_key: SecretStr = Field(description="A 256-bit key in base64; signs upload and download URLs.")
    attachment_megabytes: int = Field(100, ge=1, le=2047, description="Maximum file size, in units of 1,048,576 bytes.")
    attachments_per_document: int = Field(50, ge=1, le=500)

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_client_name: str | None = Field(
        None,
        pattern=rf"^{DOMAIN}$|^\[[0-9A-Za-z.:]+\]$",
        description="The host name in EHLO: `mailer.example`, or `[192.0.2.1]`.",
    )
    mail_from_name: str = "Departement Mobiliteit en Openbare Werken"
    mail_from_address: str = Field(
        "no-reply@e-contracting.vlaanderen.be",
        pattern=ADDRESS,
        description="The From address of mails: `no-reply@…`, in ASCII.",
    )
    # A local part has 64 octets at most (RFC 5321, 4.5.3.1.1); the rest identifies the mail.
    mail_return_address: str | None = Field(
        None,
        pattern=rf"^[A-Za-z0-9._-]{{1,12}}@{DOMAIN}$",
        description="The bounce address: `bounces@…`, whose mail server also accepts `bounces+anything@…` for it.",
    )
    # Longer than a mail is retried and may bounce.
    mail_address_days: int = Field(
        90, ge=7, description="Days after which the recipients' addresses of mails are erased."
    )
    mail_lease_seconds: int = Field(
        15, ge=1, description="Seconds after which another worker takes over the mails of a killed one."
    )
    mail_domain_lines: int = Field(
        2, ge=1, description="Connections of a worker that may carry one domain's mails at a time."
    )
    mail_domain_rate: int | None = Field(None, ge=1, description="Mails per minute from one worker to one domain.")
    helpdesk_address: str = Field(
        "e-contracting@vlaanderen.be",
        pattern=ADDRESS,
        description="The helpdesk named in mails and pages: `help@…`, in ASCII.",
    )
    helpdesk_phone: str = "1700"

    oidc_issuer: str = Field(description="The OpenID Connect provider; its discovery document is below this URL.")
    oidc_client_id: str
    oidc_client_secret: SecretStr
    token_audience: str = Field("econtracting", description="The required audience of bearer tokens.")
    claim_subject: str = Field("vo_id", description="The claim that permanently identifies a person.")
    claim_national_number: str = "rrn"
    claim_organisation: str = "vo_orgcode"
    session_idle_minutes: int = Field(60, ge=1)
    session_hours: int = Field(12, ge=1)

    live_connections: int = Field(20, ge=1, description="Maximum number of WebSockets per viewer in one process.")
    live_subscriptions: int = Field(50, ge=1, description="Maximum number of subscriptions per viewer in one process.")
    live_patience: float = Field(10, gt=0, description="Seconds within which a subscriber must accept an event.")
    live_check: float = Field(30, gt=0, description="Seconds after which an idle subscription is authorised again.")

    trusted_documents_only: bool = Field(default=False, description="Accept only registered documents.")
    introspection: bool | None = Field(
        None, description="Enable introspection and suggestions of names; if unset, only outside production."
    )

    person_register_url: str | None = Field(None, description="The person register; the demo has tables instead.")
    person_register_token: SecretStr | None = None
    enterprise_register_url: str | None = Field(None, description="The enterprise register; the demo has tables.")
    enterprise_register_token: SecretStr | None = None
    self_registration_url: str = Field(
        "https://zelfregistratie-gebruikersbeheer.vlaanderen.be/user/aanvraag",
        description="The page that self-registration links lead to.",
    )

    national_number_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        min_length=1, description="AES-256 keys in base64, comma-separated; the first one encrypts."
    )
    national_number_index_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        min_length=1, max_length=2, description="HMAC keys in base64, comma-separated; two during rotation."
    )
    sign_in_key: SecretStr = Field(description="A 256-bit key in base64; encrypts the cookie of a sign-in in progress.")

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in ("national_number_keys", "national_number_index_keys", "allowed_hosts", "cors_origins"):
            text = values.get(name)
            if isinstance(text, str):
                values[name] = tuple(part.strip() for part in text.split(",") if part.strip())
        return values

    @field_validator("public_url")
    @classmethod
    def _strip_trailing_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
                raise ValueError(f"{origin} is no origin: that is https://name, without a path.")
        return origins

    @field_validator(*HTTPS_IN_PRODUCTION, *REQUIRED_IN_PRODUCTION)
    @classmethod
    def _check_production_urls(cls, url: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("environment") == "production" and info.field_name:
            if url is None and info.field_name in REQUIRED_IN_PRODUCTION:
                raise ValueError(f"{info.field_name.upper()} must be set in production.")
            if url and info.field_name in HTTPS_IN_PRODUCTION and not url.startswith("https://"):
                raise ValueError(f"{info.field_name.upper()} must be an https address in production.")
        return url

    @field_validator("national_number_keys", "national_number_index_keys", "sign_in_key", "file_address_key")
    @classmethod
    def _check_key_length(cls, value: SecretStr | tuple[SecretStr, ...]) -> SecretStr | tuple[SecretStr, ...]:
        for key in value if isinstance(value, tuple) else (value,):
            if len(decoded_key(key)) != KEY_BYTES:
                raise ValueError(f"A key has {KEY_BYTES} bytes, in base64: `openssl rand -base64 32` makes one.")
        return value

    @model_validator(mode="after")
    def _check_keys_differ(self) -> Self:
        keys = (*self.national_number_keys, *self.national_number_index_keys, self.sign_in_key, self.file_address_key)
        if len({key.get_secret_value() for key in keys}) < len(keys):
            raise ValueError(
                "NATIONAL_NUMBER_KEYS, NATIONAL_NUMBER_INDEX_KEYS, SIGN_IN_KEY and FILE_ADDRESS_KEY must all differ."
            )
        return self

    @property
    def owner_url(self) -> str:
        """The URL of the database for the owner of its tables."""
        return str(self.migration_database_url or self.database_url)

    @property
    def attachment_store_url(self) -> str:
        """The URL of the object store; by default, for the demo, a folder in its data folder."""
        return self.object_store_url or (self.data_dir.resolve() / "objects").as_uri()

    @property
    def max_attachment_bytes(self) -> int:
        """The maximum file size in bytes."""
        return self.attachment_megabytes * 1024 * 1024

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names of the API."""
        own = urlsplit(self.public_url).hostname or ""
        return (own, *self.allowed_hosts, *(LOOPBACK if self.environment == "demo" else ()))

    @property
    def cors_origin_pattern(self) -> str | None:
        """A regular expression of further allowed origins: in the demo, any port of this machine."""
        names = "|".join(re.escape(name) for name in LOOPBACK)
        return rf"http://({names})(:\d+)?" if self.environment == "demo" else None

    @property
    def introspection_enabled(self) -> bool:
        """Whether clients may query the schema, and get suggestions of names."""
        return self.environment != "production" if self.introspection is None else self.introspection

    @property
    def uses_https(self) -> bool:
        """Whether the public URL is https, to which cookies are then bound."""
        return self.public_url.startswith("https://")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read from the environment once."""
    return Settings()  # type: ignore[call-arg]  # the environment provides fields without a default
