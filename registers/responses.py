"""Responses of the registers over HTTP, validated: an invalid one counts as none.

The person register is sent `{"nationalNumber": "85073003328"}` and responds with the status 200 and `{"person": …}`,
the enterprise register `{"enterpriseNumber": "0123456749"}` and `{"enterprise": …}`; null stands for one that it
doesn't know, so that a wrong address, which answers 404, isn't read as "unknown".
"""

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from domain import enterprise_number as enterprise_numbers
from domain import national_number as national_numbers
from domain.models import OrganisationKind
from domain.registers import RegisteredEnterprise, RegisteredPerson, RegisterUnavailableError
from domain.text_fields import MAX_NAME

ResponseT = TypeVar("ResponseT", bound="_ResponseModel")
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]
_NationalNumber = Annotated[str, AfterValidator(national_numbers.normalised)]
_EnterpriseNumber = Annotated[str, AfterValidator(enterprise_numbers.normalised)]


class _ResponseModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True, hide_input_in_errors=True)


class _Person(_ResponseModel):
    national_number: _NationalNumber
    given_name: _Name
    family_name: _Name
    birth_date: date | None = None

    def to_registered_person(self) -> RegisteredPerson:
        """The person; a birth date that the register leaves out derives from the number."""
        born = self.birth_date or national_numbers.birth_date(self.national_number)
        return RegisteredPerson(self.national_number, self.given_name, self.family_name, born)


class _Representative(_ResponseModel):
    """A person, or a company with its permanent representative, if it has one."""

    person: _Person | None = None
    enterprise_number: _EnterpriseNumber | None = None


class _Enterprise(_ResponseModel):
    enterprise_number: _EnterpriseNumber
    name: _Name
    kind: OrganisationKind
    representatives: list[_Representative]


class _PersonResponse(_ResponseModel):
    person: _Person | None


class _EnterpriseResponse(_ResponseModel):
    enterprise: _Enterprise | None


def parse_person(response: Any, national_number: str) -> RegisteredPerson | None:
    """The person in the response to a request for eleven digits.

    Raises:
        RegisterUnavailableError: It is invalid, or about another person.
    """
    person = _validated(_PersonResponse, response).person
    if person is not None and person.national_number != national_number:
        raise RegisterUnavailableError("a response about another person")
    return person.to_registered_person() if person else None


def parse_enterprise(response: Any, enterprise_number: str) -> RegisteredEnterprise | None:
    """The organisation in the response to a request for ten digits.

    Raises:
        RegisterUnavailableError: It is invalid, or about another organisation.
    """
    enterprise = _validated(_EnterpriseResponse, response).enterprise
    if enterprise is None:
        return None
    if enterprise.enterprise_number != enterprise_number:
        raise RegisterUnavailableError("a response about another organisation")
    people = [
        representative.person.to_registered_person()
        for representative in enterprise.representatives
        if representative.person
    ]
    return RegisteredEnterprise(enterprise.enterprise_number, enterprise.name, enterprise.kind, distinct(people))


def distinct(people: list[RegisteredPerson]) -> list[RegisteredPerson]:
    """The people, each once: somebody may represent an organisation in person and for a company."""
    return list({person.national_number: person for person in people}.values())


def _validated(model: type[ResponseT], response: Any) -> ResponseT:
    try:
        return model.model_validate(response)
    except ValidationError as error:
        fields = sorted({".".join(map(str, detail["loc"])) for detail in error.errors(include_input=False)})
        raise RegisterUnavailableError(f"a response with invalid fields: {', '.join(fields)}") from None
