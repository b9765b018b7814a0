/// Turns the messages of one method from JSON into binary and back, for calls that come with JSON.
///
/// It looks for the JSON forms when they are needed, so that making one costs nothing.
@usableFromInline package struct JSONTranscoder: Sendable {
    private let request: any Message.Type
    private let response: any Message.Type

    @usableFromInline init(request: any Message.Type, response: any Message.Type) {
        self.request = request
        self.response = response
    }

    /// Whether both messages have a JSON form.
    package var isUsable: Bool { request is any JSONMessage.Type && response is any JSONMessage.Type }

    /// The binary form of a request.
    ///
    /// Throws INVALID_ARGUMENT that says where the text is wrong.
    package func request(fromJSON text: [UInt8]) throws(RPCError) -> [UInt8] {
        guard let type = request as? any JSONMessage.Type else { throw Self.missing(request) }
        return try text.withUnsafeBufferPointer { (text) throws(RPCError) in
            try Self.binary(type, UnsafeRawBufferPointer(text))
        }
    }

    /// The JSON form of a response.
    package func response(toJSON bytes: [UInt8]) throws(RPCError) -> [UInt8] {
        guard let type = response as? any JSONMessage.Type else { throw Self.missing(response) }
        return try bytes.withUnsafeBufferPointer { (bytes) throws(RPCError) in
            try Self.json(type, UnsafeRawBufferPointer(bytes))
        }
    }

    private static func binary<Element: JSONMessage>(
        _: Element.Type, _ text: UnsafeRawBufferPointer
    ) throws(RPCError) -> [UInt8] {
        let message = try Element(callJSON: text)
        do throws(EncodingError) { return try message.serialized() } catch { throw RPCError(encoding: error) }
    }

    private static func json<Element: JSONMessage>(
        _: Element.Type, _ bytes: UnsafeRawBufferPointer
    ) throws(RPCError) -> [UInt8] {
        let message: Element
        do throws(DecodingError) { message = try Element(serialized: bytes, limits: .default) } catch {
            throw RPCError(undecodable: error)
        }
        return try message.callJSON()
    }

    private static func missing(_ type: any Message.Type) -> RPCError {
        RPCError(.unimplemented, "\(type.messageName) has no JSON form: call the method with application/proto")
    }
}
