internal import CShapes
internal import MartletMessages
internal import SwiftProtobuf
internal import SwiftProtobufShapes

/// One thing that is measured: what an implementation does with a message.
struct Operation {
    /// Such as `encode User`.
    let task: String
    /// Such as `swift-protobuf`.
    let implementation: String
    /// Done once; returns something that depends on all of the work.
    let body: () -> Int
}

enum Operations {
    static let swiftProtobuf = "swift-protobuf"
    static let martlet = "Martlet"
    /// Into memory that is there already.
    static let martletInPlace = "Martlet in place"
    static let c = "C"
    static let cArena = "C in an arena"
    static let implementations = [swiftProtobuf, martlet, martletInPlace, c, cArena]

    static var all: [Operation] {
        get throws {
            try binary("User", Samples.user(1), Benchmarks_Messages_V1_User.self)
                + binary("Order", Samples.order, Benchmarks_Messages_V1_Order.self)
                + binary("1,000 Users", Samples.users, Benchmarks_Messages_V1_UserList.self)
                + binary("1 MiB of bytes", Samples.blob, Benchmarks_Messages_V1_Blob.self)
                + binary("texts", Samples.texts, Benchmarks_Messages_V1_Texts.self)
                + binary("100,000 numbers", Samples.numbers, Benchmarks_Messages_V1_Numbers.self)
        }
    }

    /// The binary form, into a new array as users have it, and into memory that is there, as C does it.
    static func binary<M: GeneratedMessage, Peer: SwiftProtobuf.Message>(
        _ name: String, _ message: M, _ peerType: Peer.Type
    ) throws -> [Operation] {
        guard let descriptor = shapes_descriptor(M.messageName) else { throw Disagreement(message: name) }
        let bytes = try message.serialized()
        let peer = try Peer(serializedBytes: bytes)
        let record = try bytes.withUnsafeBufferPointer { try unpack(descriptor, $0, name) }
        let size = bytes.count
        let peerBytes: [UInt8] = try peer.serializedBytes()
        guard try M(serialized: peerBytes) == message,
            protobuf_c_message_get_packed_size(record) == size
        else { throw Disagreement(message: name) }
        let output = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        let (encode, decode) = ("encode \(name)", "decode \(name)")
        return [
            Operation(task: encode, implementation: swiftProtobuf) {
                let bytes: [UInt8] = try! peer.serializedBytes()
                return bytes.count
            },
            Operation(task: encode, implementation: martlet) { try! message.serialized().count },
            Operation(task: encode, implementation: martletInPlace) {
                try! message.withSerialized { size, write in
                    write(output)
                    return size
                }
            },
            Operation(task: encode, implementation: c) {
                protobuf_c_message_get_packed_size(record)
                    + protobuf_c_message_pack(record, output.assumingMemoryBound(to: UInt8.self))
            },
            Operation(task: decode, implementation: swiftProtobuf) { keep(try! Peer(serializedBytes: bytes)) },
            Operation(task: decode, implementation: martlet) { keep(try! M(serialized: bytes)) },
            Operation(task: decode, implementation: c) {
                bytes.withUnsafeBufferPointer { Int(shapes_decode(descriptor, $0.count, $0.baseAddress)) }
            },
            Operation(task: decode, implementation: cArena) {
                bytes.withUnsafeBufferPointer {
                    shapes_decode_in_arena(descriptor, $0.count, $0.baseAddress) == nil ? 0 : 1
                }
            },
        ]
    }

    private static func unpack(
        _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, _ bytes: UnsafeBufferPointer<UInt8>, _ name: String
    ) throws -> UnsafeMutablePointer<ProtobufCMessage> {
        guard let record = protobuf_c_message_unpack(descriptor, nil, bytes.count, bytes.baseAddress) else {
            throw Disagreement(message: name)
        }
        return record
    }

    /// Lets the optimizer assume that somebody looks at the value.
    @inline(never)
    private static func keep<T>(_ value: borrowing T) -> Int { 1 }
}

/// The implementations don't give the same value for the same bytes.
struct Disagreement: Error {
    let message: String
}
