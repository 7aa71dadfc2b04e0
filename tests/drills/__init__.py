"""Real processes of a real installation, killed at random while meetings are held: `make drills`."""
