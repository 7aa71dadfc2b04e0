"""Addresses under /suc-khoe/, outside the path of every cookie."""

from django.urls import path

from ballots.service import health

urlpatterns = [
    path("", health.live, name="live"),
    path("san-sang/", health.ready, name="ready"),
    path("so-do/", health.numbers, name="numbers"),
]
