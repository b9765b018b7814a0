"""Compares what Martlet made of a fuzzer's corpus with what Python's protobuf makes of it.

    MessageFuzzer print DIRECTORY | compare.py

Prints the differences and fails if there are any.
"""

import pathlib
import sys

from google.protobuf import json_format, struct_pb2
from google.protobuf.message import DecodeError, EncodeError
from google.protobuf.unknown_fields import UnknownFieldSet

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Peers"))
from messages import load, serialized  # noqa: E402

VARINT, BYTES, GROUP = 0, 2, 3


def read(kind, content):
    """The message, its bytes, and what is wrong."""
    try:
        message = kind.FromString(content)
        return message, serialized(message), None
    except (DecodeError, EncodeError) as error:
        return None, None, str(error)


def has_zero(unknown):
    return any(
        field.field_number == 0 or field.wire_type == GROUP and has_zero(field.data) for field in unknown)


def is_odd(message):
    """Whether Python's protobuf reads something here in a way of its own: it keeps a map entry that has unknown fields
    as an unknown field, accepts the field number 0 in messages without fields and in unknown groups, accepts strings of
    proto2 that aren't UTF-8, and keeps a number that a closed enum doesn't know where a later one replaces it."""
    maps = {
        field.number for field in message.DESCRIPTOR.fields
        if field.message_type is not None and field.message_type.GetOptions().map_entry
    }
    unknown = UnknownFieldSet(message)
    enums = {field.number for field, _ in message.ListFields() if field.enum_type is not None and not field.is_repeated}
    if has_zero(unknown) or any(
        field.field_number in maps and field.wire_type == BYTES
        or field.field_number in enums and field.wire_type == VARINT
        for field in unknown
    ):
        return True
    for field, value in message.ListFields():
        if field.message_type is None:
            if field.type == field.TYPE_STRING and not all(
                isinstance(one, str) for one in (value if field.is_repeated else [value])
            ):
                return True
            continue
        if field.number in maps:
            value = [] if field.message_type.fields_by_name["value"].message_type is None else value.values()
        if any(is_odd(one) for one in (value if field.is_repeated else [value])):
            return True
    return False


def json_agrees(message, text):
    """Whether the text means the message, apart from its unknown fields, which JSON doesn't have. A Struct may have no
    JSON: where a google.protobuf.Value is infinite or, for Martlet, empty."""
    if text == "error":
        return message.DESCRIPTOR.full_name == "google.protobuf.Struct"
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    # Python refuses the shortest text of the largest float, since as a double it is larger.
    text = text.replace("3.4028235e+38", "3.4028234e+38")
    again = json_format.Parse(text, type(message)())
    return json_format.MessageToDict(again) == json_format.MessageToDict(known)


def main():
    # Martlet keeps extensions as they come.
    _, message_class = load(extensions=False)
    differences = count = 0
    for line in sys.stdin:
        name, content, actual, text = line.rstrip("\n").split("\t")
        kind = struct_pb2.Struct if name == "google.protobuf.Struct" else message_class(name)
        message, expected, wrong = read(kind, bytes.fromhex(content))
        count += 1
        # Implementations count the levels of map entries and groups in different ways.
        if wrong and "nesting" in wrong:
            continue
        same = (message is None) == (actual == "error")
        if same and message is not None:
            again, written, _ = read(kind, bytes.fromhex(actual))
            # Equal bytes where a NaN makes equal messages differ, equal messages where a tag is written shorter.
            same = (written == expected or again == message) and json_agrees(message, text)
        if not same and not (message is not None and is_odd(message)):
            differences += 1
            print(f"{name} {content}\n  Python: {wrong or expected.hex()}\n  Martlet: {actual} {text}")
    print(f"{count} messages, {differences} differences from Python's protobuf")
    sys.exit(differences > 0)


if __name__ == "__main__":
    main()
