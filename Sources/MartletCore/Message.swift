/// A protobuf message: a plain Swift value that can be written as bytes and read back.
///
/// Generated types conform. Encoding and decoding are synchronous, safe on any thread, and keep their
/// scratch memory to themselves.
public protocol Message: Sendable {
    /// The full protobuf name, such as `users.v1.User`.
    static var messageName: String { get }

    /// Reads a message from its binary form. The bytes are only borrowed for the call.
    init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError)

    /// Hands `body` the exact size of the binary form, in bytes, and a function that writes that many bytes to
    /// a place `body` chooses. `write` may be called once, before `body` returns.
    func withSerialized<R>(
        _ body: (_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) -> R
    ) throws(EncodingError) -> R
}

extension Message {
    /// Reads a message from its binary form.
    @inlinable
    public init(serialized bytes: [UInt8], limits: DecodingLimits = .default) throws(DecodingError) {
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
            try Self(serialized: UnsafeRawBufferPointer(bytes), limits: limits)
        }
    }

    /// The binary form.
    @inlinable
    public func serialized() throws(EncodingError) -> [UInt8] {
        try withSerialized { size, write in
            // The compiler specializes this for bytes, unlike `init(unsafeUninitializedCapacity:)`, which takes 300
            // instructions more.
            var bytes: [UInt8] = []
            bytes.append(addingCapacity: size) { output in
                output.withUnsafeMutableBufferPointer { buffer, count in
                    if let start = buffer.baseAddress { write(UnsafeMutableRawPointer(start)) }
                    count = size
                }
            }
            return bytes
        }
    }
}
