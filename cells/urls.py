"""Addresses of the app cells."""

from django.urls import path

from . import views

app_name = "cells"
urlpatterns = [
    path("", views.home, name="home"),
    path("dang-bo/<int:pk>/", views.committee, name="committee"),
    path("chi-bo/<int:pk>/", views.cell, name="cell"),
]
