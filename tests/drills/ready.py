"""Django, loaded once for all workers that are forked from here."""

import django

django.setup()

from tests.drills import mortal  # noqa: E402,F401
