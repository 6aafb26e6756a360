"""The settings of the tests: those of the project, with a home of their own thrown away afterwards."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests import external


def _throw_away(home: str, first: int) -> None:
    """At the end of the run's first process, also where it ends before any test; not in what was forked from it."""
    if os.getpid() == first:
        shutil.rmtree(home, ignore_errors=True)


if "WANGGE_TEST_HOME" not in os.environ:
    # Made by the first process of a run; the workers of xdist inherit it.
    home = tempfile.mkdtemp(prefix="wangge-test-")
    Path(home).chmod(0o711)
    os.environ["WANGGE_TEST_HOME"] = home
    os.environ["WANGGE_TEST_FIRST"] = str(os.getpid())
    atexit.register(_throw_away, home, os.getpid())
    external.make_role()
os.environ["WANGGE_HOME"] = os.environ["WANGGE_TEST_HOME"]
os.environ["WANGGE_ENV_FILE"] = os.devnull
os.environ["WANGGE_DB_ROLE"] = "app"
# Playwright's synchronous interface runs an event loop in the test's own thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from wangge.runtime import translations
from wangge.settings import *  # noqa: F403 -- this is what it is for

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PUBLIC_RATE = 100_000  # every test sends from one address
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
translations.compile_all(PACKAGE / "locale")  # noqa: F405
