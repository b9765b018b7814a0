extension RPCError {
    /// Creates an error with typed details.
    ///
    /// - Parameters:
    ///   - code: Not `ok`.
    ///   - message: For the caller's developers, who will read it in a log.
    ///   - first: Such as `GoogleRPC.BadRequest`.
    ///   - others: Further details, in order.
    ///   - metadata: Trailing metadata to send with the status.
    public init(
        _ code: StatusCode, _ message: String, details first: any Message, _ others: any Message...,
        metadata: Metadata = [:]
    ) {
        self.init(code, message, details: [ErrorDetail(first)] + others.map { ErrorDetail($0) }, metadata: metadata)
    }

    /// The details of one type, in order; empty where there are none. Throws where one of them can't be read.
    public func details<Detail: Message>(of type: Detail.Type) throws(DecodingError) -> [Detail] {
        var found: [Detail] = []
        for detail in details where detail.isA(type) { found.append(try Detail(serialized: detail.bytes)) }
        return found
    }

    /// The first detail of a type that can be read; nil where there is none.
    public func detail<Detail: Message>(of type: Detail.Type) -> Detail? {
        for detail in details where detail.isA(type) {
            if let found = try? Detail(serialized: detail.bytes) { return found }
        }
        return nil
    }
}

extension ErrorDetail {
    /// A message under the URL `type.googleapis.com/` and its full name. Traps where the message passes protobuf's
    /// limit of 2 GiB, which no call could carry either.
    public init(_ message: some Message) {
        do throws(EncodingError) {
            self.init(
                typeURL: TypeURL.standardPrefix + type(of: message).messageName, bytes: try message.serialized())
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Whether this is a message of that type.
    public func isA<Detail: Message>(_: Detail.Type) -> Bool { TypeURL.names(typeURL, Detail.messageName) }
}
