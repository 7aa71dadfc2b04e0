"""What is no body of a phone's is refused as that, in whatever form it comes."""

import pytest
from django.test import RequestFactory

from ballots.core.verbs import Refused
from ballots.voting import bodies

READERS = [bodies.check_of, bodies.fault_of, bodies.recount_of]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_form_in_parts_is_malformed_after_its_token_was_looked_for(read):
    request = RequestFactory().post("/", {"check": "x"})
    assert request.POST["check"] == "x"
    with pytest.raises(Refused) as refused:
        read(request)
    assert refused.value.status == 400
