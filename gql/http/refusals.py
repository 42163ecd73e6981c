"""Why a request is answered before, or in place of, the operation that it sends."""

from http import HTTPStatus

from gql.faults import INTERNAL, TOO_EXPENSIVE, UNAUTHENTICATED, Fault


class BodyTooLong(Fault):
    """No more of it was read."""

    code = TOO_EXPENSIVE
    sentence = "The request is longer than the {allowed} bytes allowed."
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class RequestSlow(Fault):
    """It didn't come whole in time."""

    sentence = "The request did not come within {seconds} seconds."
    status = HTTPStatus.REQUEST_TIMEOUT


class OperationSlow(Fault):
    """It was stopped, by us or by the database."""

    code = TOO_EXPENSIVE
    sentence = (
        "The operation took too long and was stopped: it may take {seconds} seconds, and the database less for any part"
        " of it. Ask for less at once."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE


class NotJson(Fault):
    """It says that it is something else."""

    sentence = "Send the operation as {media_type}, in UTF-8."
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Compressed(Fault):
    """What it would come to, nobody could tell beforehand."""

    sentence = "Send the operation uncompressed: no Content-Encoding is taken."
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class NoObject(Fault):
    """Its body can't be read, or is no JSON object."""

    sentence = "Send one operation, as a JSON object in UTF-8 with the document in `query`."


class ParameterNoObject(Fault):
    """A parameter of its address can't be read, or is no JSON object."""

    sentence = "`{name}` in the address is to be a JSON object."


class OperationNameNoText(Fault):
    """It names the operation by something else than a text."""

    sentence = "`operationName` must be a string or null, if provided."


class OnlyQueriesByGet(Fault):
    """A link must not change anything."""

    sentence = "Only queries can be asked by GET; send everything else by POST."
    status = HTTPStatus.METHOD_NOT_ALLOWED


class TokenInvalid(Fault):
    """It is not to be believed, or no more."""

    code = UNAUTHENTICATED
    sentence = "The bearer token is not valid. Ask the identity provider for a new one."
    status = HTTPStatus.UNAUTHORIZED


class ProviderAway(Fault):
    """Its keys can't be had."""

    code = INTERNAL
    sentence = "The bearer token can't be checked now: the identity provider doesn't answer. Try again later."
    status = HTTPStatus.SERVICE_UNAVAILABLE
