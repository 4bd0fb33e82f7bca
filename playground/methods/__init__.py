"""The Web API methods that the pretend workspace knows, in one table."""

from playground.methods import assistant, chat, conversations, directory, streams, views
from playground.methods.method import Method

METHODS: dict[str, Method] = {
    **directory.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **streams.METHODS,
    **views.METHODS,
    **assistant.METHODS,
}

__all__ = ["METHODS", "Method"]
