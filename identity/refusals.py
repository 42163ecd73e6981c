"""Why somebody is not signed in."""


class ProviderUnavailableError(Exception):
    """The identity provider doesn't answer, or not as OpenID Connect has it; the message holds no personal data."""


class UnusableClaimsError(Exception):
    """Believed, but not enough to know a person by; the message names the claim and never holds its value."""


class SignInLostError(Exception):
    """The answer belongs to no sign-in that this browser has under way."""


class SignInDeniedError(Exception):
    """The provider, or the person there, broke the sign-in off; the message is the protocol's code."""


class UntrustedAnswerError(Exception):
    """The provider's answer doesn't hold what OpenID Connect demands; the message says what, without values."""
