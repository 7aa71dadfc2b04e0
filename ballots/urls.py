"""Addresses of the app ballots."""

from django.urls import URLPattern, path

from ballots.appraisal import views as appraisal
from ballots.committee.acts import views as acts
from ballots.committee.api import token_views
from ballots.committee.board import views as board
from ballots.committee.closing import views as closings
from ballots.committee.decision import papers as decision_papers
from ballots.committee.decision import views as deciding
from ballots.committee.downloads import views as reports
from ballots.committee.imports import views as imports
from ballots.committee.invitations import views as invitations
from ballots.committee.queue import views as waiting
from ballots.committee.quota import views as quota
from ballots.committee.record import views as record
from ballots.committee.reminding import views as reminding
from ballots.committee.reopening import views as reopenings
from ballots.committee.retention import views as retention
from ballots.committee.review import views as submission
from ballots.committee.rollups import views as rollups
from ballots.committee.sitting import concluding, talking
from ballots.committee.sitting import views as sitting
from ballots.committee.upward import views as upward
from ballots.dossier.views import papers as file_papers
from ballots.dossier.views import sending
from ballots.handbook import views as handbook
from ballots.jobs import views as jobs
from ballots.linkage.views import secrecy_audit
from ballots.meeting.views import (
    checkin,
    collectives,
    many,
    meeting,
    minutes,
    projector,
    results,
    self_reviews,
    talk,
)
from ballots.news import views as news
from ballots.phone import my_years, own_form
from ballots.phone import views as phone
from ballots.report import answers_view
from ballots.report import views as report
from ballots.voting.views import counting, envelopes, invalid, polls, voting
from ballots.year.views import cell_years, guides, home, personal, review, reviews
from cells.converters import PERIOD

