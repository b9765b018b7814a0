"""What Python's protobuf makes of JSON, for MartletMessages' tests.

    jsontext.py > fixtures/json.tsv     prints cases: name, message, JSON, bytes in hex or "error", and the JSON that is
                                        written again (empty for an error)
"""

import json
import warnings

from google.protobuf import (
    duration_pb2, empty_pb2, field_mask_pb2, json_format, struct_pb2, timestamp_pb2, wrappers_pb2,
)

from messages import message_class, serialized
from wire import fields_of, is_map

INTEGERS = {"int32": (32, True), "int64": (64, True), "uint32": (32, False), "uint64": (64, False)}
for size in (32, 64):
    INTEGERS[f"sint{size}"] = INTEGERS[f"sfixed{size}"] = (size, True)
    INTEGERS[f"fixed{size}"] = (size, False)


# What Python accepts beyond the specification, so that it proves nothing: leading zeros, spaces and signs in strings,
# bools and fractions as numbers, numbers in strings as enums, lists as messages, durations in other forms.
REFUSED = {
    "integers": {'"01"'}, "floats": {'" 1"', '"+Infinity"', '"inf"', "true"}, "enum": {'"77"', "1.5", "true"},
    "message": {"[]"}, "object": {"[]"}, "duration": {'"+1s"', '"1 s"', '"1.0000000001s"', '"1.s"'},
}


def kind(field):
    return next(name[5:].lower() for name in dir(type(field)) if name.startswith("TYPE_")
                and getattr(type(field), name) == field.type)


def integers():
    for field in fields_of("Explicit"):
        if kind(field) not in INTEGERS:
            continue
        size, signed = INTEGERS[kind(field)]
        low, high = (-(1 << size - 1), (1 << size - 1) - 1) if signed else (0, (1 << size) - 1)
        for text in (
            low, high, low - 1, high + 1, f'"{low}"', f'"{high}"', f'"{high + 1}"', "0", "-0", "1.0", "1.5", "1e2",
            "1E+2", "10e-1", "1e-1", '"1e2"', '"1.0"', '" 1"', '"1 "', '""', '"0x1"', "01", "-", "+1", ".5", "1.", "1e",
            "true", "null", "[]", "{}", '"one"', "1e400", '"-"', '"01"',
        ):
            yield f"{field.name}", "Explicit", f'{{"{field.json_name}":{text}}}'


def floats():
    for name in ("aDouble", "aFloat"):
        for text in (
            "0", "-0.0", "1", "-1.5", "1e10", "1E-10", '"1.5"', '"NaN"', '"Infinity"', '"-Infinity"', "3.4028234e38",
            "1.7976931348623157e308", "1e309", "-1e309", "1e-400", "5e-324", '"nan"', '"inf"', '"+Infinity"',
            '""', '" 1"', "true", "null", "0.1", "16777217", "1e39", "-3.5e38", "[1]", "1.",
        ):
            yield name, "Explicit", f'{{"{name}":{text}}}'


def others():
    for text in ("true", "false", "null", '"true"', "1", "0", "tru", "True", "[]"):
        yield "bool", "Explicit", f'{{"aBool":{text}}}'
    for text in (
        '""', '"a"', r'"\u0061"', r'"\ud83d\udc26"', '"🐦"', r'"\"\\\/\b\f\n\r\t"', r'"\u0000"', "1", "null", r'"\x"',
        r'"\u12"', r'"\u12g4"', '"a\tb"', '"a', "'a'", r'"\udc00"', r'"\ud800"', r'"\ud800a"', r'"\ud800\u0061"',
        '"\x7f"', '"żółć"', r'"\U0061"', "[]", "true",
    ):
        yield "string", "Explicit", f'{{"aString":{text}}}'
    for text in (
        '""', '"AQ=="', '"AQ"', '"AQI="', '"AQI"', '"AQID"', '"-_-_"', '"+/+/"', '"AB=="', "1", "null", '"A"', '"A==="',
    ):
        yield "bytes", "Explicit", f'{{"someBytes":{text}}}'
    for text in (
        '"COLOR_RED"', '"COLOR_INFRARED"', "1", "-1", "77", '"77"', '"red"', '"color_red"', "1.0", "1.5", "null",
        '"COLOR_MAUVE"', "true", "2147483648", '""', "[]",
    ):
        yield "enum", "Explicit", f'{{"color":{text}}}'
        yield "enum-list", "Packed", f'{{"colors":[{text}]}}'
    for text in ("{}", "null", "[]", '"x"', '{"name":"a","number":1}', '{"name":null}', '{"leaf":{}}'):
        yield "message", "Explicit", f'{{"leaf":{text}}}'


