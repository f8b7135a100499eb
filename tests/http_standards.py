#!/usr/bin/env python3
"""The door of a running city, from outside, as the standards have it: bytes in, status and headers out.

    tests/http_standards.py build/release/watchfire

RFC 9110 and 9112, CloudEvents 1.0 (JSON format, HTTP binding), and what the project promises beyond
them. Every row is a request as bytes, what its answer must be, and what must stand in it.
"""
import base64
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import zlib

PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 60  # seconds after which an answer that must come has not
CE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LINES = "application/x-ndjson"


class City:
    def __init__(self, data):
        self.process = subprocess.Popen([PROGRAM, "run", "--data", data, "--http", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if match := re.match(r"page: http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(match[1])
                return
        raise SystemExit("no city: " + self.process.stderr.read())

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=DEADLINE)

    def connect(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), DEADLINE, (source, 0))

    def ask(self, request, source="127.0.0.1"):
        """Status, headers (names in small letters) and body of the last answer."""
        with self.connect(source) as link:
            link.sendall(request)
            link.shutdown(socket.SHUT_WR)
            answer = b""
            while part := link.recv(65536):
                answer += part
        while answer.startswith(b"HTTP/1.1 100"):
            answer = answer.split(b"\r\n\r\n", 1)[1]
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), headers, body


def head(line, *headers, host="Host: localhost"):
    return "\r\n".join([line, *([host] if host else []), "Connection: close", *headers]).encode() + b"\r\n\r\n"


def post(body, *headers, path="/v1/events", kind=CE):
    body = body if isinstance(body, bytes) else body.encode()
    kinds = [f"Content-Type: {kind}"] if kind else []
    return head(f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *kinds, *headers) + body


def chunked(body):
    return head("POST /v1/events HTTP/1.1", f"Content-Type: {CE}", "Transfer-Encoding: chunked") + body


def event(data='{"floor":12}', **attributes):
    event.count += 1
    members = {"specversion": "1.0", "id": f"e-{event.count}", "source": "/sh/test",
               "type": "city.elevator.telemetry.v1", "subject": "elevator/7",
               "time": "2026-11-22T08:00:00+08:00", **attributes}
    given = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in members.items()
                     if value is not None)
    return "{" + given + (f',"data":{data}' if data is not None else "") + "}"


event.count = 0


def complaint(data):
    return event(data, type="city.complaint.filed.v1", subject="complaint/c-1")


def feedback(data):
    return event(data, type="city.field.feedback.v1")


def permit(data):
    return event(data, type="city.permit.changed.v1")


def binary(*headers, body=b'{"floor":12}', kind="application/json"):
    return post(body, "ce-specversion: 1.0", "ce-id: b-1", "ce-source: /sh/test",
                "ce-type: city.elevator.telemetry.v1", "ce-subject: elevator/7",
                "ce-time: 2026-11-22T08:00:00Z", *headers, kind=kind)


def based(text):
    return base64.b64encode(text.encode()).decode()


MARK = b"\xef\xbb\xbf"
MANY = '{"x":{' + ",".join(f'"{i}":0' for i in range(90_000)) + "}}"

