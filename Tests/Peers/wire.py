"""What Python's protobuf makes of unusual bytes, for MartletMessages' tests.

    wire.py > fixtures/wire.tsv     prints cases: name, message, bytes in hex, bytes written again in hex or "error"
"""

from functools import partial

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, EncodeError

from messages import POOL, message_class, serialized

VARINT, I64, BYTES, START, END, I32 = range(6)
WIRE_TYPES = {"varint": VARINT, "i64": I64, "bytes": BYTES, "group": START, "i32": I32}
FORMS = {
    FieldDescriptor.TYPE_DOUBLE: I64, FieldDescriptor.TYPE_FIXED64: I64, FieldDescriptor.TYPE_SFIXED64: I64,
    FieldDescriptor.TYPE_FLOAT: I32, FieldDescriptor.TYPE_FIXED32: I32, FieldDescriptor.TYPE_SFIXED32: I32,
    FieldDescriptor.TYPE_STRING: BYTES, FieldDescriptor.TYPE_BYTES: BYTES, FieldDescriptor.TYPE_MESSAGE: BYTES,
    FieldDescriptor.TYPE_GROUP: START,
}
TOP = (1 << 64) - 1


def varint(value, length=0):
    """At least `length` bytes long."""
    out = bytearray()
    while True:
        out.append(value & 127)
        value >>= 7
        if not value:
            break
    out += bytes(max(0, length - len(out)))
    return bytes(byte | 128 for byte in out[:-1]) + out[-1:]


def tag(number, wire_type):
    return varint(number << 3 | wire_type)


def scalar(number, value):
    return tag(number, VARINT) + varint(value)


def block(number, content):
    return tag(number, BYTES) + varint(len(content)) + content


def group(number, content=b""):
    return tag(number, START) + content + tag(number, END)


def payload(wire_type, number, seed=1):
    """A value that fits any field of this wire type; as a string it is a letter, as a message an unknown field."""
    return {
        VARINT: varint(seed), I64: bytes([seed] * 8), BYTES: varint(2) + bytes([0x60, seed]),
        START: tag(7, VARINT) + varint(seed) + tag(number, END), I32: bytes([seed] * 4),
    }[wire_type]


def field(number, wire_type, seed=1):
    return tag(number, wire_type) + payload(wire_type, number, seed)


def fields_of(name):
    return POOL.FindMessageTypeByName("martlet.testing." + name).fields


def is_map(one):
    return one.message_type is not None and one.message_type.GetOptions().map_entry


def form(one):
    return BYTES if is_map(one) else FORMS.get(one.type, VARINT)


def scalars():
    """Every field, once and twice, in its own form and in all others, cut short, and with varints of all lengths."""
    for name in ("Implicit", "Explicit", "Choice", "Unpacked", "Packed", "Maps"):
        for one in fields_of(name):
            right = (lambda seed: block(one.number, b"")) if is_map(one) else partial(field, one.number, form(one))
            yield f"{one.name}.twice", name, right(1) + right(2)
            for kind, wire_type in WIRE_TYPES.items():
                if wire_type != form(one):
                    yield f"{one.name}.as-{kind}", name, field(one.number, wire_type) + right(3)
            yield f"{one.name}.cut", name, right(1)[:-1]
            if form(one) == VARINT:
                start = tag(one.number, VARINT)
                for value in (0, 2, 1 << 31, 1 << 32, (1 << 32) + 5, 1 << 63, TOP, TOP - (1 << 31)):
                    yield f"{one.name}.{value:x}", name, start + varint(value)
                yield f"{one.name}.ten-bytes", name, start + varint(1, 10)
                yield f"{one.name}.eleven-bytes", name, start + varint(1, 11)
                yield f"{one.name}.too-many-bits", name, start + b"\xff" * 9 + b"\x7f"


def lists():
    for name in ("Packed", "Unpacked"):
        for one in fields_of(name):
            wire_type = form(one)
            if wire_type == BYTES:
                continue
            items = payload(wire_type, one.number, 1), payload(wire_type, one.number, 2)
            packed, single = block(one.number, items[0] + items[1]), tag(one.number, wire_type) + items[1]
            yield f"{one.name}.packed", name, packed
            yield f"{one.name}.mixed", name, single + packed + single
            yield f"{one.name}.empty", name, block(one.number, b"") + single
            yield f"{one.name}.part-of-an-item", name, block(one.number, (items[0] + b"\x80" * 8)[: len(items[0]) + 1])
            yield f"{one.name}.past-the-end", name, packed[:-1]
            yield f"{one.name}.other-form-between", name, single + field(one.number, START) + single
            if wire_type == VARINT:
                yield f"{one.name}.long-items", name, block(one.number, varint(3, 10) + varint(TOP) + varint(1 << 40))
                yield f"{one.name}.too-long-item", name, block(one.number, varint(3, 11))


