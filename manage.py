#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys


def main():
    """Run administrative tasks; a disk on which nothing can be written is told in one sentence, before Django loads."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partyreview.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    try:
        settings.BASE_DIR  # noqa: B018 - reads all of them, and the key in var/
    except OSError as error:
        from partyreview.storage import sentence_at_start

        sys.exit(sentence_at_start(error) or str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # before the command itself listens for it
        sys.exit(130)
