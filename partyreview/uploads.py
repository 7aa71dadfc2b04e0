"""Uploads stay in memory, never in a temporary file; what is too large is counted, not kept."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]
TOO_MANY = "Mỗi lần gửi không quá {} tệp, nên chưa tệp nào được nhận. Xin gửi làm nhiều lần."


class CappedUploadHandler(FileUploadHandler):
    """Keeps little more than `most` bytes of one request; a file's size tells the form how large it was."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        """Nothing was received yet."""
        super().__init__(request)
        self.most, self.received = settings.UPLOAD_MAX, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk while there is room."""
        if self.received <= self.most:
            self.kept.write(raw_data)
        self.received += len(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, with the size it had."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


class AttachmentUploadHandler(CappedUploadHandler):
    """The same with room for scans and photographs."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        """Nothing was received yet."""
        super().__init__(request)
        self.most = settings.ATTACHMENTS_MAX


def takes_attachments(view: View) -> View:
    """Let this view of signed-in officers receive larger files than anybody else's.

    The CSRF token lies in the same body as the files, and reading it reads them all: the middleware, which would do so
    before anything else, leaves it to the view's own check, when the visitor is known and the room is set.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [AttachmentUploadHandler(request)]
        try:
            return protected(request, *args, **kwargs)
        except TooManyFilesSent:
            messages.error(request, TOO_MANY.format(settings.DATA_UPLOAD_MAX_NUMBER_FILES))
            return redirect(request.path)

    return csrf_exempt(received)