def maps():
    for one in fields_of("Maps"):
        key, value = one.message_type.fields
        k, v = (field(part.number, form(part), 1) for part in (key, value))
        other_v = field(2, form(value), 3)
        wrong = I32 if form(value) != I32 else I64
        for what, content in {
            "value-first": v + k, "no-key": v, "no-value": k, "neither": b"",
            "key-twice": field(1, form(key), 2) + k + v, "value-twice": k + v + other_v, "cut": (k + v)[:-1],
        }.items():
            yield f"{one.name}.{what}", "Maps", block(one.number, content)
        # What else is in an entry is dropped, as the implementations for C++, Java and Go do. Python's makes the whole
        # entry an unknown field.
        for what, content, meant in [
            ("more", k + scalar(9, 1) + v, k + v), ("group-inside", k + group(3, scalar(1, 1)) + v, k + v),
            ("wrong-value", k + field(2, wrong), k), ("wrong-key", field(1, START) + v, v),
        ]:
            yield f"{one.name}.{what}", "Maps", block(one.number, content), block(one.number, meant)
        yield f"{one.name}.replaced", "Maps", block(one.number, k + v) + block(one.number, k + other_v)


def choices():
    leaf, number = block(17, block(1, b"a")), block(17, scalar(2, 7))
    yield "message-merges", "Choice", leaf + number
    yield "message-again-later", "Choice", leaf + scalar(3, 1) + number
    yield "message-merges-unknown", "Choice", block(17, scalar(9, 1)) + block(17, scalar(9, 2))
    yield "nested-merges", "Choice", block(18, leaf) + block(18, number)
    yield "nested-other-member", "Choice", block(18, leaf) + block(18, scalar(3, 5))
    yield "nested-both-unset", "Choice", block(18, block(101, b"x")) + block(18, b"")
    yield "two-oneofs", "Choice", scalar(3, 1) + block(101, b"a") + scalar(4, 2) + block(102, b"")
    yield "wrong-form-keeps-member", "Choice", scalar(3, 1) + field(17, VARINT) + field(3, I32)
    yield "empty-bytes-last", "Choice", block(15, b"a") + block(15, b"")
    yield "empty-string-last", "Choice", scalar(3, 1) + block(14, b"")
    for first in fields_of("Choice"):
        second = fields_of("Choice")[(first.index * 7 + 3) % len(fields_of("Choice"))]
        both = field(first.number, form(first)) + field(second.number, form(second), 2)
        yield f"{first.name}-then-{second.name}", "Choice", both


def messages():
    tree = lambda content: block(2, content)
    yield "fields-merge", "Explicit", block(17, block(1, b"a")) + block(17, scalar(2, 7))
    yield "unknown-merges", "Explicit", block(17, scalar(9, 1)) + block(17, scalar(9, 2))
    yield "empty-bytes-win", "Explicit", block(15, b"a") + block(15, b"")
    yield "empty-string-wins", "Implicit", block(14, b"a") + block(14, b"")
    yield "zero-wins", "Implicit", scalar(3, 1) + scalar(3, 0)
    yield "nested-lists-grow", "Tree", tree(block(3, block(1, b"a"))) + tree(block(3, block(1, b"b")))
    entry = block(4, block(1, b"a") + block(2, block(3, b"")))
    yield "nested-maps-grow", "Tree", tree(block(4, block(1, b"a"))) + tree(entry)
    yield "three-levels", "Tree", tree(tree(block(1, b"a"))) + tree(tree(block(3, b""))) + tree(tree(block(1, b"c")))
    yield "merged-then-cut", "Tree", tree(tree(b"")) + tree(tree(b"")) + b"\x12"
    yield "entry-value-merges", "Tree", block(4, block(2, block(1, b"a")) + block(2, block(3, b"")))
    yield "bad-inside", "Tree", tree(b"\x0a\x05a")
    yield "inner-past-outer", "Tree", tree(b"\x12\x03") + block(1, b"abc")
    yield "group-inside", "Tree", tree(group(9, tree(block(1, b"a")))) + block(1, b"b")


def tags():
    for number in (1, 15, 16, 19000, 2048, 536870911):
        for kind, wire_type in WIRE_TYPES.items():
            yield f"unknown-{number}-{kind}", "Nothing", field(number, wire_type)
    for number in (0, 536870912):
        for kind, wire_type in WIRE_TYPES.items():
            yield f"forbidden-{number}-{kind}", "Leaf", field(number, wire_type)
    for length in range(1, 12):
        yield f"tag-of-{length}-bytes", "Implicit", varint(3 << 3, length) + b"\x05"
        yield f"length-of-{length}-bytes", "Implicit", tag(14, BYTES) + varint(1, length) + b"a"
    yield "tag-over-32-bits", "Implicit", b"\x98\x80\x80\x80\x10\x05"
    yield "tag-bits-past-the-end", "Implicit", b"\x98\x80\x80\x80\x70\x05"
    for wire_type in (6, 7):
        yield f"wire-type-{wire_type}", "Nothing", tag(1, wire_type) + b"\0"
    yield "end-alone", "Nothing", tag(1, END)
    yield "no-end", "Nothing", tag(1, START)
    yield "wrong-end", "Nothing", tag(1, START) + tag(2, END)
    yield "end-in-message", "Tree", tag(9, START) + block(2, tag(9, END))
    yield "end-after-length", "Tree", block(2, tag(9, START)) + tag(9, END)
    yield "groups-in-groups", "Nothing", group(1, group(2, group(1)) + block(3, b"abc") + group(2))
    yield "bad-wire-type-in-group", "Nothing", group(1, tag(1, 6))
    yield "cut-in-group", "Nothing", tag(1, START) + tag(2, BYTES) + b"\x05a" + tag(1, END)
    yield "order-kept", "Nothing", scalar(5, 1) + block(2, b"a") + group(5) + scalar(1, 1) + field(2, I32)
    yield "known-between-unknown", "Older", scalar(5, 1) + scalar(3, 2) + scalar(1, 3) + scalar(3, 4) + scalar(5, 5)
    for length in (1 << 31, (1 << 31) - 1, (1 << 32) - 1, 1 << 32, (1 << 32) + 1, TOP):
        yield f"length-{length:x}", "Nothing", tag(1, BYTES) + varint(length) + b"a"
        yield f"known-length-{length:x}", "Implicit", tag(15, BYTES) + varint(length) + b"a"


