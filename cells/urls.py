"""Addresses of the app cells."""

from django.urls import path

from cells.views import (
    campaign,
    campaigns,
    conditions,
    criteria,
    flags,
    groups,
    posts,
    rules,
    versions,
)

app_name = "cells"
urlpatterns = [
    path("dang-bo/<int:pk>/dot-kiem-diem/", campaigns.campaigns, name="campaigns"),
    path("dang-bo/<int:pk>/dot-kiem-diem/<period:period>/", campaign.campaign, name="campaign"),
    path(
        "dang-bo/<int:pk>/dot-kiem-diem/<period:period>/dot-sau/",
        campaign.campaign_clone,
        name="campaign_clone",
    ),
    path(
        "dang-bo/<int:pk>/dot-kiem-diem/<period:period>/ban-moi/",
        versions.campaign_version,
        name="campaign_version",
    ),
    path("dang-bo/<int:pk>/cap-uy/", campaigns.committee_executive, name="committee_executive"),
    path("dang-bo/<int:pk>/quy-dinh/", rules.committee_rules, name="committee_rules"),
    path(
        "dang-bo/<int:pk>/tieu-chi/<slug:kind>/",
        criteria.committee_criteria,
        name="committee_criteria",
    ),
    path(
        "dang-bo/<int:pk>/dieu-kien/<slug:kind>/",
        conditions.committee_conditions,
        name="committee_conditions",
    ),
    path("dang-bo/<int:pk>/truong-hop/", flags.committee_flags, name="committee_flags"),
    path("dang-bo/<int:pk>/chuc-vu/", posts.committee_posts, name="committee_posts"),
    path("dang-bo/<int:pk>/nhom-chuc-vu/", groups.committee_groups, name="committee_groups"),
    path("chi-bo/<int:pk>/", rules.cell, name="cell"),
    path("chi-bo/<int:pk>/nhiem-ky/", rules.cell_term, name="cell_term"),
    path("chi-bo/<int:pk>/quy-dinh/", rules.cell_rules, name="cell_rules"),
    path("chi-bo/<int:pk>/tieu-chi/<slug:kind>/", criteria.cell_criteria, name="cell_criteria"),
    path(
        "chi-bo/<int:pk>/dieu-kien/<slug:kind>/",
        conditions.cell_conditions,
        name="cell_conditions",
    ),
    path("chi-bo/<int:pk>/truong-hop/", flags.cell_flags, name="cell_flags"),
    path("chi-bo/<int:pk>/chuc-vu/", posts.cell_posts, name="cell_posts"),
    path("quy-dinh/<int:pk>/bo/", rules.setting_remove, name="setting_remove"),
]
