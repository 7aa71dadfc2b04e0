"""All addresses of the site by their names."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver


def names_of(patterns: list, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Every address of the site by name, Django's own admin left out."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from names_of(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or "?"])