def proto2():
    inner = block(1, b"i")
    required = scalar(1, 1) + block(2, b"t") + block(3, inner) + scalar(4, 1)
    whole = required + scalar(5, 1)
    for what, extra in {
        "closed-enum": scalar(5, 2), "unknown-number": scalar(5, 9), "known-then-unknown": scalar(5, 2) + scalar(5, 9),
        "negative-number": scalar(5, TOP), "truncated-number": scalar(5, (1 << 32) + 2),
        "required-message-merges": block(3, scalar(9, 1)), "packed-as-unpacked": scalar(9, 1) + scalar(9, 2),
        "unpacked-as-packed": block(8, b"\x01\x02"), "extension": block(100, b"e"),
        "in-range": scalar(199, 1),
        "entry-without-value": block(12, block(1, b"k")), "optional-message-missing": block(11, b""),
        "default-given": block(6, b"none"), "wrong-form-of-required": field(1, I32),
    }.items():
        yield what, "two.Two", whole + extra
    yield "required-enum-unknown", "two.Two", required + scalar(5, 9)
    yield "required-in-two-parts", "two.Two", required[:5] + scalar(5, 1) + required[5:]


def groups():
    data, row, left = partial(group, 1), partial(group, 2), partial(group, 3)
    text = block(1, b"a")
    for what, content in {
        "empty": data(), "merged": data(text) + data(group(3, scalar(1, 1))), "list": row() + row(scalar(1, 5)),
        "nested": data(block(2, data(text))), "nested-merged": data(block(2, data(text))) + data(block(2, row())),
        "unknown-inside": data(scalar(9, 1) + text), "unknown-merged": data(scalar(9, 1)) + data(scalar(9, 2)),
        "as-bytes": block(1, text), "list-as-bytes": block(2, scalar(1, 5)), "as-varint": scalar(1, 5),
        "no-end": tag(1, START) + text, "wrong-end": tag(1, START) + text + tag(2, END),
        "end-of-outer": tag(1, START) + tag(3, START) + tag(1, END),
        "end-inside-message": tag(1, START) + block(2, tag(1, END)),
        "oneof": left(text) + block(4, b"b"), "oneof-merged": left(text) + left(scalar(2, 1)),
        "oneof-again": left(text) + block(4, b"b") + left(scalar(2, 1)),
        "oneof-unknown-number": left(text) + scalar(5, 9), "oneof-number": left(text) + scalar(5, 2),
        "closed-in-group": data(group(3, scalar(1, 9))),
        "sizes": scalar(7, 1) + scalar(7, 9) + scalar(7, 2), "sizes-packed": block(7, b"\x01\x09\x02"),
        "packed-sizes": block(8, b"\x01\x09\x02"), "packed-sizes-all-unknown": block(8, b"\x09\x08"),
        "map-unknown-number": block(9, scalar(1, 1) + scalar(2, 9)),
        "map-number": block(9, scalar(1, 1) + scalar(2, 1)),
        "map-of-groups": block(10, block(1, b"k") + block(2, data(text))),
        "unknown-group": group(50, group(51, text)),
        "deep": data(block(2, data(block(2, data())))),
    }.items():
        yield what, "two.Grouped", content
    for what, content in {
        "item": group(1, scalar(2, 900) + block(3, b"abc")), "plain-field": block(900, b"a"),
        "two": group(1, scalar(2, 900) + block(3, b"a")) + group(1, scalar(2, 901) + block(3, b"b")),
    }.items():
        yield f"set-{what}", "two.MessageSet", content


def main():
    for kind in (scalars, lists, maps, choices, messages, tags, proto2, groups):
        for name, message, content, *meant in kind():
            try:
                read = message_class("martlet.testing." + message).FromString(*meant or [content])
                written = serialized(read).hex()
            except (DecodeError, EncodeError):
                written = "error"
            print(f"{kind.__name__}.{name}", message, content.hex(), written, sep="\t")


if __name__ == "__main__":
    main()
