"""`make pictures`: hold the seed meeting on a database of this run alone, and take the pictures of README.md.

Another folder than docs/pictures may be named: CI takes them only to see that they can be taken. The evening of
`make screens` is played too, without a picture, so that it is noticed here when it no longer goes on.
"""

import sys
from pathlib import Path

from tests.pictures import site


def main(target: str = "docs/pictures") -> None:
    """Serve the site from a folder in its embedded mode, play, and write the pictures to `target`."""
    with site.embedded():
        from tests.pictures import scenes

        scenes.take_all(Path(target))
        from tests.pictures.evening import Evening

        for _ in Evening(3).steps():
            pass


main(*sys.argv[1:])
