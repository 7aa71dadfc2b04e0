"""Addresses of the app members."""

from django.urls import path

from .views import accounts, joining, people

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
    path("hop/", joining.phone, name="phone"),
    path("toi/<str:token>/", joining.personal_link, name="personal_link"),
    path("chi-bo/<int:pk>/dang-vien/", people.member_list, name="member_list"),
    path("chi-bo/<int:pk>/dang-vien/them/", people.member_add, name="member_add"),
    path("dang-vien/<int:pk>/", people.member_edit, name="member_edit"),
    path("dang-vien/<int:pk>/lien-ket/", people.member_link, name="member_link"),
]
