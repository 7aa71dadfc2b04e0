"""The cell's file (hồ sơ): its papers and places, the checks, and sending it up."""
