"""Python's protobuf as the peer of MartletMessages' tests.

    messages.py fixture             prints the cases: name, message, bytes in hex, text form
    messages.py random SEED COUNT   prints random messages: message, bytes in hex
    messages.py json SEED COUNT     the same, and their JSON
    messages.py compare             reads lines of message, bytes, other bytes; says which lines differ in value
    messages.py odd SEED COUNT      prints bytes that few writers write, right and wrong ones: message, bytes in hex
    messages.py judge               reads lines of message, bytes, and what another reader wrote back, or "rejected";
                                    says which of them Python's protobuf sees otherwise
    messages.py texts               reads lines of message, bytes, JSON, text forms; says which texts differ in value
"""

import pathlib
import random
import struct
import sys
import tempfile

from google.protobuf import (
    descriptor_pb2, descriptor_pool, json_format, message, message_factory, text_format, unknown_fields,
)
from google.protobuf.descriptor import FieldDescriptor
from grpc_tools import protoc

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "Protos"
FILES = ["martlet/testing/imported.proto", "martlet/testing/kinds.proto", "martlet/testing/kinds2.proto"]


def load(extensions=True):
    """Compiles the test protos, with their extensions or without; returns a pool and a function from a full message
    name to its class."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "descriptors"
        arguments = ["protoc", f"-I{PROTOS}", f"--descriptor_set_out={path}", *FILES]
        if protoc.main(arguments) != 0:
            sys.exit("the test protos don't compile")
        files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        if not extensions:
            file.ClearField("extension")
            for message in file.message_type:
                message.ClearField("extension")
        pool.Add(file)
    return pool, lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


POOL, message_class = load()

I32, I64 = 2**31, 2**63
LOWEST = {
    "double": -sys.float_info.max, "float": -3.4028234663852886e38, "int32": -I32, "int64": -I64, "uint32": 1,
    "uint64": 1, "sint32": -I32, "sint64": -I64, "fixed32": 1, "fixed64": 1, "sfixed32": -I32, "sfixed64": -I64,
}
HIGHEST = {
    "double": sys.float_info.max, "float": 3.4028234663852886e38, "int32": I32 - 1, "int64": I64 - 1,
    "uint32": 2 * I32 - 1, "uint64": 2 * I64 - 1, "sint32": I32 - 1, "sint64": I64 - 1, "fixed32": 2 * I32 - 1,
    "fixed64": 2 * I64 - 1, "sfixed32": I32 - 1, "sfixed64": I64 - 1,
}
NUMBERS = list(LOWEST)
MESSAGES = ["Implicit", "Explicit", "Packed", "Unpacked", "Maps", "Choice", "Tree", "Numbers", "two.Grouped"]
MULTIBYTE = "żółć 日本 🐦"
LONG = "0123456789" * 20


def singular(kind):
    return ("an_" if kind.startswith("int") else "a_") + kind


def fill(message, values, **others):
    for kind, value in values.items():
        setattr(message, singular(kind), value)
    for name, value in others.items():
        setattr(message, name, value)
    return message


def cases():
    """Yields (name, message). The same values stand in KindCases.swift under the same names."""
    testing = lambda name: message_class("martlet.testing." + name)()

    yield "implicit.empty", testing("Implicit")
    yield "implicit.lowest", fill(
        testing("Implicit"), LOWEST, a_bool=True, a_string="a\0b", some_bytes=b"\0\xff", color=-1, unit=-3)
    yield "implicit.highest", fill(
        testing("Implicit"), HIGHEST, a_bool=True, a_string=MULTIBYTE, some_bytes=bytes(5000), color=I32 - 1, unit=-I32)
    yield "implicit.negativeZero", fill(testing("Implicit"), {"double": -0.0, "float": -0.0})
    yield "implicit.nan", fill(testing("Implicit"), {"double": float("nan"), "float": float("nan")})
    yield "implicit.infinity", fill(testing("Implicit"), {"double": float("inf"), "float": float("-inf")})
    yield "implicit.smallest", fill(testing("Implicit"), {"double": 5e-324, "float": 1e-45})
    yield "implicit.lengths", fill(testing("Implicit"), {}, a_string="x" * 64, some_bytes=b"y" * 65)

    yield "explicit.empty", testing("Explicit")
    defaults = fill(
        testing("Explicit"), dict.fromkeys(NUMBERS, 0), a_bool=False, a_string="", some_bytes=b"", color=0)
    for name in ("leaf", "nothing", "place"):
        getattr(defaults, name).SetInParent()
    yield "explicit.defaults", defaults
    lowest = fill(testing("Explicit"), LOWEST, a_bool=True, a_string=LONG, some_bytes=b"\0", color=77)
    lowest.leaf.name, lowest.leaf.number = "leaf", -1
    lowest.place.name, lowest.place.floor = "place", -I32
    yield "explicit.lowest", lowest

    for name in ("Packed", "Unpacked"):
        lists = testing(name)
        for kind in NUMBERS:
            getattr(lists, kind + "s").extend([LOWEST[kind], 0, HIGHEST[kind]])
        lists.bools.extend([True, False, True])
        lists.colors.extend([-1, 0, 2, 12345])
        if name == "Unpacked":
            lists.strings.extend(["", "a", "\0", MULTIBYTE, LONG])
            lists.byte_strings.extend([b"", b"\0", b"\xff" * 300])
            lists.leaves.add()
            lists.leaves.add(name="second", number=2)
            lists.places.add(floor=-1)
        yield name.lower() + ".edges", lists
    long = testing("Packed")
    long.sint32s.extend((i * 7919) % 200 - 100 for i in range(10_000))
    long.bools.extend(i % 3 == 0 for i in range(100))
    yield "packed.long", long

    maps = testing("Maps")
    maps.by_int32[-I32], maps.by_int64[-I64] = LOWEST["double"], LOWEST["float"]
    maps.by_uint32[2 * I32 - 1], maps.by_uint64[2 * I64 - 1] = -I32, -I64
    maps.by_sint32[-I32], maps.by_sint64[-I64] = 2 * I32 - 1, 2 * I64 - 1
    maps.by_fixed32[2 * I32 - 1], maps.by_fixed64[2 * I64 - 1] = -I32, -I64
    maps.by_sfixed32[-I32], maps.by_sfixed64[-I64] = 2 * I32 - 1, 2 * I64 - 1
    maps.by_bool[True], maps.by_string["a\0b"] = True, LONG
    maps.to_bytes[LONG], maps.to_color["infrared"] = b"\0\xff", -1
    maps.to_leaf["leaf"].name, maps.to_place["place"].floor = MULTIBYTE, -1
    maps.to_sfixed32["lowest"], maps.to_sfixed64["lowest"] = -I32, -I64
    yield "maps.edges", maps
    maps = testing("Maps")
    maps.by_int32[0] = maps.by_int64[0] = 0.0
    for kind in ("uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64"):
        getattr(maps, "by_" + kind)[0] = 0
    maps.by_bool[False], maps.by_string[""], maps.to_bytes[""], maps.to_color[""] = False, "", b"", 0
    maps.to_leaf[""].SetInParent()
    maps.to_place[""].SetInParent()
    maps.to_sfixed32[""] = maps.to_sfixed64[""] = 0
    yield "maps.defaults", maps
    maps = testing("Maps")
    for i in range(100):
        maps.by_string[f"key {i}"] = f"value {i}"
        maps.to_leaf[f"key {i}"].number = i
    yield "maps.many", maps

    yield "choice.empty", testing("Choice")
    for kind in NUMBERS:
        yield f"choice.{kind}.default", fill(testing("Choice"), {kind: 0})
        yield f"choice.{kind}.lowest", fill(testing("Choice"), {kind: LOWEST[kind]})
    yield "choice.bool", fill(testing("Choice"), {}, a_bool=False)
    yield "choice.string", fill(testing("Choice"), {}, a_string="")
    yield "choice.bytes", fill(testing("Choice"), {}, some_bytes=b"")
    yield "choice.enum", fill(testing("Choice"), {}, color=-1)
    choice = fill(testing("Choice"), {}, note=LONG)
    choice.leaf.name = "leaf"
    yield "choice.message", choice
    choice = testing("Choice")
    choice.choice.choice.place.name = "place"
    choice.nothing.SetInParent()
    yield "choice.nested", choice

    tree = testing("Tree")
    tree.label = "root"
    tree.child.child.label = "grandchild"
    tree.children.add()
    tree.children.add(label="second")
    tree.named[""].label = "unnamed"
    tree.branch.tree.branch.side = 1
    tree.branch.side = 99
    yield "tree.all", tree
    deep = node = testing("Tree")
    for level in range(2, 100):
        node = node.child
        node.label = str(level)
    yield "tree.deep", deep

    yield "numbers.all", fill(testing("Numbers"), {}, s="s", far=-1, sixteen=16)
    numbers = testing("Numbers")
    numbers.two_thousand.extend([1, -1])
    yield "numbers.gap", numbers

    two = testing("two.Two")
    two.number, two.text, two.inner.name, two.flag, two.size = 0, "", "", False, 2
    yield "two.required", two
    two = testing("two.Two")
    two.number, two.text, two.inner.name, two.flag, two.size = -1, MULTIBYTE, "inner", True, 1
    two.note, two.ratio = "", -0.0
    two.unpacked.extend([1, -1])
    two.packed.extend([1, -1])
    two.inners.add(name="first")
    two.other.name = "other"
    yield "two.all", two


def random_message(chance, descriptor, depth=0):
    """A message with about half of its fields set."""
    message = message_class(descriptor.full_name)()
    for field in descriptor.fields:
        if chance.random() < 0.5:
            continue
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            target = getattr(message, field.name)
            for _ in range(chance.randrange(4)):
                key = random_value(chance, entry.fields_by_name["key"], depth)
                value = random_value(chance, entry.fields_by_name["value"], depth)
                if entry.fields_by_name["value"].message_type is None:
                    target[key] = value
                else:
                    target[key].CopyFrom(value)
        elif field.is_repeated:
            if entry is None or depth < 3:
                values = [random_value(chance, field, depth) for _ in range(chance.randrange(6))]
                getattr(message, field.name).extend(values)
        elif entry is not None:
            if depth < 3 or field.is_required:
                getattr(message, field.name).CopyFrom(random_value(chance, field, depth))
        else:
            setattr(message, field.name, random_value(chance, field, depth))
    return message


def set_random_extensions(chance, message):
    for field in POOL.FindAllExtensions(message.DESCRIPTOR):
        if chance.random() < 0.5:
            continue
        if field.is_repeated:
            message.Extensions[field].extend(random_value(chance, field, 1) for _ in range(chance.randrange(3)))
        elif field.message_type is not None:
            message.Extensions[field].CopyFrom(random_value(chance, field, 1))
        else:
            message.Extensions[field] = random_value(chance, field, 1)


def random_value(chance, field, depth):
    bits = chance.getrandbits(chance.randrange(1, 65))
    signed = bits - 2**64 if bits >= I64 else bits * chance.choice([1, -1])
    kind = field.type
    if kind in (FieldDescriptor.TYPE_MESSAGE, FieldDescriptor.TYPE_GROUP):
        return random_message(chance, field.message_type, depth + 1)
    if kind == FieldDescriptor.TYPE_STRING:
        return "".join(chance.choice("ab\0éß日🐦") for _ in range(chance.choice([0, 3, 30, 90])))
    if kind == FieldDescriptor.TYPE_BYTES:
        return chance.randbytes(chance.choice([0, 3, 30, 90]))
    if kind == FieldDescriptor.TYPE_BOOL:
        return chance.random() < 0.5
    if kind == FieldDescriptor.TYPE_DOUBLE:
        return struct.unpack("<d", struct.pack("<Q", bits))[0]
    if kind == FieldDescriptor.TYPE_FLOAT:
        return struct.unpack("<f", struct.pack("<I", bits % 2**32))[0]
    if kind == FieldDescriptor.TYPE_ENUM:
        if field.enum_type.is_closed:
            return chance.choice(field.enum_type.values).number
        return (signed + I32) % 2**32 - I32
    if kind in (FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_FIXED64):
        return bits
    if kind in (FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_FIXED32):
        return bits % 2**32
    if kind in (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32, FieldDescriptor.TYPE_SFIXED32):
        return (signed + I32) % 2**32 - I32
    return signed


def varint(value, longer=0):
    """A varint, with up to `longer` bytes more than it needs."""
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    result.append(value)
    for _ in range(min(longer, 10 - len(result))):
        result[-1] |= 0x80
        result.append(0)
    return bytes(result)


def split(data):
    """The fields of well-formed bytes."""
    fields, position = [], 0

    def skip_varint():
        nonlocal position
        value, shift = 0, 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def skip_field():
        nonlocal position
        form = skip_varint() & 7
        if form == 0:
            skip_varint()
        elif form == 2:
            length = skip_varint()
            position += length
        elif form == 3:
            while skip_field() != 4:
                pass
        elif form in (1, 5):
            position += 8 if form == 1 else 4
        return form

    while position < len(data):
        start = position
        skip_field()
        fields.append(data[start:position])
    return fields


def odd_field(chance, depth=0):
    """A field that may fit no schema, in any form."""
    number = chance.choice([chance.randrange(1, 21), chance.randrange(1, 21), 99, 100, 101, 536870911])
    form = chance.choice([0, 1, 2, 2, 3, 5])
    tag = varint(number << 3 | form, longer=chance.choice([0, 0, 0, 0, 1, 4]))
    if form == 0:
        return tag + varint(chance.getrandbits(chance.randrange(1, 65)), longer=chance.choice([0, 0, 1, 9]))
    if form == 2:
        inner = b"".join(odd_field(chance, depth + 1) for _ in range(chance.randrange(3))) if depth < 3 else b""
        return tag + varint(len(inner)) + inner
    if form == 3:
        inner = b"".join(odd_field(chance, depth + 1) for _ in range(chance.randrange(3))) if depth < 3 else b""
        return tag + inner + varint(number << 3 | 4)
    return tag + chance.randbytes(8 if form == 1 else 4)


def odd_bytes(chance, descriptor, names):
    """Bytes of a message that came from two writers, from one with another schema, or were damaged."""
    data = serialized_partly(random_message(chance, descriptor))
    kind = chance.randrange(6)
    if kind == 0:
        return data + serialized_partly(random_message(chance, descriptor))
    if kind == 1:
        other = POOL.FindMessageTypeByName(chance.choice(names))
        return data + serialized_partly(random_message(chance, other))
    fields = split(data)
    if kind == 2:
        fields += chance.choices(fields, k=len(fields)) if fields else []
        chance.shuffle(fields)
        return b"".join(fields)
    if kind == 3:
        for _ in range(chance.randrange(1, 4)):
            fields.insert(chance.randrange(len(fields) + 1), odd_field(chance))
        return b"".join(fields)
    damaged = bytearray(data)
    for _ in range(chance.randrange(1, 3)):
        if kind == 4 and damaged:
            damaged[chance.randrange(len(damaged))] = chance.getrandbits(8)
        elif damaged:
            start = chance.randrange(len(damaged))
            del damaged[start:start + chance.choice([1, 1, 1000])]
    return bytes(damaged)


def serialized_partly(message):
    return message.SerializePartialToString(deterministic=True)


def judged(name, data, answer):
    """What is wrong with another reader's answer; nothing where Python agrees."""
    try:
        expected = message_class(name).FromString(data)
        accepted = expected.IsInitialized() and not has_bad_text(expected)
    except (message.DecodeError, UnicodeDecodeError):
        accepted = False
    if accepted != (answer != "rejected"):
        return "should be " + ("accepted" if accepted else "rejected")
    if accepted and not keeps_entries(expected) and content(message_class(name).FromString(bytes.fromhex(answer))) != content(expected):
        return f"expected {serialized(expected).hex()}"
    return None


