"""Addresses of the app members."""

from django.conf import settings
from django.urls import path

from cells.converters import PERIOD
from members.accounts import passkey_views as passkeys
from members.accounts import second_factor_views as second_factor
from members.accounts import session_views as sessions
from members.accounts import set_up_views
from members.accounts import views as accounts
from members.files import views as attachments
from members.former import views as former
from members.imports import sheet_views
from members.joining import views as joining
from members.offices import views as offices
from members.people import post_views, transfer_views
from members.people import views as people
from members.places import tree_views
from members.places import views as places
from members.prompts import views as prompting
from members.reviews import remark_views
from members.reviews import views as review
from members.seats import views as seats

app_name = "members"
urlpatterns = [
    path("bat-dau/", set_up_views.first_run, name="set_up"),
    path("dang-nhap/", accounts.sign_in, name="sign_in"),
    path("dang-xuat/", accounts.sign_out, name="sign_out"),
    path("dang-nhap/lien-ket/", accounts.sign_in_link, name="sign_in_link"),
    path("dang-nhap/ma/", second_factor.second_step, name="second_step"),
    path("dang-nhap/ma/khoa/", passkeys.passkey_step, name="passkey_step"),
    path("dat-mat-khau/", accounts.set_password, name="set_password"),
    path("vao-lai/", accounts.way_back, name="way_back"),
    path("tai-khoan-cua-toi/", sessions.account, name="account"),
    path("tai-khoan-cua-toi/thu/", sessions.account_mail, name="account_mail"),
    path("tai-khoan-cua-toi/con-day/", sessions.still_here, name="still_here"),
    path("tai-khoan-cua-toi/noi-khac/", sessions.sessions_end, name="sessions_end"),
    path("tai-khoan-cua-toi/noi-khac/<int:pk>/", sessions.session_end, name="session_end"),
    path("tai-khoan-cua-toi/lop-thu-hai/", second_factor.page, name="second_factor"),
    path("tai-khoan-cua-toi/lop-thu-hai/bat/", second_factor.begin, name="second_factor_begin"),
    path(
        "tai-khoan-cua-toi/lop-thu-hai/may-moi/",
        second_factor.confirm,
        name="second_factor_confirm",
    ),
    path("tai-khoan-cua-toi/lop-thu-hai/ma-giay/", second_factor.renew_codes, name="renew_codes"),
    path("tai-khoan-cua-toi/lop-thu-hai/tat/", second_factor.turn_off, name="second_factor_off"),
    path("tai-khoan-cua-toi/lop-thu-hai/khoa/", passkeys.begin, name="passkey_begin"),
    path("tai-khoan-cua-toi/lop-thu-hai/khoa/moi/", passkeys.new, name="passkey_new"),
    path("tai-khoan-cua-toi/lop-thu-hai/khoa/xac-nhan/", passkeys.prove, name="passkey_prove"),
    path(
        "tai-khoan-cua-toi/lop-thu-hai/khoa/<int:pk>/bo/", passkeys.remove, name="passkey_remove"
    ),
    path("vao/", joining.join, name="join"),
    path("vao/<str:code>/", joining.join_code, name="join_code"),
    path("vao/<str:code>/chon/", joining.pick, name="pick"),
    path("cho/", joining.wait, name="wait"),
    path("toi/<str:token>/", joining.personal_link, name="personal_link"),
    path("ban-kiem-diem/", review.review, name="review"),
    path(f"ban-kiem-diem/ky/<{PERIOD}:period>/", review.review, name="review_of"),
    path(
        f"chi-bo/<int:pk>/<{PERIOD}:period>/chi-uy/",
        remark_views.executive_remarks,
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
    path("chi-bo/<int:pk>/dang-vien/nhan/", transfer_views.member_receive, name="member_receive"),
    path("chi-bo/<int:pk>/dang-vien/tai-excel/", sheet_views.member_sheet, name="member_sheet"),
    path("chi-bo/<int:pk>/dang-vien/nhap/", sheet_views.member_import, name="member_import"),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/trang-tinh/",
        sheet_views.member_import_pages,
        name="member_import_pages",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/xem/",
        sheet_views.member_import_preview,
        name="member_import_preview",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/dong-loi/",
        sheet_views.member_import_errors,
        name="member_import_errors",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/la-ai/",
        sheet_views.member_import_answer,
        name="member_import_answer",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/ap-dung/",
        sheet_views.member_import_apply,
        name="member_import_apply",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/chuc-vu/",
        sheet_views.member_import_offices,
        name="member_import_offices",
    ),
    path(
        "chi-bo/<int:pk>/dang-vien/nhap/bo/",
        sheet_views.member_import_drop,
        name="member_import_drop",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/tai-excel/",
        sheet_views.committee_sheet,
        name="committee_sheet",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/trang-tinh/",
        sheet_views.committee_import_pages,
        name="committee_import_pages",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/xem/",
        sheet_views.committee_import_preview,
        name="committee_import_preview",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/dong-loi/",
        sheet_views.committee_import_errors,
        name="committee_import_errors",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/la-ai/",
        sheet_views.committee_import_answer,
        name="committee_import_answer",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/ap-dung/",
        sheet_views.committee_import_apply,
        name="committee_import_apply",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/chuc-vu/",
        sheet_views.committee_import_offices,
        name="committee_import_offices",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/bo/",
        sheet_views.committee_import_drop,
        name="committee_import_drop",
    ),
    path(
        "dang-bo/<int:pk>/dang-vien/nhap/tao-chi-bo/",
        sheet_views.committee_import_cells,
        name="committee_import_cells",
    ),
    path("dang-bo/<int:pk>/to-chuc/", places.places, name="places"),
    path("dang-bo/<int:pk>/to-chuc/them-chi-bo/", places.cell_add, name="cell_add"),
    path("dang-bo/<int:pk>/to-chuc/them-dang-bo/", places.committee_add, name="committee_add"),
    path("dang-bo/<int:pk>/to-chuc/doi-ten/", places.committee_rename, name="committee_rename"),
    path("dang-bo/<int:pk>/to-chuc/sap-nhap/", places.committee_merge, name="committee_merge"),
    path("dang-bo/<int:pk>/to-chuc/chuyen/", places.committee_move, name="committee_move"),
    path("dang-bo/<int:pk>/to-chuc/chia-tach/", places.committee_split, name="committee_split"),
    path(
        "dang-bo/<int:pk>/to-chuc/giai-the/", places.committee_dissolve, name="committee_dissolve"
    ),
    path("dang-bo/<int:pk>/to-chuc/nhap/", tree_views.tree_import, name="tree_import"),
    path("dang-bo/<int:pk>/to-chuc/nhap/ap-dung/", tree_views.tree_apply, name="tree_apply"),
    path("dang-bo/<int:pk>/con-thieu/", places.missing, name="missing"),
    path("chi-bo/<int:pk>/nam-truoc/nhap/", former.former_import, name="former_import"),
    path("chi-bo/<int:pk>/nam-truoc/ghi/", former.former_apply, name="former_apply"),
    path("chi-bo/<int:pk>/to-chuc/", places.cell_place, name="cell_place"),
    path("chi-bo/<int:pk>/to-chuc/doi-ten/", places.cell_rename, name="cell_rename"),
    path("chi-bo/<int:pk>/to-chuc/chuyen/", places.cell_move, name="cell_move"),
    path("chi-bo/<int:pk>/to-chuc/giai-the/", places.cell_dissolve, name="cell_dissolve"),
    path("chi-bo/<int:pk>/to-chuc/ban-giao/", offices.office_hand_over, name="office_hand_over"),
    path("chi-bo/<int:pk>/to-chuc/thoi-giu/<int:office>/", offices.office_end, name="office_end"),
    path("dang-bo/<int:pk>/tai-khoan/", offices.account_list, name="account_list"),
    path("dang-bo/<int:pk>/tai-khoan/them/", offices.account_add, name="account_add"),
    path("tai-khoan/<int:pk>/khoa/", offices.account_lock, name="account_lock"),
    path("tai-khoan/<int:pk>/mo-khoa/", offices.account_unlock, name="account_unlock"),
    path(
        "tai-khoan/<int:pk>/dat-lai-lop-thu-hai/",
        offices.second_factor_reset,
        name="second_factor_reset",
    ),
    path("dang-bo/<int:pk>/cap-uy-vien/", seats.seats, name="seats"),
    path("dang-bo/<int:pk>/cap-uy-vien/ghi/", seats.seat_give, name="seat_give"),
    path("dang-bo/<int:pk>/cap-uy-vien/<int:seat>/thoi/", seats.seat_end, name="seat_end"),
    path("dang-bo/<int:pk>/nhat-ky/", offices.audit_list, name="audit_list"),
    path("dang-vien/<int:pk>/", people.member_edit, name="member_edit"),
    path(
        f"dang-vien/<int:pk>/<{PERIOD}:period>/nhan-xet/",
        remark_views.assessments,
        name="assessments",
    ),
    path(f"chi-bo/<int:pk>/<{PERIOD}:period>/goi-y/", prompting.prompts, name="prompts"),
    path("goi-y/<int:pk>/rut/", prompting.prompt_withdraw, name="prompt_withdraw"),
    path("dang-vien/<int:pk>/qua-trinh/", transfer_views.member_history, name="member_history"),
    path("dang-vien/<int:pk>/chuc-vu/", post_views.member_posts, name="member_posts"),
    path(
        "dang-vien/<int:pk>/chuc-vu/<int:post>/thoi-giu/",
        post_views.member_post_end,
        name="member_post_end",
    ),
    path("dang-vien/<int:pk>/tro-lai/", transfer_views.member_back, name="member_back"),
    path("dang-vien/<int:pk>/lien-ket/", people.member_link, name="member_link"),
]
if settings.ADMIN:  # its own sign-in page would ask for no second factor
    urlpatterns.append(path("quan-tri/login/", accounts.sign_in, name="sign_in_to_admin"))
