"""A member's own data, handed over by the secretary when the member asks for it."""

import tempfile

from django.http import FileResponse
from django.views.decorators.http import require_POST

from ballots.core.downloads import IN_MEMORY
from ballots.year.personal import export
from members.guards import own_member
from partyreview.http import Request


@require_POST
def member_data(request: Request, pk: int) -> FileResponse:
    """The ZIP, which is written down; a press, since it is an act."""
    member = own_member(request, pk)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by the response
    export.write(member, file)
    file.seek(0)
    request.user.record("member.exported", member)
    return FileResponse(file, as_attachment=True, filename=export.name_of(member))