def keeps_entries(part):
    """Python keeps a map's entry that has further fields as an unknown field; C++, Java, Go and Martlet read it."""
    maps = {
        field.number for field in part.DESCRIPTOR.fields
        if field.message_type is not None and field.message_type.GetOptions().map_entry
    }
    if any(field.field_number in maps and field.wire_type == 2 for field in unknown_fields.UnknownFieldSet(part)):
        return True
    return any(keeps_entries(nested) for nested in nested_messages(part))


def has_bad_text(part):
    """Python leaves strings of proto2 that aren't UTF-8 as bytes; a Swift String can't hold them. Extensions are read
    later."""
    for field, value in part.ListFields():
        if field.type == FieldDescriptor.TYPE_STRING and not field.is_extension:
            if any(isinstance(text, bytes) for text in (value if field.is_repeated else [value])):
                return True
    return any(has_bad_text(nested) for nested in nested_messages(part))


def nested_messages(part):
    for field, value in part.ListFields():
        entry = field.message_type
        if entry is None:
            continue
        if not entry.GetOptions().map_entry:
            yield from value if field.is_repeated else [value]
        elif entry.fields_by_name["value"].message_type is not None:
            yield from value.values()


def content(part):
    """All that a message holds, in a form that can be compared: NaN equals NaN, and unknown fields whose tags are
    written in different lengths are equal."""
    known = []
    for field, value in part.ListFields():
        entry = field.message_type
        if entry is None:
            known.append((field.number, repr(value)))
        elif entry.GetOptions().map_entry:
            nested = entry.fields_by_name["value"].message_type is not None
            pairs = [(repr(key), content(value[key]) if nested else repr(value[key])) for key in value]
            known.append((field.number, sorted(pairs, key=lambda pair: pair[0])))
        else:
            known.append((field.number, [content(item) for item in value] if field.is_repeated else content(value)))
    return known, unknown_content(unknown_fields.UnknownFieldSet(part))