def lists():
    for text in (
        "[]", "[1]", "[1,2,3]", "[1,]", "[,1]", "[1 2]", "null", "[null]", "1", "[[1]]", "{}", '["1",2e0]', "[1",
    ):
        yield "numbers", "Packed", f'{{"int32s":{text}}}'
    for text in ('[""]', '["a","b"]', "[1]", "[null]", '"a"'):
        yield "strings", "Unpacked", f'{{"strings":{text}}}'
    for text in ("[{}]", '[{"name":"a"},{}]', "[null]", "[1]", "{}"):
        yield "messages", "Unpacked", f'{{"leaves":{text}}}'


def maps():
    for field in fields_of("Maps"):
        assert is_map(field)
        key, value = field.message_type.fields
        keys = {"string": ["", "a", "1"], "bool": ["true", "false", "1", "True"]}.get(
            kind(key), ["0", "1", "-1", "01", "1.0", " 1", "4294967296", "18446744073709551616", "", "a"])
        good = {
            "string": '"v"', "bytes": '"AQ=="', "bool": "true", "enum": '"COLOR_RED"', "message": "{}", "double": "0.5",
            "float": "0.5",
        }.get(kind(value), "1")
        for one in keys:
            yield f"{field.name}.key", "Maps", f'{{"{field.json_name}":{{"{one}":{good}}}}}'
        for text in ("null", "[]", "[1]", '{"1":null}', "{1:1}", "1"):
            yield f"{field.name}.form", "Maps", f'{{"{field.json_name}":{text}}}'


def structure():
    for text in (
        "{}", " { } ", "", "null", "[]", "1", '"x"', "{", "}", "{}}", "{},", "{} {}", '{"anInt32"}', '{"anInt32":}',
        '{"anInt32":1,}', '{,"anInt32":1}', '{"anInt32":1 "aBool":true}', '{anInt32:1}', "{'anInt32':1}",
        '{"an_int32":1}', '{"anInt32":1,"anInt64":2}', '{"unknown":1}', '{"AnInt32":1}', '{"anInt32":1,"anInt32":2}',
        '{"anInt32":1,"an_int32":2}', '/**/{}', "{}//", '\t{\n"anInt32"\r:\t1 } ', '{"anInt32":1}\0', '\ufeff{}',
        '{"\\u0061nInt32":1}', '{"anInt32":nan}', '{"anInt32":NaN}', '{"aDouble":NaN}', '{"aDouble":Infinity}',
        '{"aDouble":-Infinity}', '{"":1}', '{"anInt32":1,"anInt32":1}', "\v{}", "\u00a0{}",
    ):
        yield "object", "Explicit", text
    for text in (
        '{"aString":"a"}', '{"aString":null}', '{"aString":"a","aBool":true}', '{"aString":null,"aBool":true}',
        '{"leaf":{},"note":"n"}', '{"nothing":{},"note":null}', '{"leaf":null}',
        '{"choice":{"choice":{"aBool":false}}}',
        '{"aString":"a","aString":"b"}',
    ):
        yield "oneof", "Choice", text
    for depth in (50, 90):
        yield f"depth-{depth}", "Tree", '{"child":' * depth + "{}" + "}" * depth


