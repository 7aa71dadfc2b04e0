"""Addresses that other programs ask; without a cookie, so not below the site's own path."""

from django.urls import path

from ballots.committee.api import views
from cells.converters import PERIOD

urlpatterns = [
    path("", views.about, name="api"),
    path("openapi.json", views.schema, name="api_schema"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/", views.totals, name="api_totals"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/chi-bo/", views.cells, name="api_cells"),
    path("<path:rest>", views.nothing, name="api_nothing"),
]
