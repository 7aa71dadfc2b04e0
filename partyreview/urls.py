"""Addresses: everything that knows its visitor stands under /hop/ (settings.SITE_PATH); see wsgi.py for the door."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from partyreview import HEALTH_PATH
from partyreview.middleware import to_site

handler500 = "partyreview.storage.server_error"

site = [
    path("", include("ballots.urls")),  # begins with what a whole hall asks at once
    path("", include("members.urls")),
    path("", include("cells.urls")),
]
if settings.ADMIN:
    admin.autodiscover()
    site.append(path("quan-tri/", admin.site.urls))

urlpatterns = [
    path("hop/", include(site)),
    path(HEALTH_PATH.lstrip("/"), include("ballots.service.urls")),
    path("api/v1/", include("ballots.committee.api.urls")),
    path("", to_site, name="root"),
    re_path(r"^(?P<code>\d{6}(?:[a-z2-7]{6})?)/?$", to_site, name="short"),
]
