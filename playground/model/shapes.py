"""OpenAI's JSON: chunks, completions, usage, errors and the list of models."""

from playground.model.scripts import Refusal, Reply
from playground.values import Json

CHARACTERS_PER_TOKEN = 4  # what a token is here: near enough to count with, and the same every time
CACHED_FROM, CACHED_STEP = 1024, 128  # OpenAI's prompt cache holds prefixes from so many tokens on, in such steps

# What OpenAI says with each status: (type, code, message).
_SAID: dict[int, tuple[str, str, str]] = {
    400: ("invalid_request_error", "", "The request cannot be read: messages and model are needed."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("invalid_request_error", "model_not_found", "The project does not have access to this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist or you do not have access to it."),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached. Please try again later."),
    500: ("server_error", "", "The server had an error while processing your request. Sorry about that!"),
    503: ("server_error", "", "The engine is currently overloaded, please try again later."),
}


def error_json(refusal: Refusal) -> Json:
    """The error object that stands alone in a refused answer."""
    kind, code, message = _SAID.get(refusal.status, _SAID[500 if refusal.status >= 500 else 400])
    return {"error": {"message": refusal.message or message, "type": kind, "param": None, "code": refusal.code or code or None}}


def usage_json(prompt: str, reply: Reply, shared: int) -> Json:
    """Tokens, with those that begin the prompt as they began one before (`shared` characters) counted as cached."""
    whole, written = _tokens(len(prompt)), _tokens(len(reply.text))
    cached = min(whole, shared // CHARACTERS_PER_TOKEN) // CACHED_STEP * CACHED_STEP
    told = reply.cached if reply.cached is not None else cached if cached >= CACHED_FROM else 0
    return {
        "prompt_tokens": whole,
        "completion_tokens": written,
        "total_tokens": whole + written,
        "prompt_tokens_details": {"cached_tokens": told, "audio_tokens": 0},
    }


def _tokens(characters: int) -> int:
    return -(-characters // CHARACTERS_PER_TOKEN)


def completion_json(head: Json, reply: Reply, usage: Json) -> Json:
    """The whole answer at once."""
    message = {"role": "assistant", "content": reply.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}
    return {**head, "object": "chat.completion", "choices": [choice], "usage": usage}


def chunk_json(head: Json, delta: Json, finish: str | None = None) -> Json:
    """One piece of a streamed answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return {**head, "object": "chat.completion.chunk", "choices": [choice]}


def models_json(names: tuple[str, ...]) -> Json:
    """The list of models."""
    return {"object": "list", "data": [{"id": name, "object": "model", "created": 0, "owned_by": "playground"} for name in names]}
