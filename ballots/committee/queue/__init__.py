"""Hồ sơ chờ duyệt: the files that wait for an officer, one after the other or many clean ones at once."""
