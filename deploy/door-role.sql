-- Quyền của cửa bỏ phiếu trên PostgreSQL. Chạy bằng tài khoản quản trị, trong cơ sở dữ liệu của phần mềm, sau
-- `manage.py migrate`, mỗi lần nâng cấp một lần nữa; rồi đặt mật khẩu cho vai trò này. Cửa chạy thành tiến trình riêng:
--   DATABASE_URL=postgres://partyreview_door:…@…/… gunicorn partyreview.wsgi:door
-- Nó đọc được lượt bỏ phiếu và tờ phiếu (cả tên đứng trên phiếu), thêm được phiếu vào hòm, và không đọc được ai nhận phiếu.
DO $$ BEGIN CREATE ROLE partyreview_door LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT ON ballots_poll TO partyreview_door;
-- Khoá một dòng (FOR SHARE) đòi quyền sửa ít nhất một cột: cột này không dùng vào việc gì khác.
GRANT UPDATE (door_lock) ON ballots_poll TO partyreview_door;
GRANT SELECT, INSERT ON ballots_box TO partyreview_door;
-- Tên thư mục khoá trong bộ nhớ; khoá thì không nằm trong cơ sở dữ liệu.
GRANT SELECT ON ballots_keyfolder TO partyreview_door;
GRANT SELECT (hash, poll_id) ON ballots_sealed TO partyreview_door;
-- Không một câu lệnh nào của cửa được hiện ra hay ghi vào nhật ký; phiếu chỉ báo “đã nhận” khi đã ghi xuống đĩa.
ALTER ROLE partyreview_door SET track_activities = off;
ALTER ROLE partyreview_door SET log_min_error_statement = panic;
ALTER ROLE partyreview_door SET log_min_duration_statement = -1;
ALTER ROLE partyreview_door SET log_statement = none;
ALTER ROLE partyreview_door SET synchronous_commit = on;
