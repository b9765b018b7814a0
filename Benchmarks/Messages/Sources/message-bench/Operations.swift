internal import CShapes
internal import MartletMessages
internal import MartletShapes
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
    /// Encoding into memory that is there already.
    static let martletInPlace = "Martlet in place"
    /// Decoding without building the Swift value; one field is read.
    static let martletView = "Martlet view"
    static let c = "C"
    static let cArena = "C in an arena"
    static let implementations = [swiftProtobuf, martlet, martletInPlace, martletView, c, cArena]

    static var all: [Operation] {
        get throws {
            try binary("User", Samples.user(1), Benchmarks_Messages_V1_User.self)
                + [view("User", Samples.user(1)) { (view: borrowing User.View) in try view.id.utf8.count }]
                + binary("Order", Samples.order, Benchmarks_Messages_V1_Order.self)
                + [view("Order", Samples.order) { (view: borrowing Order.View) in try view.id.utf8.count }]
                + binary("1,000 Users", Samples.users, Benchmarks_Messages_V1_UserList.self)
                + [view("1,000 Users", Samples.users) { (view: borrowing UserList.View) in view.users.count }]
                + binary("1 MiB of bytes", Samples.blob, Benchmarks_Messages_V1_Blob.self)
                + binary("texts", Samples.texts, Benchmarks_Messages_V1_Texts.self)
                + [view("texts", Samples.texts) { (view: borrowing Texts.View) in try view.a.utf8.count }]
                + binary("100,000 numbers", Samples.numbers, Benchmarks_Messages_V1_Numbers.self)
                + json("User", Samples.user(1), Benchmarks_Messages_V1_User.self)
                + json("Order", Samples.order, Benchmarks_Messages_V1_Order.self)
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

    private static func view<M: GeneratedMessage, View: GeneratedView & ~Copyable>(
        _ name: String, _ message: M, _ read: @escaping (borrowing View) throws -> Int
    ) throws -> Operation where View.ViewedMessage == M {
        let bytes = try message.serialized()
        return Operation(task: "decode \(name)", implementation: martletView) {
            bytes.withUnsafeBytes { try! View.withView(serialized: $0, limits: .default, read) }
        }
    }

    private static func json<M: GeneratedMessage, Peer: SwiftProtobuf.Message & Equatable>(
        _ name: String, _ message: M, _ peerType: Peer.Type
    ) throws -> [Operation] {
        let peer = try Peer(serializedBytes: message.serialized())
        let text: [UInt8] = try peer.jsonUTF8Bytes()
        guard try M(jsonBytes: text) == message, try Peer(jsonUTF8Bytes: message.jsonBytes()) == peer else {
            throw Disagreement(message: name)
        }
        let (encode, decode) = ("encode JSON of \(name)", "decode JSON of \(name)")
        return [
            Operation(task: encode, implementation: swiftProtobuf) {
                let text: [UInt8] = try! peer.jsonUTF8Bytes()
                return text.count
            },
            Operation(task: encode, implementation: martlet) { try! message.jsonBytes().count },
            Operation(task: decode, implementation: swiftProtobuf) { keep(try! Peer(jsonUTF8Bytes: text)) },
            Operation(task: decode, implementation: martlet) { keep(try! M(jsonBytes: text)) },
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