app_name = "ballots"
urlpatterns: list[URLPattern] = [
    # First, for a whole hall asks at once.
    path("phat-phieu", voting.stamp, name="stamp"),
    path("da-nhan", voting.acknowledge, name="acknowledge"),
    path("doi-phieu", voting.stamp_slip, name="stamp_slip"),
    path("", home.home, name="home"),
    path("huong-dan/<slug:whom>.pdf", guides.guide, name="guide"),
    path("huong-dan/<slug:slug>/", handbook.phone_book, name="phone_book"),
    path("so-tay/", handbook.handbook, name="handbook"),
    path("so-tay/kiem-tra-phieu-kin/", secrecy_audit, name="secrecy_audit"),
    path("so-tay/<slug:slug>/", handbook.book, name="book"),
    path("chi-bo/<int:pk>/hoi-nghi-moi/", meeting.meeting_plan, name="meeting_plan"),
    path(f"chi-bo/<int:pk>/<{PERIOD}:period>/danh-sach/", review.review_list, name="review_list"),
    path(f"chi-bo/<int:pk>/<{PERIOD}:period>/ban-kiem-diem/", reviews.reviews, name="reviews"),
    path("ban-kiem-diem/<int:pk>/", reviews.review_read, name="review_read"),
    path("danh-sach/<int:pk>/", review.review_line, name="review_line"),
    path("danh-sach/<int:pk>/theo-quy-dinh/", review.review_line_reset, name="review_line_reset"),
    path("hoi-nghi/<int:pk>/", meeting.meeting, name="meeting"),
    path("hoi-nghi/<int:pk>/danh-gia/", appraisal.appraisal, name="appraisal"),
    path(
        "hoi-nghi/<int:pk>/danh-gia/<slug:key>/",
        appraisal.appraisal_subject,
        name="appraisal_subject",
    ),
    path("hoi-nghi/<int:pk>/quy-dinh/", meeting.meeting_rules, name="meeting_rules"),
    path("hoi-nghi/<int:pk>/danh-sach/", meeting.roster, name="roster"),
    path("hoi-nghi/<int:pk>/nhiem-vu/", meeting.duty, name="duty"),
    path("hoi-nghi/<int:pk>/danh-sach/them/", meeting.list_newcomers, name="list_newcomers"),
    path("hoi-nghi/<int:pk>/gio-va-noi-hop/", meeting.reschedule, name="reschedule"),
    path("hoi-nghi/<int:pk>/hop-thu/", meeting.rehearsal_start, name="rehearsal_start"),
    path("hoi-nghi/<int:pk>/hop-thu/ket-thuc/", meeting.rehearsal_end, name="rehearsal_end"),
    path("hoi-nghi/<int:pk>/khai-mac/", meeting.meeting_open, name="meeting_open"),
    path("hoi-nghi/<int:pk>/muc-tiep-theo/", meeting.meeting_next, name="meeting_next"),
    path("hoi-nghi/<int:pk>/muc-truoc/", meeting.meeting_previous, name="meeting_previous"),
    path("hoi-nghi/<int:pk>/be-mac/", meeting.meeting_close, name="meeting_close"),
    path("hoi-nghi/<int:pk>/man-chieu/", projector.projector, name="projector"),
    path("hoi-nghi/<int:pk>/diem-danh/", checkin.checkin, name="checkin"),
    path("hoi-nghi/<int:pk>/diem-danh/mo/", checkin.checkin_open, name="checkin_open"),
    path("hoi-nghi/<int:pk>/diem-danh/dong/", checkin.checkin_close, name="checkin_close"),
    path("hoi-nghi/<int:pk>/diem-danh/doi-ma/", checkin.checkin_code, name="checkin_code"),
    path("hoi-nghi/<int:pk>/diem-danh/nhan/", checkin.admit, name="admit"),
    path("hoi-nghi/<int:pk>/diem-danh/nhan-tat-ca/", checkin.admit_all, name="admit_all"),
    path("hoi-nghi/<int:pk>/diem-danh/tra-lai/", checkin.refuse, name="refuse"),
    path("hoi-nghi/<int:pk>/diem-danh/tu-choi-tat-ca/", checkin.refuse_all, name="refuse_all"),
    path("hoi-nghi/<int:pk>/diem-danh/ghi/", checkin.mark, name="mark"),
    path("hoi-nghi/<int:pk>/diem-danh/ra-ve/", checkin.leave, name="leave"),
    path("hoi-nghi/<int:pk>/diem-danh/cach-bo-phieu/", checkin.set_door, name="set_door"),
    path("hoi-nghi/<int:pk>/hop-thu/du-nguoi/", checkin.rehearsal_fill, name="rehearsal_fill"),
    path("hoi-nghi/<int:pk>/khach/", checkin.guests, name="guests"),
    path("hoi-nghi/<int:pk>/khach/bo/", checkin.guest_remove, name="guest_remove"),
    path("hoi-nghi/<int:pk>/bao-cao/", report.report, name="report"),
    path(
        "hoi-nghi/<int:pk>/bao-cao/tap-the/<int:collective>/",
        report.collective_report,
        name="collective_report",
    ),
    path("hoi-nghi/<int:pk>/tap-the-lanh-dao/", collectives.collectives, name="collectives"),
    path(
        "hoi-nghi/<int:pk>/tap-the-lanh-dao/bo/",
        collectives.collective_drop,
        name="collective_drop",
    ),
    path(
        "hoi-nghi/<int:pk>/han-che-nam-truoc/",
        answers_view.meeting_promises,
        name="meeting_promises",
    ),
    path("hoi-nghi/<int:pk>/gop-y/", talk.comments, name="comments"),
    path("hoi-nghi/<int:pk>/gop-y/bo/", talk.comment_remove, name="comment_remove"),
    path("hoi-nghi/<int:pk>/gop-y/<int:comment>/", talk.comment_edit, name="comment_edit"),
    path("hoi-nghi/<int:pk>/diem-danh/nhieu/", many.many, name="many"),
    path("hoi-nghi/<int:pk>/tu-kiem-diem/", self_reviews.self_reviews, name="self_reviews"),
    path("hoi-nghi/<int:pk>/to-kiem-phieu/", talk.tellers, name="tellers"),
    path("hoi-nghi/<int:pk>/bien-ban/", minutes.minutes, name="minutes"),
    path("hoi-nghi/<int:pk>/thong-qua/", minutes.minutes_pass, name="minutes_pass"),
    path(
        "hoi-nghi/<int:pk>/du-thao/<str:kind>.<str:ending>",
        minutes.paper_draft,
        name="paper_draft",
    ),
    path("hoi-nghi/<int:pk>/ho-so/", file_papers.dossier, name="dossier"),
    path(
        "hoi-nghi/<int:pk>/bao-cao/tap-the/<int:collective>.<str:ending>",
        file_papers.collective_paper,
        name="collective_paper",
    ),
    path(
        "hoi-nghi/<int:pk>/ban-kiem-diem/<int:member>.<str:ending>",
        file_papers.personal_form,
        name="personal_form",
    ),
    path("luot/<str:poll>/phieu-giay.docx", polls.ballot_word, name="ballot_word"),
    path("hoi-nghi/<int:pk>/gui-cap-tren/", sending.sending, name="sending"),
    path("cho-sua/<int:pk>/tra-loi/", sending.pin_answer, name="pin_answer"),
    path("hoi-nghi/<int:pk>/ho-so-da-gui/", submission.submission, name="submission"),
    path("hoi-nghi/<int:pk>/nhat-ky/", record.file_record, name="file_record"),
    path("hoi-nghi/<int:pk>/duyet-ho-so/", submission.approve, name="approve"),
    path("ho-so-cho-duyet/", waiting.queue, name="queue"),
    path("ho-so-cho-duyet/tiep-theo/", waiting.next_file, name="next_file"),
    path("ho-so-cho-duyet/hang-loat/", waiting.batch_approval, name="batch"),
    path("hoi-nghi/<int:pk>/mo-lai-ho-so/", reopenings.reopening, name="reopening"),
    path("hoi-nghi/<int:pk>/quyet-dinh/", deciding.decision, name="decision"),
    path(
        "hoi-nghi/<int:pk>/quyet-dinh/du-thao/<str:kind>.<str:ending>",
        decision_papers.decision_draft,
        name="decision_draft",
    ),
    path(
        "quyet-dinh/<int:pk>/van-ban/<str:kind>.<str:ending>",
        decision_papers.decision_paper,
        name="decision_paper",
    ),
    path(
        "quyet-dinh/<int:pk>/thong-bao/<int:member>.<str:ending>",
        decision_papers.decision_notice,
        name="decision_notice",
    ),
    path("kien-nghi/<int:pk>/tra-loi/", deciding.petition_answer, name="petition_answer"),
    path("hoi-nghi/<int:pk>/ho-so.zip", sending.dossier_zip, name="dossier_zip"),
    path("hoi-nghi/<int:pk>/ket-qua.json", minutes.meeting_figures, name="meeting_figures"),
    path("van-ban/<int:pk>.<str:ending>", minutes.paper, name="paper"),
    path("kiem-tra/", minutes.paper_check, name="paper_check_form"),
    path("kiem-tra/<str:code>/", minutes.paper_check, name="paper_check"),
    path("dang-bo/<int:pk>/", board.committee, name="committee"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/nhac/", board.reminder, name="reminder"),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/nhac/gui/",
        reminding.reminder_send,
        name="reminder_send",
    ),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/ket-thuc/", closings.closing, name="closing"),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/mo-lai-dot/",
        closings.reopening,
        name="closing_undone",
    ),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/tap-the/", board.bodies, name="committee_bodies"),
    path("dang-bo/<int:pk>/moi/", invitations.invitations, name="invitations"),
    path("dang-bo/<int:pk>/moi/phieu/", invitations.invitation_cards, name="invitation_cards"),
    path("tai-khoan/<int:pk>/moi/", invitations.invite, name="invite"),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/van-ban.zip",
        reports.committee_zip,
        name="committee_zip",
    ),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/tong-hop.xlsx",
        reports.committee_xlsx,
        name="committee_xlsx",
    ),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/lap-tong-hop/",
        reports.committee_summary,
        name="committee_summary",
    ),
    path("dang-bo/<int:pk>/lap-danh-sach/", reports.committee_members, name="committee_members"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/tong-hop/", rollups.rollup, name="rollup"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/bao-cao/", upward.upward, name="upward"),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/bao-cao/<str:kind>.<str:ending>",
        upward.upward_draft,
        name="upward_draft",
    ),
    path("bao-cao-cap-uy/<int:pk>/", upward.upward_file, name="upward_file"),
    path("bao-cao-cap-uy/<int:pk>/duyet/", upward.upward_approve, name="upward_approve"),
    path("van-ban-cap-uy/<int:pk>/", upward.upward_paper, name="upward_paper"),
    path(f"dang-bo/<int:pk>/<{PERIOD}:period>/ty-le/", quota.quota, name="quota"),
    path("dang-bo/<int:pk>/dang-vien/nhap/", imports.committee_import, name="committee_import"),
    path("dang-bo/<int:pk>/dang-vien/tep/", imports.sheet_preview, name="sheet_preview"),
    path("dang-bo/<int:pk>/dang-vien/tep/dong-loi/", imports.sheet_errors, name="sheet_errors"),
    path("dang-bo/<int:pk>/dang-vien/tep/tra-loi/", imports.sheet_answer, name="sheet_answer"),
    path("dang-bo/<int:pk>/dang-vien/tep/tinh-lai/", imports.sheet_again, name="sheet_again"),
    path("dang-bo/<int:pk>/dang-vien/tep/ap-dung/", imports.sheet_apply, name="sheet_apply"),
    path("dang-bo/<int:pk>/dang-vien/tep/bo/", imports.sheet_drop, name="sheet_drop"),
    path("dang-bo/<int:pk>/dang-vien/tep/tao-chi-bo/", imports.sheet_cells, name="sheet_cells"),
    path("du-thao/<int:pk>/", quota.quota_draft, name="quota_draft"),
    path("du-thao/<int:pk>/cap-nhat/", quota.quota_refresh, name="quota_refresh"),
    path("du-thao/<int:pk>/nang-tran/", quota.quota_raise, name="quota_raise"),
    path("du-thao/<int:pk>/dua-vao-nhom/", quota.quota_place, name="quota_place"),
    path("du-thao/<int:pk>/chep/", quota.quota_copy, name="quota_copy"),
    path("du-thao/<int:pk>/xoa/", quota.quota_delete, name="quota_delete"),
    path("du-thao/<int:pk>/so-sanh/", quota.quota_compare, name="quota_compare"),
    path("du-thao/<int:pk>/du-thao.xlsx", quota.quota_xlsx, name="quota_xlsx"),
    path("du-thao/truong-hop/<int:pk>/doi/", quota.quota_move, name="quota_move"),
    path("dang-bo/<int:pk>/hoi-nghi/", sitting.sittings, name="sittings"),
    path("hoi-nghi/<int:pk>/truong-hop/", sitting.sitting_polls, name="sitting_polls"),
    path("hoi-nghi/<int:pk>/trieu-tap/", sitting.sitting_renew, name="sitting_renew"),
    path(
        "hoi-nghi/<int:pk>/truong-hop-cua-minh/", sitting.sitting_own_case, name="sitting_own_case"
    ),
    path("hoi-nghi/<int:pk>/hop-thu-cap-uy/", sitting.sitting_rehearse, name="sitting_rehearse"),
    path(
        "hoi-nghi/<int:pk>/ket-luan-truong-hop/",
        concluding.sitting_conclude,
        name="sitting_conclude",
    ),
    path(
        "hoi-nghi/<int:pk>/ket-luan-truong-hop/loi/",
        concluding.sitting_conclusion_text,
        name="sitting_conclusion_text",
    ),
    path("hoi-nghi/<int:pk>/y-kien/", talking.sitting_comments, name="sitting_comments"),
    path(
        "hoi-nghi/<int:pk>/y-kien/bo/",
        talking.sitting_comment_remove,
        name="sitting_comment_remove",
    ),
    path(
        "hoi-nghi/<int:pk>/y-kien/<int:comment>/",
        talking.sitting_comment_edit,
        name="sitting_comment_edit",
    ),
    path(
        f"dang-bo/<int:pk>/<{PERIOD}:period>/quyet-dinh/",
        acts.committee_decision,
        name="committee_decision",
    ),
    path("quyet-dinh-cap-uy/<int:pk>/", acts.committee_act, name="committee_act"),
    path(
        "quyet-dinh-cap-uy/<int:pk>/<slug:kind>.<slug:ending>",
        acts.committee_act_paper,
        name="committee_act_paper",
    ),
    path(
        "quyet-dinh-cap-uy/<int:pk>/soan/<slug:kind>/",
        acts.committee_act_job,
        name="committee_act_job",
    ),
    path("dang-bo/<int:pk>/ma-truy-cap/", token_views.tokens, name="tokens"),
    path("dang-bo/<int:pk>/ma-truy-cap/thu-hoi/", token_views.token_revoke, name="token_revoke"),
    path("dang-bo/<int:pk>/qua-han-luu/", retention.retention, name="retention"),
    path("viec-moi/", news.news, name="news"),
    path("viec-moi/da-doc/", news.news_read, name="news_read"),
    path("viec-moi/<int:pk>/", news.news_open, name="news_open"),
    path("viec-nen/", jobs.jobs, name="jobs"),
    path("viec-nen/<int:pk>/dung/", jobs.job_cancel, name="job_cancel"),
    path("viec-nen/<int:pk>/lam-ngay/", jobs.job_run, name="job_run"),
    path("viec-nen/<int:pk>/tep/", jobs.job_file, name="job_file"),
    path("hoi-nghi/<int:pk>/bo-phieu/", polls.polls, name="polls"),
    path("luot/<str:poll>/", polls.poll, name="poll"),
    path("luot/<str:poll>/mo-luot/", polls.poll_open, name="poll_open"),
    path("luot/<str:poll>/phat-lai/", polls.poll_reissue, name="poll_reissue"),
    path("luot/<str:poll>/mo-hom/", polls.poll_open_box, name="poll_open_box"),
    path("luot/<str:poll>/huy/", polls.poll_void, name="poll_void"),
    path("luot/<str:poll>/xoa/", polls.poll_drop, name="poll_drop"),
    path("luot/<str:poll>/dem-lai/", polls.poll_difference, name="poll_difference"),
    path("luot/<str:poll>/may-bao-do/", polls.poll_alarm, name="poll_alarm"),
    path("luot/<str:poll>/khoa-phong-bi/", envelopes.envelope_paper, name="envelope_paper"),
    path("luot/<str:poll>/in-khoa/", envelopes.envelope_key, name="envelope_key"),
    path("luot/<str:poll>/phong-bi/", envelopes.envelope, name="envelope"),
    path("luot/<str:poll>/de-nghi-mo/", envelopes.envelope_ask, name="envelope_ask"),
    path("luot/<str:poll>/chung-kien/", envelopes.envelope_witness, name="envelope_witness"),
    path("luot/<str:poll>/mo-phong-bi/", envelopes.envelope_open, name="envelope_open"),
    path("phong-bi/<str:poll>/", envelopes.envelope_code, name="envelope_code"),
    path("luot/<str:poll>/khong-hop-le/", invalid.poll_invalid, name="poll_invalid"),
    path("luot/<str:poll>/khong-nhan/", polls.poll_decline, name="poll_decline"),
    path("luot/<str:poll>/cach-bo-phieu/", polls.poll_door, name="poll_door"),
    path("luot/<str:poll>/phieu-boc-tham/", polls.poll_slips, name="poll_slips"),
    path("luot/<str:poll>/phieu-giay/", polls.poll_papers, name="poll_papers"),
    path("hoi-nghi/<int:pk>/ket-qua/", results.results, name="results"),
    path("hoi-nghi/<int:pk>/ket-luan/", results.conclude, name="conclude"),
    path("hoi-nghi/<int:pk>/ket-luan/loi/", results.conclusion_text, name="conclusion_text"),
    path("hop/", phone.phone, name="phone"),
    path("cac-nam/", my_years.my_years, name="my_years"),
    path("cac-nam/kien-nghi/<int:pk>/", my_years.petition, name="petition"),
    path("cac-nam/<int:year>/thong-bao.pdf", my_years.own_notice, name="own_notice"),
    path(f"cac-nam/<{PERIOD}:period>/ban-in/", own_form.own_form, name="own_form"),
    path(f"cac-nam/<{PERIOD}:period>/ban-in.pdf", own_form.own_form_pdf, name="own_form_pdf"),
    path("dang-vien/<int:pk>/du-lieu.zip", personal.member_data, name="member_data"),
    path("chi-bo/<int:pk>/cac-nam/", cell_years.cell_years, name="cell_years"),
    path("kiem-phieu/", counting.count, name="count"),
    path("kiem-phieu/danh-sach/", counting.roll_confirm, name="roll_confirm"),
    path("kiem-phieu/so-phieu/", counting.turnout, name="turnout"),
    path("kiem-phieu/dong-dau/", counting.stamp_paper, name="stamp_paper"),
    path("kiem-phieu/dong-hom/", counting.seal, name="seal"),
    path("kiem-phieu/phieu/", counting.sealed_ballots, name="sealed_ballots"),
    path("kiem-phieu/trung-khop/", counting.agree, name="agree"),
    path("kiem-phieu/khong-khop/", counting.disagree, name="disagree"),
    path("kiem-phieu/khoa-phong-bi/", envelopes.envelope_read, name="envelope_read"),
    path("kiem-phieu/xac-nhan/", counting.confirm, name="confirm"),
]
