"""Errors as the Bot API answers them."""

from __future__ import annotations


class ApiError(Exception):
    """A refusal, sent to the bot as ``{"ok": false, "error_code": ..., "description": ...}``."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        """Take the HTTP status, the whole description and the ``ResponseParameters`` fields."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """Return the JSON body of the answer."""
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(message: str, **parameters: int) -> ApiError:
    """Make a 400 from an inner message, with the official server's change of the first letter.

    The server puts its prefix in front and lower-cases the first letter, unless the second one is
    an upper-case letter or an underscore: ``BUTTON_DATA_INVALID`` stays as it is.
    """
    constant = len(message) > 1 and (message[1] == "_" or "A" <= message[1] <= "Z")
    text = message if constant else message[:1].lower() + message[1:]
    return ApiError(400, f"Bad Request: {text}", **parameters)


def forbidden(message: str) -> ApiError:
    """Make a 403, as for a user who blocked the bot."""
    return ApiError(403, f"Forbidden: {message}")


def too_many_requests(retry_after: int) -> ApiError:
    """Make a 429 that names the number of seconds to wait."""
    text = f"Too Many Requests: retry after {retry_after}"
    return ApiError(429, text, retry_after=retry_after)
