extension GeneratedMessage {
    public init(callJSON text: UnsafeRawBufferPointer) throws(RPCError) {
        do throws(JSONDecodingError) {
            try self.init(jsonBytes: text, options: JSONDecodingOptions(ignoresUnknownFields: true))
        } catch {
            throw RPCError(.invalidArgument, "\(error)")
        }
    }

    public func callJSON() throws(RPCError) -> [UInt8] {
        do throws(JSONEncodingError) { return try jsonBytes() } catch { throw RPCError(.internalError, "\(error)") }
    }
}
