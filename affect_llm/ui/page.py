"""The web page."""


def serve(port: int) -> None:
    """Open the page on 127.0.0.1."""
    raise NotImplementedError(port)
