"""Whether anybody can tell who cast which ballot: meetings that are played to be attacked (`audit_secrecy`)."""
