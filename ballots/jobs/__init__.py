"""Work beside the pages: asked for, done by a worker or at once, watched, stopped, and fetched."""
