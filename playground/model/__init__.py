"""A pretend model: an OpenAI-compatible server that says what a test scripts, or rewords the sources that it is given.

From a test:

    async with PretendModel.start() as model:
        client = AsyncOpenAI(base_url=model.url, api_key=model.key, max_retries=0)
        model.script(refuses(429, retry_after=1), says("You get ", STALL, "25 days. [1]"))
        …                                     # the first request is refused, the second stops after two words
        await model.until(lambda: model.stalled)
        model.release()                       # and goes on
        assert model.requests[0].body["stream_options"] == {"include_usage": True}

In the demo it is part of the workspace's own address, at {address}/v1 with the key `pretend` and the model `pretend-tuned`, and
answers 404 until somebody chooses it in the page. Azure's address is {address}/openai/deployments/pretend-tuned/….
"""

from playground.model.asking import Asked
from playground.model.scripts import COMMENT, CUT, ERROR, GARBAGE, STALL, Line, Page, Refusal, Reply, Script, html_page, refuses, says
from playground.model.server import KEY, MODELS, PretendModel

__all__ = [
    "COMMENT",
    "CUT",
    "ERROR",
    "GARBAGE",
    "KEY",
    "MODELS",
    "STALL",
    "Asked",
    "Line",
    "Page",
    "PretendModel",
    "Refusal",
    "Reply",
    "Script",
    "html_page",
    "refuses",
    "says",
]