# What it is, the request, the status, what the answer holds ("name: value" is a header).
TABLE = [
    # media types
    ("structured", post(event()), 202, '"accepted":1'),
    ("any case", post(event(), kind="Application/CloudEvents+JSON"), 202, '"accepted":1'),
    ("parameters", post(event(), kind='application/cloudevents+json; charset="UTF-8"; x=y'), 202, ""),
    ("json", post(event(), kind="application/json;charset=utf-8"), 202, ""),
    ("charset", post(event(), kind="application/cloudevents+json; charset=gbk"), 415, "UTF-8"),
    ("another format", post(event(), kind="application/cloudevents+avro"), 415, CE),
    ("no type", post(event(), kind=None), 415, CE),
    ("text", post(event(), kind="text/plain"), 415, CE),
    ("batch", post("[" + event() + "," + event() + "]", kind=BATCH), 202, '"accepted":2'),
    ("empty batch", post("[]", kind=BATCH), 202, '"accepted":0'),
    ("no array", post("{}", kind=BATCH), 400, "array"),
    ("lines", post(event() + "\n" + event() + "\r\n", kind=LINES), 202, '"accepted":2'),
    ("mark, one", post(MARK + event().encode()), 202, '"accepted":1'),
    ("mark, batch", post(MARK + b"[]", kind=BATCH), 202, '"accepted":0'),
    ("mark, lines", post(MARK + event().encode() + b"\n", kind=LINES), 202, '"accepted":1'),
    ("nothing", post(""), 400, "no event"),
    # binary mode
    ("binary", binary(), 202, '"accepted":1'),
    ("binary, percent", binary("ce-traceparent: %E7%94%B5"), 202, '"accepted":1'),
    ("binary, broken percent", binary("ce-more: %E7%9"), 400, "percent"),
    ("binary, not UTF-8", binary("ce-more: %FF"), 400, "UTF-8"),
    ("binary, twice", binary("ce-id: b-2"), 400, "twice"),
    ("binary, xml", binary(body=b"<a/>", kind="application/xml"), 415, "application/json"),
    ("binary, two values", binary(body=b'{},"id":"x"'), 400, "not JSON"),
    ("binary, +json", binary(kind="application/vnd.city+json"), 202, '"accepted":1'),
    # data
    ("base64", post(event(None, data_base64=based('{"floor":1}'))), 202, '"accepted":1'),
    ("base64 of no JSON", post(event(None, data_base64=based("hello"))), 400, "no JSON object"),
    ("no base64", post(event(None, data_base64="ab")), 400, "not base64"),
    ("both", post(event("{}", data_base64=based("{}"))), 400, "data_base64"),
    ("another content", post(event("{}", datacontenttype="text/xml")), 400, "datacontenttype"),
    ("content in any case", post(event("{}", datacontenttype="Application/JSON; charset=UTF-8")), 202, ""),
    # codings
    ("gzip", post(gzip.compress(event().encode()), "Content-Encoding: gzip"), 202, '"accepted":1'),
    ("deflate", post(zlib.compress(event().encode()), "Content-Encoding: Deflate"), 202, '"accepted":1'),
    ("identity", post(event(), "Content-Encoding: identity"), 202, '"accepted":1'),
    ("br", post(event(), "Content-Encoding: br"), 415, "accept-encoding: gzip, deflate"),
    ("no gzip", post(event(), "Content-Encoding: gzip"), 400, "Content-Encoding"),
    ("a bomb", post(gzip.compress(b" " * (64 << 20)), "Content-Encoding: gzip"), 413, "1048576"),
    ("long", post(" " * ((1 << 20) + 1)), 413, "1048576"),
    # the head of a request
    ("host in any case", head("GET /api/health HTTP/1.1", host="hOsT: LocalHost:1"), 200, ""),
    ("no host", head("GET /api/health HTTP/1.1", host=""), 400, "Host"),
    ("two hosts", head("GET /api/health HTTP/1.1", "Host: localhost"), 400, "Host"),
    ("HTTP/1.0", head("GET /api/health HTTP/1.0", host=""), 200, ""),
    ("absolute form", head("GET http://LOCALHOST/api/health?a=b HTTP/1.1", host="Host: x"), 200, ""),
    ("absolute, foreign", head("GET http://evil.example/api/health HTTP/1.1"), 403, "localhost"),
    ("foreign host", head("GET /api/health HTTP/1.1", host="Host: evil.example"), 403, "localhost"),
    ("method", head("DELETE /v1/events HTTP/1.1"), 405, "allow: post, options"),
    ("method of a page", head("PUT / HTTP/1.1"), 405, "allow: get, head, options"),
    ("options", head("OPTIONS /v1/events HTTP/1.1"), 204, "allow: post, options"),
    ("options of all", head("OPTIONS * HTTP/1.1"), 204, "allow: get, head, post, options"),
    ("head", head("HEAD /api/health HTTP/1.1"), 200, "content-type: application/json"),
    ("continue", post(event(), "Expect: 100-continue"), 202, '"accepted":1'),
    ("another expectation", post(event(), "Expect: tea"), 417, "100-continue"),
    ("transfer coding", head("POST /v1/events HTTP/1.1", "Transfer-Encoding: gzip"), 501, "chunked"),
    ("a line break in a path", head("GET /api/entities/a%0a/b HTTP/1.1"), 400, "path"),
    ("no HTTP", b"hello\r\n\r\n", 400, "HTTP/1.1"),
    ("another version", head("GET /api/health HTTP/2.0"), 505, "HTTP/1.1"),
    ("line breaks in front", b"\r\n\r\n" + head("GET /api/health HTTP/1.1"), 200, ""),
    ("* for what it is not", head("GET * HTTP/1.1"), 400, "OPTIONS"),
    ("type twice", post(event(), "Content-Type: text/plain"), 400, "'Content-Type' once"),
    ("coding twice", post(gzip.compress(event().encode()), "Content-Encoding: gzip",
                          "Content-Encoding: gzip"), 400, "'Content-Encoding' once"),
    ("authorization twice", head("GET /api/health HTTP/1.1", "Authorization: a", "Authorization: b"), 400, "once"),
    ("key twice", post(event(), "Idempotency-Key: a", "Idempotency-Key: b"), 400, "'Idempotency-Key' once"),
    ("a key at its bound", post(event(), "Idempotency-Key: " + "k" * 256), 202, ""),
    ("a key beyond it", post(event(), "Idempotency-Key: " + "k" * 257), 400, "256"),
    ("chunks", chunked(b"%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(event()), event().encode())), 202, ""),
    ("broken chunks", chunked(b"zz\r\n{}\r\n0\r\n\r\n"), 400, "body"),
    ("a chunk of less than nothing", chunked(b"-1\r\n"), 400, "body"),
    # times
    ("small letters", post(event(time="2026-11-22t08:00:00z")), 202, ""),
    ("no offset", post(event(time="2026-11-22T08:00:00")), 400, "offset"),
    ("a date alone", post(event(time="2026-11-22")), 400, "offset"),
    ("a leap second", post(event(time="2016-12-31T23:59:60Z")), 202, ""),
    ("one that was not", post(event(time="2026-11-22T08:00:60Z")), 400, "RFC 3339"),
    ("year 0", post(event(time="0000-12-31T23:59:59Z")), 400, "RFC 3339"),
    ("year 0 by its offset", post(event(time="0001-01-01T00:00:00+08:00")), 400, "RFC 3339"),
    ("year 10000 by its offset", post(event(time="9999-12-31T23:59:59-08:00")), 400, "RFC 3339"),
    # names and words
    ("control in an id", post(event(id="a\u0000b")), 400, "control"),
    ("escape in a subject", post(event(subject="elevator/\u001b[2J")), 400, "control"),
    ("DEL in a source", post(event(source="/a\u007f")), 400, "control"),
    ("control in a reference", post(complaint('{"about":"elevator/1\\u0000"}')), 400, "control"),
    ("long id", post(event(id="x" * 257)), 400, "256"),
    ("long subject", post(event(subject="elevator/" + "7" * 248)), 400, "256"),
    ("long note", post(feedback('{"step":"arrived","note":"' + "x" * 4097 + '"}')), 400, "4096"),
    ("members", post(event(MANY)), 400, "the event has more than"),
    ("depth", post(event("[" * 70 + "]" * 70)), 400, "nested"),
    ("half of a pair", post(event('{"x":"\\ud800"}')), 400, "escape"),
    ("overlong", post(event('{"x":"@"}').encode().replace(b"@", b"\xc0\x80")), 400, "UTF-8"),
    ("kind", post(complaint('{"kind":"halp"}')), 400, "help, clue"),
    ("mode", post(event('{"mode":"falt"}')), 400, ": fault, "),
    ("door", post(event('{"door":"close"}')), 400, ": closed, "),
    ("record", post(permit('{"record":"maintainance"}')), 400, ": maintenance, "),
    ("record's action", post(permit('{"record":"maintenance","action":"complete"}')), 400, ": completed, "),
    ("step", post(feedback('{"step":"arrive"}')), 400, ": arrived, "),
    ("feedback's action", post(feedback('{"step":"finding","action":"rescue"}')), 400, ": rescued, "),
    ("text that is none", post(complaint('{"text":5}')), 400, "data.text is a number, not text"),
    ("a step's time without its offset", post(feedback('{"step":"accept","eta":"2026-11-22T08:00:00"}')), 400, "offset"),
    ("a field twice", post(feedback('{"step":"arrived","by":"unit/a","by":null}')), 400, "data.by stands twice"),
    ("an attribute twice", post(event(id="a")[:-1] + ',"id":"b"}'), 400, "'id' stands twice"),
    ("a complaint about", post(event('{"text":"x"}', type="city.complaint.filed.v1")), 400, "complaint/<id>"),
    ("its sender's own number", post(complaint('{"text":"x","receipt":"7","where":"here","came":7}')), 202, ""),
    ("a letter's way", post(event(via="a/b")), 400, "'via'"),
    ("null is absent", post(complaint('{"kind":null,"text":null}')), 202, '"accepted":1'),
    ("unknown fields", post(event('{"mine":{"a":[1]}}', mine="x")), 202, '"accepted":1'),
    ("an alarm button", post(event('{"alarmButton":true,"mode":"??","occupied":1}')), 202, '"accepted":1'),
    # following a topic
    ("a cursor of another log", head("GET /v1/topics/rejected?wait=no&from=0123456789abcdef-0 HTTP/1.1"), 410, "from=start"),
    ("an old cursor", head("GET /v1/topics/rejected?wait=no&from=0 HTTP/1.1"), 400, "from=start"),
    ("no cursor", head("GET /v1/topics/rejected?wait=no&from=soon HTTP/1.1"), 400, "Next-Cursor"),
]


def walk(city):
    wrong = []
    for name, request, status, part in TABLE:
        got, headers, body = city.ask(request)
        text = body.decode() + "\n" + "\n".join(f"{key}: {value}" for key, value in headers.items())
        if got != status or part not in text:
            wrong.append(f"{name}: {status} with '{part}' is right, it was {got}: {text}")
        if got >= 400 and request[:4] != b"HEAD" and "error" not in json.loads(body) \
                and "rejected" not in json.loads(body):
            wrong.append(f"{name}: no sentence: {text}")
    return wrong


def expect(good, what):
    if not good:
        raise SystemExit(f"not so: {what}")


def a_key_stands_for_one_body(city):
    one, other = event(), event()
    for body, status in ((one, 202), (one, 202), (other, 422)):
        expect(city.ask(post(body, "Idempotency-Key: k-1"))[0] == status, f"{status} for {body}")
    expect(city.ask(post(other, "Idempotency-Key: k-2"))[0] == 202, "a key of its own")


def a_cursor_goes_on_in_its_own_log(city, data):
    ask = lambda cursor: city.ask(head(f"GET /v1/topics/dead.letters?wait=no&from={cursor} HTTP/1.1"))
    status, headers, _ = ask("start")
    cursor = headers["next-cursor"]
    expect(status == 200 and ask(cursor)[0] == 200, "an answer's cursor goes on")
    log, _, offset = cursor.partition("-")
    status, _, body = ask(f"{log}-{int(offset) + 1000}")
    expect(status == 410 and json.loads(body)["from"] == "start", "a cursor beyond the log is told so")
    expect(json.loads(body)["earliest"].startswith(log), "and where the log begins")
    city.end()
    again = City(data)
    expect(again.ask(head(f"GET /v1/topics/dead.letters?wait=no&from={cursor} HTTP/1.1"))[0] == 200,
           "a cursor outlives the process")
    return again


def idle_connections_lock_nobody_out(city):
    idle = [city.connect("127.0.0.2") for _ in range(512)]
    for source in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
        expect(city.ask(head("GET /api/health HTTP/1.1"), source)[0] == 200, f"{source} is answered")
    _, _, metrics = city.ask(head("GET /metrics HTTP/1.1"))
    refused = re.findall(rb'watchfire_http_refused_total\{reason="evicted"\} (\d+)', metrics)
    expect(refused and int(refused[0]) >= 384, f"refusals are counted: {refused}")
    for link in idle:
        link.close()


def a_poll_that_went_away_frees_its_place(city):
    for _ in range(3):
        polls = [city.connect() for _ in range(64)]
        for link in polls:
            link.sendall(head("GET /v1/topics/rejected HTTP/1.1"))
        for link in polls:
            link.close()
    while city.ask(head("GET /v1/topics/rejected?wait=no HTTP/1.1"))[0] == 503:
        pass


def main():
    with tempfile.TemporaryDirectory() as data:
        city = City(data)
        try:
            wrong = walk(city)
            expect(not wrong, "\n".join(wrong))
            a_key_stands_for_one_body(city)
            idle_connections_lock_nobody_out(city)
            a_poll_that_went_away_frees_its_place(city)
            city = a_cursor_goes_on_in_its_own_log(city, data)
            print(f"{len(TABLE)} requests were answered as the standards have it")
        finally:
            city.end()


if __name__ == "__main__":
    main()
