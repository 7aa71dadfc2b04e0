"""Addresses of the app members."""

from django.urls import path

from cells.converters import PERIOD

from .views import (
    accounts,
    assessments,
    attachments,
    joining,
    people,
    review,
    sheets,
    transfers,
)

app_name = "members"
urlpatterns = [
    path("dang-nhap/", accounts.sign_in, name="sign_in"),
    path("dang-xuat/", accounts.sign_out, name="sign_out"),
    path("dang-nhap/lien-ket/", accounts.sign_in_link, name="sign_in_link"),
    path("dat-mat-khau/", accounts.set_password, name="set_password"),
    path("vao/", joining.join, name="join"),
    path("vao/<str:code>/", joining.join_code, name="join_code"),
    path("vao/<str:code>/chon/", joining.pick, name="pick"),
    path("cho/", joining.wait, name="wait"),
    path("toi/<str:token>/", joining.personal_link, name="personal_link"),
    path("ban-kiem-diem/", review.review, name="review"),
    path(f"ban-kiem-diem/ky/<{PERIOD}:period>/", review.review, name="review_of"),
    path(
        f"chi-bo/<int:pk>/<{PERIOD}:period>/chi-uy/",
        assessments.executive_remarks,
        name="executive_remarks",
    ),
    path(
        f"chi-bo/<int:pk>/<{PERIOD}:period>/tep-kem/",
        attachments.attachment_list,
        name="attachments",
    ),
    path("tep-kem/<int:pk>/", attachments.attachment, name="attachment"),
    path("tep-kem/<int:pk>/thay/", attachments.attachment_supersede, name="attachment_supersede"),
    path("chi-bo/<int:pk>/dang-vien/", people.member_list, name="member_list"),
    path("chi-bo/<int:pk>/dang-vien/them/", people.member_add, name="member_add"),
    path("chi-bo/<int:pk>/dang-vien/nhan/", transfers.member_receive, name="member_receive"),
    path("chi-bo/<int:pk>/dang-vien/tai-excel/", sheets.member_sheet, name="member_sheet"),
    path("chi-bo/<int:pk>/dang-vien/nhap/", sheets.member_import, name="member_import"),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/xem/",
        sheets.member_import_preview,
        name="member_import_preview",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/dong-loi/",
        sheets.member_import_errors,
        name="member_import_errors",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/ap-dung/",
        sheets.member_import_apply,
        name="member_import_apply",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/bo/", sheets.member_import_drop, name="member_import_drop"
    ),
    path("dang-bo/<int:pk>/dang-vien/tai-excel/", sheets.committee_sheet, name="committee_sheet"),
    path("dang-bo/<int:pk>/dang-vien/nhap/", sheets.committee_import, name="committee_import"),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/xem/",
        sheets.committee_import_preview,
        name="committee_import_preview",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/dong-loi/",
        sheets.committee_import_errors,
        name="committee_import_errors",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/ap-dung/",
        sheets.committee_import_apply,
        name="committee_import_apply",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/bo/",
        sheets.committee_import_drop,
        name="committee_import_drop",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/tao-chi-bo/",
        sheets.committee_import_cells,
        name="committee_import_cells",
    ),
    path("dang-vien/<int:pk>/", people.member_edit, name="member_edit"),
    path(
        f"dang-vien/<int:pk>/<{PERIOD}:period>/nhan-xet/",
        assessments.assessments,
        name="assessments",
    ),
    path("dang-vien/<int:pk>/qua-trinh/", transfers.member_history, name="member_history"),
    path("dang-vien/<int:pk>/tro-lai/", transfers.member_back, name="member_back"),
    path("dang-vien/<int:pk>/lien-ket/", people.member_link, name="member_link"),
]
