"""The app cells."""

from django.apps import AppConfig


class CellsConfig(AppConfig):
    """The app cells."""

    name = "cells"
    verbose_name = "Tổ chức và hội nghị"
