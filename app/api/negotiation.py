"""JSON or CSV: what the address says, else what `Accept` prefers, else JSON."""

from typing import Final

from flask import Response, request

CSV: Final = "text/csv"
JSON: Final = "application/json"


def wants_csv(asked: str) -> bool:
    """Tell whether CSV is wanted; *asked* is the parameter `format`, empty when not given."""
    if asked:
        return asked == "csv"
    return request.accept_mimetypes.best_match([JSON, CSV], JSON) == CSV


def csv_file(text: str, name: str) -> Response:
    """Return *text* as a file of that name."""
    response = Response(text, content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
