"""What tests from outside share: an ordinary HTTP client, and patience."""
import datetime
import json
import os
import sys
import time
import urllib.error
import urllib.request

PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 60  # seconds after which something that must come has not


def expect(true, what):
    if not true:
        sys.exit(f"FAILED: {what}")


def wait_for(condition, what):
    begun = time.monotonic()
    while not (found := condition()):
        expect(time.monotonic() - begun < DEADLINE, what)
        time.sleep(0.05)
    return found


def now(ago=0):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ask(url, body=None, kind="application/json", **headers):
    """Status, what the answer says, and its headers; `body` is sent as JSON."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": kind, **headers})
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers
