"""The settings of the tests: those of the project, with a home of their own that is thrown away afterwards."""

from __future__ import annotations

import os
import tempfile

if "WANGGE_TEST_HOME" not in os.environ:
    # Made by the first process of a run; the workers of xdist inherit it.
    home = tempfile.mkdtemp(prefix="wangge-test-")
    os.chmod(home, 0o711)
    os.environ["WANGGE_TEST_HOME"] = home
    os.environ["WANGGE_TEST_FIRST"] = str(os.getpid())
os.environ["WANGGE_HOME"] = os.environ["WANGGE_TEST_HOME"]
os.environ["WANGGE_ENV_FILE"] = os.devnull
os.environ["WANGGE_DB_ROLE"] = "app"
# Playwright's synchronous interface runs an event loop in the test's own thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from wangge.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
