"""gRPC's Python client for the tests; ../README.md says what it calls and how it is started."""

import json
import queue
import sys
import time

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

SERVICE = "martlet.testing.Peer"


class Client:
    def __init__(self, channel):
        self.channel = channel

    def unary(self, name, service=SERVICE):
        return self.channel.unary_unary(f"/{service}/{name}")

    def code(self, call):
        """The name of the code that a call fails with."""
        try:
            call()
        except grpc.RpcError as error:
            return error.code().name
        return "OK"

    # Each fact is a dictionary with what the client saw.

    def echo(self):
        return {"text": self.unary("Echo")(b"hello").decode()}

    def empty(self):
        return {"bytes": len(self.unary("Echo")(b""))}

    def large(self):
        return {"bytes": len(self.unary("Echo")(b"x" * 4_000_000))}

    def too_large_request(self):
        return {"code": self.code(lambda: self.unary("Echo")(b"x" * 5_000_000))}

    def too_large_response(self):
        return {"code": self.code(lambda: self.unary("Make")(b"5000000"))}

    def metadata(self):
        sent = (
            ("x-key", "one"),
            ("x-key-bin", b"\x00\xff"),
            ("x-key", "two"),
            ("x-key-bin", b"a"),
        )
        text, call = self.unary("Metadata").with_call(b"x-key", metadata=sent)
        binary = self.unary("Metadata")(b"x-key-bin", metadata=sent)

        def values(metadata, key):
            found = [value for name, value in metadata if name == key]
            return ",".join(v.hex() if isinstance(v, bytes) else v for v in found)

        return {
            "binary": binary.decode(),
            "initial": values(call.initial_metadata(), "x-initial"),
            "initialBinary": values(call.initial_metadata(), "x-initial-bin"),
            "text": text.decode(),
            "trailing": values(call.trailing_metadata(), "x-trailing"),
            "trailingBinary": values(call.trailing_metadata(), "x-trailing-bin"),
        }

    def remaining(self):
        remaining = self.unary("Remaining")
        return {"with": remaining(b"", timeout=30).decode(), "without": remaining(b"").decode()}

    def fail(self):
        try:
            self.unary("Fail")("5 no such poem: ✓\n100 %".encode())
        except grpc.RpcError as error:
            status = rpc_status.from_call(error)
            info = error_details_pb2.ErrorInfo()
            status.details[0].Unpack(info)
            return {
                "code": error.code().name,
                "domain": info.domain,
                "message": error.details(),
                "reason": info.reason,
                "trailing": dict(error.trailing_metadata())["x-trailing"],
            }

    def deadline(self):
        return {"code": self.code(lambda: self.unary("Wait")(b"deadline", timeout=0.05))}

    def cancel(self):
        cancelled = self.unary("Cancelled")
        before = int(cancelled(b"cancel"))
        # As a stream: of unary calls the library tells nothing before their end.
        call = self.channel.unary_stream(f"/{SERVICE}/Wait")(b"cancel")
        call.initial_metadata()
        call.cancel()
        until = time.monotonic() + 10
        while int(cancelled(b"cancel")) == before and time.monotonic() < until:
            time.sleep(0.01)
        return {"code": call.code().name, "seen": int(cancelled(b"cancel")) - before}

    def missing(self):
        return {
            "method": self.code(lambda: self.unary("Missing")(b"")),
            "service": self.code(lambda: self.unary("Echo", "martlet.testing.Missing")(b"")),
        }

    def list(self):
        messages = [len(message) for message in self.channel.unary_stream(f"/{SERVICE}/List")(b"100 10")]
        return {"bytes": sum(messages), "count": len(messages)}

    def collect(self):
        requests = (b"x" * 10 for _ in range(100))
        return {"answer": self.channel.stream_unary(f"/{SERVICE}/Collect")(requests).decode()}

    def chat(self):
        requests = queue.Queue()
        responses = self.channel.stream_stream(f"/{SERVICE}/Chat")(iter(requests.get, None))
        count = 0
        for number in range(100):
            requests.put(b"%010d" % number)
            count += next(responses) == b"%010d" % number
        requests.put(None)
        return {"count": count, "rest": len(list(responses))}

    def early(self):
        requests = queue.Queue()
        requests.put(b"stop")
        call = self.channel.stream_unary(f"/{SERVICE}/Collect").future(iter(requests.get, None))
        answer = call.result(timeout=10).decode()
        requests.put(None)
        return {"answer": answer}

    def chat_fail(self):
        responses = self.channel.stream_stream(f"/{SERVICE}/Chat")(iter([b"hello", b"fail"]))
        got = []
        try:
            for response in responses:
                got.append(response.decode())
        except grpc.RpcError as error:
            return {"code": error.code().name, "got": got, "message": error.details()}

    def compressed(self, name, compression):
        answer = self.unary("Compressed")(
            b"x" * 100_000, compression=compression, metadata=(("x-compress", name),)
        )
        return {"bytes": len(answer)}

    def gzip(self):
        return self.compressed("gzip", grpc.Compression.Gzip)

    def deflate(self):
        return self.compressed("deflate", grpc.Compression.Deflate)

    def download(self):
        count = size = 0
        for message in self.channel.unary_stream(f"/{SERVICE}/List")(b"1600 65536"):
            count += 1
            size += len(message)
            if count % 160 == 0:
                time.sleep(0.05)
        return {"bytes": size, "count": count}

    def upload(self):
        requests = (b"x" * 65536 for _ in range(1600))
        answer = self.channel.stream_unary(f"/{SERVICE}/Collect")(requests, metadata=(("x-pause-ms", "50"),))
        return {"answer": answer.decode()}

    def concurrent(self):
        echo = self.unary("Echo")
        texts = [b"call %d" % number for number in range(2000)]
        calls = [echo.future(text, timeout=60) for text in texts]
        return {"answered": sum(call.result() == text for call, text in zip(calls, texts))}


def main(arguments):
    credentials = None
    if arguments[0] == "--ca":
        credentials = grpc.ssl_channel_credentials(open(arguments[1], "rb").read())
        arguments = arguments[2:]
    target, *facts = arguments
    channel = grpc.secure_channel(target, credentials) if credentials else grpc.insecure_channel(target)
    client = Client(channel)
    for fact in facts:
        saw = getattr(client, fact.replace("-", "_"))()
        line = {"fact": fact, **saw}
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True), flush=True)
    channel.close()


main(sys.argv[1:])
