"""`make pictures`: hold the seed meeting on a database of this run alone, and take the pictures of README.md.

Another folder than docs/pictures may be named: CI takes them only to see that they can be taken. The evenings of
`make screens` are played too, without a picture, so that it is noticed here when one no longer goes on.
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
        from tests.pictures.keeping import Keeping

        for evening in (Evening(3), Keeping(5)):
            for _ in evening.steps():
                pass


main(*sys.argv[1:])
