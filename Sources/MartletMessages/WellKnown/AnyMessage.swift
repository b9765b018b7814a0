extension GoogleProtobuf.AnyMessage {
    /// Packs a message under the URL `type.googleapis.com/` and its full name.
    public init(packing message: some Message) throws(EncodingError) {
        self.init(
            typeUrl: TypeURL.standardPrefix + type(of: message).messageName, value: try message.serialized())
    }

    /// The full name of the packed message, such as `users.v1.User`; nil where the URL names none.
    public var messageName: String? { TypeURL.messageName(of: typeUrl) }

    /// Whether a message of that type is packed.
    public func isA<Packed: Message>(_: Packed.Type) -> Bool { TypeURL.names(typeUrl, Packed.messageName) }

    /// The packed message; nil where it is of another type. Throws where its bytes can't be read.
    public func unpack<Packed: Message>(
        as _: Packed.Type, limits: DecodingLimits = .default
    ) throws(DecodingError) -> Packed? {
        isA(Packed.self) ? try Packed(serialized: value, limits: limits) : nil
    }

    /// The packed message; nil where the registry doesn't know its type. Throws where its bytes can't be read.
    public func unpack(
        from registry: TypeRegistry, limits: DecodingLimits = .default
    ) throws(DecodingError) -> (any GeneratedMessage)? {
        guard let type = registry.messageType(forTypeURL: typeUrl) else { return nil }
        return try type.init(serialized: value, limits: limits)
    }
}
