"""What production refuses to start with."""

import pytest
from pydantic import ValidationError

from settings import settings
from tests.conftest import Environment


def in_production(environment: Environment, **given: str | None) -> None:
    environment.set(
        ENVIRONMENT="production",
        OIDC_ISSUER="https://i.example",
        PERSON_REGISTER_URL="https://r.example",
        ENTERPRISE_REGISTER_URL="https://r.example",
        **{"PUBLIC_URL": "https://p.example", "OBJECT_STORE_URL": "s3://bucket/files", **given},
    )


def test_production_keeps_files_where_it_is_told(environment: Environment):
    in_production(environment, OBJECT_STORE_ENDPOINT="https://s3.example")

    assert settings().attachments_address == "s3://bucket/files"


def test_what_people_reach_us_by_is_ready_for_a_path(environment: Environment):
    in_production(environment, PUBLIC_URL="https://p.example/")

    assert settings().public_url == "https://p.example"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"OBJECT_STORE_URL": None}, "OBJECT_STORE_URL must be set in production"),
        ({"OBJECT_STORE_URL": "ftp://files.example"}, "should match pattern"),
        ({"OBJECT_STORE_ENDPOINT": "http://s3.example"}, "OBJECT_STORE_ENDPOINT must be an https address"),
    ],
)
def test_production_needs_a_store_for_files_over_https(
    environment: Environment, given: dict[str, str | None], message: str
):
    in_production(environment, **given)

    with pytest.raises(ValidationError, match=message):
        settings()


def test_the_demo_keeps_files_in_its_own_folder(environment: Environment):
    environment.set(DATA_DIR="/tmp/een map")  # noqa: S108  # nothing is written there

    assert settings().attachments_address == "file:///tmp/een%20map/objects"
