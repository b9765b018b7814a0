internal import CProtobufC

extension RecordWriter {
    /// The size of the record's binary form. Past protobuf's limit libprotobuf-c would write lengths that nobody
    /// can read.
    @usableFromInline
    func packedSize() throws(EncodingError) -> Int {
        let size = protobuf_c_message_get_packed_size(message)
        if size > largestMessageSize { throw EncodingError(message: MessageTable(record: base).name, size: size) }
        return size
    }

    @usableFromInline
    func pack(into buffer: UnsafeMutableRawPointer) {
        protobuf_c_message_pack(message, buffer.assumingMemoryBound(to: UInt8.self))
    }

    func packed() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: protobuf_c_message_get_packed_size(message)) { buffer, count in
            if let start = buffer.baseAddress { count = protobuf_c_message_pack(message, start) }
        }
    }

    private var message: UnsafePointer<ProtobufCMessage> {
        UnsafePointer(base.assumingMemoryBound(to: ProtobufCMessage.self))
    }
}