def well_known():
    yield from (("struct", "google.protobuf.Struct", text) for text in (
        "{}", '{"b":"x"}', '{"a":null}', '{"a":[1,"x",null,[],{}]}', '{"a":{"b":{}}}', '{"a":1e400}', "[]",
        '{"a":-0.0}', "null"))
    yield from (("duration", "google.protobuf.Duration", text) for text in (
        '"0s"', '"1s"', '"-1s"', '"1.5s"', '"0.000000001s"', '"-0.5s"', '"1.0000000001s"', '"315576000000s"',
        '"315576000001s"', '"-315576000000.999999999s"', '"1"', '"s"', '""', '"1.s"', '".5s"', '"1e3s"', '"+1s"', "1",
        '"1 s"', '"1S"', '"1.000s"', '"-0.000000001s"'))
    yield from (("timestamp", "google.protobuf.Timestamp", text) for text in (
        '"1970-01-01T00:00:00Z"', '"2026-11-24T10:00:00.5Z"', '"2026-11-24T10:00:00.123456789Z"',
        '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999999Z"', '"2026-11-24T10:00:00+01:00"',
        '"2026-11-24T10:00:00-08:30"', '"1969-12-31T23:59:59.5Z"', '"2024-02-29T00:00:00Z"', '"2023-02-29T00:00:00Z"',
        '"2026-11-24T10:00:00"', '"2026-11-24 10:00:00Z"', '"2026-11-24T10:00:00z"', '"2026-11-24t10:00:00Z"',
        '"2026-13-01T00:00:00Z"', '"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"', '"2026-11-24T24:00:00Z"',
        '"0001-01-01T00:00:00+00:01"', '""', "0", '"2026-11-24T10:00:00.1234567891Z"', '"2026-11-24"',
        '"2026-11-24T10:00:60Z"'))
    yield from (("mask", "google.protobuf.FieldMask", text) for text in (
        '""', '"a"', '"fooBar"', '"fooBar,baz.quxQuux"', '"foo_bar"', '"a,b"', "[]", '"a.b.c"'))
    for name, texts in {
        "Int32Value": ("1", '"1"', "2147483648", "null", "{}"), "BoolValue": ("true", "1"), "BytesValue": ('"AQ"', "1"),
        "StringValue": ('"x"', "1"), "DoubleValue": ('"NaN"', "1.5", '"x"'),
        "UInt64Value": ('"18446744073709551615"', "-1"),
    }.items():
        yield from (("wrapper", f"google.protobuf.{name}", text) for text in texts)
    for text in ("null", "1", "true", '"x"', "[]", "{}", "[null,1]", '{"a":[]}', "nul", ""):
        yield "value", "google.protobuf.Value", text
    for text in ("[]", "[1,[2]]", "{}", "1"):
        yield "list-value", "google.protobuf.ListValue", text
    yield "empty", "google.protobuf.Empty", "{}"
    yield "empty", "google.protobuf.Empty", '{"a":1}'


def message(name):
    for module in (duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2):
        if name.startswith("google.protobuf.") and hasattr(module, name[16:]):
            return getattr(module, name[16:])()
    return message_class(f"martlet.testing.{name}")()


def is_refused(source, name, text):
    value = text.partition(":")[2].removesuffix("}") if source not in ("structure", "well_known") else text
    group = {"integers": source, "floats": source}.get(source, name.removesuffix("-list"))
    return value.strip("[]") in REFUSED.get(group, ()) or value in REFUSED.get(group, ()) or '{"01":' in value


def main():
    warnings.simplefilter("ignore")
    for source in (integers, floats, others, lists, maps, structure, well_known):
        for name, kind_name, text in source():
            one = message(kind_name)
            try:
                if is_refused(source.__name__, name, text):
                    raise json_format.ParseError
                json_format.Parse(text, one)
                content = serialized(one).hex()
                again = json.dumps(json_format.MessageToDict(one), separators=(",", ":"), ensure_ascii=False)
            except Exception:  # Python throws other errors too than those it documents.
                content, again = "error", ""
            print(f"{source.__name__}.{name}", kind_name, json.dumps(text), content, again, sep="\t")


if __name__ == "__main__":
    main()
