"""Python's protobuf as the peer of MartletMessages' tests.

    messages.py fixture             prints the cases: name, message, bytes in hex, text form
    messages.py random SEED COUNT   prints random messages: message, bytes in hex
    messages.py compare             reads lines of message, bytes, other bytes; says which lines differ in value
"""

import pathlib
import random
import struct
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
from google.protobuf.descriptor import FieldDescriptor
from grpc_tools import protoc

PROTOS = pathlib.Path(__file__).resolve().parents[2] / "Protos"
FILES = ["martlet/testing/imported.proto", "martlet/testing/kinds.proto", "martlet/testing/kinds2.proto"]


def load():
    """Compiles the test protos; returns a function from a full message name to its class."""
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "descriptors"
        arguments = ["protoc", f"-I{PROTOS}", f"--descriptor_set_out={path}", *FILES]
        if protoc.main(arguments) != 0:
            sys.exit("the test protos don't compile")
        files = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
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


def random_value(chance, field, depth):
    bits = chance.getrandbits(chance.randrange(1, 65))
    signed = bits - 2**64 if bits >= I64 else bits * chance.choice([1, -1])
    kind = field.type
    if kind == FieldDescriptor.TYPE_MESSAGE:
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


def serialized(message):
    return message.SerializeToString(deterministic=True)


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "fixture":
        for name, message in cases():
            text = text_format.MessageToString(message, as_one_line=True, as_utf8=True)
            text = text if len(text) <= 500 else text[:500] + " …"
            print(name, message.DESCRIPTOR.full_name, serialized(message).hex(), text, sep="\t")
    elif command == "random":
        chance = random.Random(int(sys.argv[2]))
        names = ["Implicit", "Explicit", "Packed", "Unpacked", "Maps", "Choice", "Tree", "Numbers"]
        for _ in range(int(sys.argv[3])):
            name = "martlet.testing." + chance.choice(names)
            message = random_message(chance, POOL.FindMessageTypeByName(name))
            print(name, serialized(message).hex(), sep="\t")
    elif command == "compare":
        for line in sys.stdin:
            name, expected, actual = line.rstrip("\n").split("\t")
            kind = message_class(name)
            expected, actual = (kind.FromString(bytes.fromhex(text)) for text in (expected, actual))
            if serialized(expected) != serialized(actual):
                print(f"{name}: expected {expected}, got {actual}")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
