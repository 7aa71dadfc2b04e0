"""Files as answers: their types, and how they are sent."""

from django.http import HttpResponse

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file_response(content: bytes, name: str, ending: str) -> HttpResponse:
    """The bytes of a paper under the name it is saved by."""
    disposition = f'inline; filename="{name}.{ending}"'
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=TYPES[ending], headers=headers)


IN_MEMORY = 8 * 1024 * 1024
