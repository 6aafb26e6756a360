"""The web application, for granian or any other WSGI server."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")
if os.environ.get("WANGGE_SUPERVISED"):
    from wangge.runtime.child import MASTER, die_with

    # A worker whose master was killed, perhaps while we were being started, would go on holding the port.
    die_with(int(os.environ.get(MASTER) or os.getppid()), signal.SIGKILL)
application = get_wsgi_application()
