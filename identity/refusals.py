"""Why a sign-in fails."""


class ProviderUnavailableError(Exception):
    """The identity provider doesn't respond, or not as OpenID Connect requires; the message holds no personal data."""


class UnusableClaimsError(Exception):
    """Valid claims don't identify a person; the message names the claim and never holds its value."""


class SignInLostError(Exception):
    """The response belongs to no sign-in in progress in this browser."""


class SignInDeniedError(Exception):
    """The provider, or the person there, denied the sign-in; the message is the error code."""


class UntrustedResponseError(Exception):
    """The provider's response is invalid by OpenID Connect; the message says why, without values."""