def unknown_content(fields):
    return [
        (field.field_number, field.wire_type, unknown_content(field.data) if field.wire_type == 3 else field.data)
        for field in fields
    ]


def serialized(message):
    return message.SerializeToString(deterministic=True)


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "fixture":
        for name, message in cases():
            text = text_format.MessageToString(message, as_one_line=True, as_utf8=True)
            text = text if len(text) <= 500 else text[:500] + " …"
            print(name, message.DESCRIPTOR.full_name, serialized(message).hex(), text, sep="\t")
    elif command in ("random", "json"):
        chance = random.Random(int(sys.argv[2]))
        names = MESSAGES + ["two.MessageSet"]
        for _ in range(int(sys.argv[3])):
            name = "martlet.testing." + chance.choice(names)
            message = random_message(chance, POOL.FindMessageTypeByName(name))
            set_random_extensions(chance, message)
            forms = [json_format.MessageToJson(message, indent=None)] if command == "json" else []
            print(name, serialized(message).hex(), *forms, sep="\t")
    elif command == "texts":
        for line in sys.stdin:
            name, expected, *forms = line.rstrip("\n").split("\t")
            kind = message_class(name)
            expected = kind.FromString(bytes.fromhex(expected))
            for form in forms:
                parse = json_format.Parse if form.startswith("{") else text_format.Parse
                actual = parse(form, kind(), descriptor_pool=POOL)
                # The bytes tell one NaN from another, the text has extensions in any order.
                if serialized(actual) != serialized(expected) and f"{actual}" != f"{expected}":
                    print(f"{name}: expected {expected}, got {actual} from {form}")
    elif command == "compare":
        for line in sys.stdin:
            name, expected, actual = line.rstrip("\n").split("\t")
            kind = message_class(name)
            expected, actual = (kind.FromString(bytes.fromhex(text)) for text in (expected, actual))
            if serialized(expected) != serialized(actual):
                print(f"{name}: expected {expected}, got {actual}")
    elif command == "odd":
        chance = random.Random(int(sys.argv[2]))
        names = ["martlet.testing." + name for name in MESSAGES + ["two.Two", "two.MessageSet"]]
        for _ in range(int(sys.argv[3])):
            name = chance.choice(names)
            print(name, odd_bytes(chance, POOL.FindMessageTypeByName(name), names).hex(), sep="\t")
    elif command == "judge":
        for line in sys.stdin:
            name, data, answer = line.rstrip("\n").split("\t")
            complaint = judged(name, bytes.fromhex(data), answer)
            if complaint:
                print(name, data, answer, complaint)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
