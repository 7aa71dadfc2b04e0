#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys


def main():
    """Run administrative tasks; what hinders reading or writing, or is set wrongly, is told in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import Error

    try:
        settings.BASE_DIR  # noqa: B018 - reads all of them, and the key in var/
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(_sentence(error) or str(error))
    try:
        execute_from_command_line(sys.argv)
    except (OSError, Error) as error:
        if sentence := _sentence(error):
            sys.exit(sentence)
        raise


def _sentence(error):
    from partyreview.storage import sentence_at_start

    return sentence_at_start(error)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # before the command itself listens for it
        sys.exit(130)
