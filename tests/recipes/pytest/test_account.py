# Run by: sidetone exec -- pytest
import os

import pytest
import requests


@pytest.fixture
def base(request):
    """A namespace of the fake for each test, freed after it."""
    url = os.environ["SIDETONE_URL"]
    name = "pytest-" + "".join(c if c.isalnum() else "-" for c in request.node.name)
    yield f"{url}/~{name}"
    requests.delete(f"{url}/__admin/namespaces/{name}")


def account(base):
    pair = (os.environ["SIPGATE_TOKEN_ID"], os.environ["SIPGATE_TOKEN"])
    return requests.get(f"{base}/v2/account", auth=pair)


def test_reads_the_account(base):
    assert account(base).status_code == 200


def test_sees_an_outage_once(base):
    requests.post(f"{base}/__admin/faults", json={"answer": {"status": 503}, "times": 1})
    assert [account(base).status_code, account(base).status_code] == [503, 200]
    count = requests.get(f"{base}/__admin/requests/count", params={"operation": "sipgate.getAccount"})
    assert count.json() == {"count": 2}
