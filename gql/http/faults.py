"""Faults of HTTP requests: the operation is not executed, or not to its end."""

from http import HTTPStatus

from gql.faults import INTERNAL, TOO_EXPENSIVE, UNAUTHENTICATED, Fault


class BodyTooLarge(Fault):
    """The request body exceeds the maximum size."""

    code = TOO_EXPENSIVE
    message_template = "The request is longer than the {allowed} bytes allowed."
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class RequestTimedOut(Fault):
    """The request was not received in time."""

    message_template = "The request did not come within {seconds} seconds."
    status = HTTPStatus.REQUEST_TIMEOUT


class OperationTimedOut(Fault):
    """The operation, or one of its statements, took too long and was cancelled."""

    code = TOO_EXPENSIVE
    message_template = (
        "The operation took too long and was stopped: it may take {seconds} seconds, and the database less for any part"
        " of it. Ask for less at once."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE


class UnsupportedMediaType(Fault):
    """The Content-Type is not JSON."""

    message_template = "Send the operation as {media_type}, in UTF-8."
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class UnsupportedContentEncoding(Fault):
    """The body is compressed, so that its real size is unknown before it is read."""

    message_template = "Send the operation uncompressed: no Content-Encoding is taken."
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class BodyNotAnObject(Fault):
    """The body is not a JSON object."""

    message_template = "Send one operation, as a JSON object in UTF-8 with the document in `query`."


class ParameterNotAnObject(Fault):
    """A query parameter is not a JSON object."""

    message_template = "`{name}` in the address is to be a JSON object."


class OperationNameNotAString(Fault):
    """`operationName` is not a string."""

    message_template = "`operationName` must be a string or null, if provided."


class OnlyQueriesByGet(Fault):
    """A mutation or subscription was sent by GET; a link must not change anything."""

    message_template = "Only queries can be asked by GET; send everything else by POST."
    status = HTTPStatus.METHOD_NOT_ALLOWED


class BearerTokenInvalid(Fault):
    """The bearer token is invalid or has expired."""

    code = UNAUTHENTICATED
    message_template = "The bearer token is not valid. Ask the identity provider for a new one."
    status = HTTPStatus.UNAUTHORIZED


class IdentityProviderUnavailable(Fault):
    """The identity provider's keys can't be fetched."""

    code = INTERNAL
    message_template = "The bearer token can't be checked now: the identity provider doesn't answer. Try again later."
    status = HTTPStatus.SERVICE_UNAVAILABLE
