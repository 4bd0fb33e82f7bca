"""What the pretend workspace refuses, in Slack's own words."""


class SlackError(Exception):
    """A Web API call is answered with ok=false and this code."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages


class RosterError(ValueError):
    """The workspace file names somebody or something that it does not describe."""
