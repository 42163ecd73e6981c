"""The values that settings derive, and those that production refuses."""

import pytest
from pydantic import ValidationError

from settings import settings
from tests.conftest import Environment


def set_production(environment: Environment, **variables: str | None) -> None:
    environment.set(
        ENVIRONMENT="production",
        OIDC_ISSUER="https://i.example",
        PERSON_REGISTER_URL="https://r.example",
        ENTERPRISE_REGISTER_URL="https://r.example",
        **{"PUBLIC_URL": "https://p.example", "OBJECT_STORE_URL": "s3://bucket/files", **variables},
    )


def test_production_stores_files_at_the_url_of_the_object_store(environment: Environment):
    set_production(environment, OBJECT_STORE_ENDPOINT="https://s3.example")

    assert settings().attachment_store_url == "s3://bucket/files"


def test_the_public_url_has_no_trailing_slash(environment: Environment):
    set_production(environment, PUBLIC_URL="https://p.example/")

    assert settings().public_url == "https://p.example"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"OBJECT_STORE_URL": None}, "OBJECT_STORE_URL must be set in production"),
        ({"OBJECT_STORE_URL": "ftp://files.example"}, "should match pattern"),
        ({"OBJECT_STORE_ENDPOINT": "http://s3.example"}, "OBJECT_STORE_ENDPOINT must be an https address"),
    ],
)
def test_production_requires_an_object_store_over_https(
    environment: Environment, variables: dict[str, str | None], message: str
):
    set_production(environment, **variables)

    with pytest.raises(ValidationError, match=message):
        settings()


def test_the_demo_stores_files_in_its_data_folder(environment: Environment):
    environment.set(DATA_DIR="/tmp/een map")  # noqa: S108  # nothing is written there

    assert settings().attachment_store_url == "file:///tmp/een%20map/objects"
