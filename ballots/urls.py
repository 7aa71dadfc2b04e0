"""Addresses of the app ballots."""

from django.urls import URLPattern, path

from ballots.views import voting

app_name = "ballots"
urlpatterns: list[URLPattern] = [
    path("phat-phieu", voting.stamp, name="stamp"),
    path("da-nhan", voting.acknowledge, name="acknowledge"),
    path("doi-phieu", voting.stamp_slip, name="stamp_slip"),
]
