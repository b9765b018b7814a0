"""A gRPC server for MartletTests: grpcio, with messages that are their own bytes. Prints its port, and ends when the
process that started it is gone.

    grpcserver.py [CERTIFICATE KEY]
"""

import base64
import os
import sys
import time
from concurrent import futures

import grpc

# google.rpc.Status {code: 3, message: "bad", details: {type_url: "t", value: "abc"}}
RICH = base64.b64decode("CAMSA2JhZBoICgF0EgNhYmM=")


def call(request, context):
    """Does what the request says, or returns it."""
    words = request.decode(errors="replace").split(" ")
    if words[0] == "fail":
        context.set_trailing_metadata((("why", "because"), ("why-bin", b"\x00\xff")))
        context.abort(grpc.StatusCode.NOT_FOUND, "nothing\nhere ☺")
    if words[0] == "rich":
        context.set_trailing_metadata((("grpc-status-details-bin", RICH),))
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "bad")
    if words[0] == "metadata":
        fields = [f for f in context.invocation_metadata() if f[0].startswith("x-") or f[0] == "user-agent"]
        context.send_initial_metadata([f for f in fields if f[0] != "user-agent"])
        context.set_trailing_metadata([("t-" + k, v) for k, v in fields if k != "user-agent"])
        return "\n".join(f"{k}={v!r}" for k, v in fields).encode()
    if words[0] == "remaining":
        left = context.time_remaining()
        # Without a deadline it is one of some hundred years.
        return b"none" if left is None or left > 1e9 else b"some" if 0 < left <= 30 else str(left).encode()
    if words[0] == "wait":
        ended = []
        context.add_callback(lambda: ended.append(True))
        while not ended:
            time.sleep(0.01)
        print("cancelled", flush=True)
    if words[0] == "large":
        return b"x" * int(words[1])
    if words[0] == "gzip":
        context.set_compression(grpc.Compression.Gzip)
        return b"x" * 100_000
    if words[0] == "deflate":
        context.set_compression(grpc.Compression.Deflate)
        return b"x" * 100_000
    return request


def count(request, context):
    """Counts up to the number in the request; with a second word each response is padded to so many bytes."""
    words = request.decode().split(" ")
    for number in range(int(words[0])):
        yield str(number).encode().ljust(int(words[1]) if len(words) > 1 else 0, b".")


def collect(requests, context):
    return b",".join(requests)


def chat(requests, context):
    for request in requests:
        if request == b"enough":
            return
        yield request


server = grpc.server(futures.ThreadPoolExecutor(64), options=[("grpc.max_receive_message_length", 64 << 20)])
handlers = {
    "Call": grpc.unary_unary_rpc_method_handler(call),
    "List": grpc.unary_stream_rpc_method_handler(count),
    "Collect": grpc.stream_unary_rpc_method_handler(collect),
    "Chat": grpc.stream_stream_rpc_method_handler(chat),
}
server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Service", handlers),))
if len(sys.argv) > 1:
    chain, key = (open(path, "rb").read() for path in sys.argv[1:])
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, chain)]))
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
parent = os.getppid()
while os.getppid() == parent:
    time.sleep(0.2)
os._exit(0)
