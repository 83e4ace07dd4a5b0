"""What can go wrong, as one small tree of exceptions."""


class RemotehandsError(Exception):
    """Anything that the library says no with. Its text is one clear line."""


class WrongSetting(RemotehandsError):
    """An address, credential, account or profile is missing or cannot be. Nothing was sent."""


class NoCredential(WrongSetting):
    """No address, client id or client secret was given, in no place where they are looked for."""


class ConnectionFailed(RemotehandsError):
    """The server could not be reached: refused, unknown, or its certificate does not fit. Nothing was done."""


class CertificateRefused(ConnectionFailed):
    """The server's certificate is not one to trust, or belongs to another host. Nothing was sent."""


class ConnectionLost(RemotehandsError):
    """The connection broke before a read was answered, and did so again when it was repeated."""


class NotAServer(RemotehandsError):
    """Something answered, but nothing that speaks this API: a web page, a redirect, another service."""


class OutcomeUnknown(RemotehandsError):
    """A change was sent and not answered, so it may have been made or not. Look before you send it again.

    It is raised instead of a repeat when the server has not said that it recognises repeats, or when the repeats were
    not answered either.
    """


class FileFault(RemotehandsError):
    """A file did not go over whole: it changed while it was read, or came with other bytes than were announced."""


class StillOpen(RemotehandsError):
    """A ticket was not closed in the time that was given."""


class ApiError(RemotehandsError):
    """The server refused. `status` is HTTP's, `message` and `correlation_id` are the server's own, `""` without one."""

    def __init__(self, status: int, message: str = "", correlation_id: str = "") -> None:
        super().__init__(message or f"The server answered with status {status} and no message.")
        self.status = status
        self.message = message
        self.correlation_id = correlation_id


class Invalid(ApiError):
    """400: a field or parameter is missing or wrong; the message names each, separated by commas."""


class NotSignedIn(ApiError):
    """401: the client id or secret is wrong, or its token is not accepted."""


class NotAllowed(ApiError):
    """401 or 403: signed in, but without a right to this account or this operation."""


class NotFound(ApiError):
    """404: there is no such thing, or it belongs to somebody else."""


class Refused(ApiError):
    """400 or 409: not possible in the status that the ticket has."""


class Limited(ApiError):
    """429: too many requests, for longer than the client was willing to wait. `retry_after`: seconds."""

    retry_after: float | None = None


class Unavailable(ApiError):
    """502, 503 or 504: the server is away, for longer than the client was willing to wait. `retry_after`: seconds."""

    retry_after: float | None = None
