"""gRPC's Python server for the tests; ../README.md says what it serves and how it is started."""

import collections
import json
import sys
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status


class Peer:
    def __init__(self):
        self.ended = collections.Counter()
        self.lock = threading.Lock()

    def echo(self, request, context):
        return request

    def make(self, request, context):
        return b"x" * int(request)

    def metadata(self, request, context):
        context.send_initial_metadata(
            (("x-initial", "first"), ("x-initial", "second"), ("x-initial-bin", b"\x00\xff"))
        )
        context.set_trailing_metadata((("x-trailing", "last"), ("x-trailing-bin", b"\xab\xab\xab")))
        values = [value for key, value in context.invocation_metadata() if key == request.decode()]
        return ",".join(v.hex() if isinstance(v, bytes) else v for v in values).encode()

    def remaining(self, request, context):
        left = context.time_remaining()
        # Without a deadline the library tells of one in the far future, or of none.
        if left is None or left > 3600:
            return b"none"
        return b"some" if 0 < left <= 31 else str(left).encode()

    def fail(self, request, context):
        code, message = request.decode().split(" ", 1)
        info = error_details_pb2.ErrorInfo(reason="TESTED", domain="martlet.testing")
        detail = any_pb2.Any()
        detail.Pack(info)
        context.set_trailing_metadata((("x-trailing", "last"),))
        status = rpc_status.to_status(status_pb2.Status(code=int(code), message=message, details=[detail]))
        trailing = (("x-trailing", "last"),) + tuple(status.trailing_metadata)
        context.set_trailing_metadata(trailing)
        context.abort(status.code, status.details)

    def wait(self, request, context):
        context.send_initial_metadata((("x-begun", "yes"),))
        ended = threading.Event()
        if context.add_callback(ended.set):
            ended.wait(600)
        with self.lock:
            self.ended[request] += 1
        return b""

    def cancelled(self, request, context):
        with self.lock:
            return str(self.ended[request]).encode()

    def compressed(self, request, context):
        wanted = dict(context.invocation_metadata())["x-compress"]
        context.set_compression({"gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}[wanted])
        return request

    def list(self, request, context):
        count, size = map(int, request.split())
        for _ in range(count):
            yield b"x" * size

    def collect(self, requests, context):
        pause = int(dict(context.invocation_metadata()).get("x-pause-ms", 0)) / 1000
        count = size = 0
        for request in requests:
            count += 1
            size += len(request)
            if request == b"stop":
                break
            if pause and count % 160 == 0:
                time.sleep(pause)
        return f"{count} {size}".encode()

    def chat(self, requests, context):
        for request in requests:
            if request == b"fail":
                context.abort(grpc.StatusCode.ABORTED, "as asked")
            yield request

    def handlers(self):
        unary = grpc.unary_unary_rpc_method_handler
        methods = {
            "Echo": unary(self.echo),
            "Make": unary(self.make),
            "Metadata": unary(self.metadata),
            "Remaining": unary(self.remaining),
            "Fail": unary(self.fail),
            "Wait": unary(self.wait),
            "Cancelled": unary(self.cancelled),
            "Compressed": unary(self.compressed),
            "List": grpc.unary_stream_rpc_method_handler(self.list),
            "Collect": grpc.stream_unary_rpc_method_handler(self.collect),
            "Chat": grpc.stream_stream_rpc_method_handler(self.chat),
        }
        return grpc.method_handlers_generic_handler("martlet.testing.Peer", methods)


def main(arguments):
    # By default it refuses some of the calls when more than 1,000 wait for a thread.
    options = (
        ("grpc.so_reuseport", 0),
        ("grpc.server.max_pending_requests", 10_000),
        ("grpc.server.max_pending_requests_hard_limit", 20_000),
    )
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32), options=options)
    server.add_generic_rpc_handlers((Peer().handlers(),))
    if arguments[:1] == ["--tls"]:
        certificate, key = (open(path, "rb").read() for path in arguments[1:3])
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(((key, certificate),)))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(json.dumps({"port": port}, separators=(",", ":")), flush=True)
    sys.stdin.read()
    server.stop(0)


main(sys.argv[1:])
