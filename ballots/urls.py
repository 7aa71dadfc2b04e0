"""Addresses of the app ballots."""

from django.urls import URLPattern, path

from ballots.views import checkin, meeting, papers, projector, reports, talk, voting

app_name = "ballots"
urlpatterns: list[URLPattern] = [
    path("chi-bo/<int:pk>/hoi-nghi-moi/", meeting.meeting_plan, name="meeting_plan"),
    path("hoi-nghi/<int:pk>/", meeting.meeting, name="meeting"),
    path("hoi-nghi/<int:pk>/danh-sach/", meeting.roster, name="roster"),
    path("hoi-nghi/<int:pk>/nhiem-vu/", meeting.duty, name="duty"),
    path("hoi-nghi/<int:pk>/hop-thu/", meeting.rehearsal_start, name="rehearsal_start"),
    path("hoi-nghi/<int:pk>/hop-thu/ket-thuc/", meeting.rehearsal_end, name="rehearsal_end"),
    path("hoi-nghi/<int:pk>/khai-mac/", meeting.meeting_open, name="meeting_open"),
    path("hoi-nghi/<int:pk>/muc-tiep-theo/", meeting.meeting_next, name="meeting_next"),
    path("hoi-nghi/<int:pk>/be-mac/", meeting.meeting_close, name="meeting_close"),
    path("hoi-nghi/<int:pk>/man-chieu/", projector.projector, name="projector"),
    path("hoi-nghi/<int:pk>/diem-danh/", checkin.checkin, name="checkin"),
    path("hoi-nghi/<int:pk>/diem-danh/mo/", checkin.checkin_open, name="checkin_open"),
    path("hoi-nghi/<int:pk>/diem-danh/dong/", checkin.checkin_close, name="checkin_close"),
    path("hoi-nghi/<int:pk>/diem-danh/nhan/", checkin.admit, name="admit"),
    path("hoi-nghi/<int:pk>/diem-danh/nhan-tat-ca/", checkin.admit_all, name="admit_all"),
    path("hoi-nghi/<int:pk>/diem-danh/tra-lai/", checkin.refuse, name="refuse"),
    path("hoi-nghi/<int:pk>/diem-danh/ghi/", checkin.mark, name="mark"),
    path("hoi-nghi/<int:pk>/diem-danh/cach-bo-phieu/", checkin.set_door, name="set_door"),
    path("hoi-nghi/<int:pk>/hop-thu/du-nguoi/", checkin.rehearsal_fill, name="rehearsal_fill"),
    path("hoi-nghi/<int:pk>/khach/", checkin.guests, name="guests"),
    path("hoi-nghi/<int:pk>/khach/bo/", checkin.guest_remove, name="guest_remove"),
    path("hoi-nghi/<int:pk>/bao-cao/", talk.report, name="report"),
    path("hoi-nghi/<int:pk>/gop-y/", talk.comments, name="comments"),
    path("hoi-nghi/<int:pk>/gop-y/bo/", talk.comment_remove, name="comment_remove"),
    path("hoi-nghi/<int:pk>/to-kiem-phieu/", talk.tellers, name="tellers"),
    path("hoi-nghi/<int:pk>/bien-ban/", papers.minutes, name="minutes"),
    path("hoi-nghi/<int:pk>/thong-qua/", papers.minutes_pass, name="minutes_pass"),
    path(
        "hoi-nghi/<int:pk>/du-thao/<str:kind>.<str:ending>", papers.paper_draft, name="paper_draft"
    ),
    path("hoi-nghi/<int:pk>/ket-qua.json", papers.meeting_figures, name="meeting_figures"),
    path("van-ban/<int:pk>.<str:ending>", papers.paper, name="paper"),
    path("kiem-tra/", papers.paper_check, name="paper_check_form"),
    path("kiem-tra/<str:code>/", papers.paper_check, name="paper_check"),
    path("dang-bo/<int:pk>/<int:year>/van-ban.zip", reports.committee_zip, name="committee_zip"),
    path(
        "dang-bo/<int:pk>/<int:year>/tong-hop.xlsx", reports.committee_xlsx, name="committee_xlsx"
    ),
    path("phat-phieu", voting.stamp, name="stamp"),
    path("da-nhan", voting.acknowledge, name="acknowledge"),
    path("doi-phieu", voting.stamp_slip, name="stamp_slip"),
]
