"""Real processes of a real installation, killed and hindered while meetings are held: `make drills`."""

# How a file ends that says which thread of which process waits for its death (deadly.py).
WAITS = ".waits"
# The file without which nobody waits: a pattern of the addresses posted to.
ARMED = "armed"
