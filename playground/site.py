"""The addresses of the pretend workspace: Slack's API and sockets, the pretend model's, the page, and the demonstration's own."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from playground.demo import Demo
from playground.interactions import Interactions
from playground.socket_mode import SocketMode
from playground.web_api import WebApi
from playground.windows import Windows

PAGE = Path(__file__).parent / "page"
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
SAFE = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_site(api: WebApi, sockets: SocketMode, interactions: Interactions, windows: Windows, demo: Demo) -> web.Application:
    """One aiohttp application that answers everything."""
    site = web.Application(middlewares=[only_this_machine], client_max_size=4 * 1024 * 1024)
    site.router.add_route("*", "/api/{method}", api.serve)
    site.router.add_get("/link/", sockets.serve)
    site.router.add_post("/response/{ticket}", interactions.respond)
    site.router.add_get("/live", windows.serve)
    site.router.add_post("/demo/notice", demo.serve_notice)
    site.router.add_post("/demo/behind", demo.serve_behind)
    site.router.add_routes(demo.model.routes())
    site.router.add_get("/", _index)
    site.router.add_get("/page/{name}", _page_file)
    return site


@web.middleware
async def only_this_machine(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Refuse pages of other sites and names that merely resolve to this machine."""
    host = request.host.rsplit(":", 1)[0]
    origin = request.headers.get("Origin")
    if host not in LOOPBACK or origin not in (None, f"http://{request.host}"):
        return web.Response(status=403, text="only pages served from here may talk to the playground")
    return await handler(request)


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers=SAFE)


async def _page_file(request: web.Request) -> web.StreamResponse:
    name = request.match_info["name"]
    if name not in {file.name for file in PAGE.iterdir()}:
        raise web.HTTPNotFound
    return web.FileResponse(PAGE / name, headers=SAFE)
