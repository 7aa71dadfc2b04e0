"""The program as a service of one machine: certificate, port, one program at a time, the unit of systemd."""
