"""The web application as `wangge up` serves it: granian takes in requests, a few threads work on them."""

from __future__ import annotations

from wangge.runtime.serving import Server
from wangge.wsgi import application as pages

application = Server(pages)
