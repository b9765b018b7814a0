/// A message that has a JSON form too, so that its methods can be called with JSON. All generated messages have.
public protocol JSONMessage: Message {
    /// Reads protobuf's JSON in UTF-8, and skips what the schema doesn't name. The bytes are only borrowed for the call.
    ///
    /// Throws INVALID_ARGUMENT that says where the text is wrong, and why.
    init(callJSON text: UnsafeRawBufferPointer) throws(RPCError)

    /// Protobuf's JSON in UTF-8.
    ///
    /// Throws INTERNAL for what JSON can't hold, such as an `Any` of a type that isn't known here.
    func callJSON() throws(RPCError) -> [UInt8]
}
