internal import CNghttp2

/// The headers that all calls of one method have.
///
/// Unsafe: what nghttp2 is handed points into this object's memory, which is never written to again. It lives until the
/// session is gone, or until the call is submitted if it isn't kept; nghttp2 copies the text then.
final class GRPCMethodHeaders {
    let service: String
    let method: String
    /// What they count against the server's limit, in bytes.
    let wireSize: Int
    private let text: UnsafeMutablePointer<UInt8>
    private let fields: UnsafeMutablePointer<nghttp2_nv>
    private let count: Int

    init(_ service: String, _ method: String, _ block: HeaderBlock, isKept: Bool) {
        self.service = service
        self.method = method
        wireSize = block.wireSize
        count = block.fields.count
        text = .allocate(capacity: block.text.count)
        text.initialize(from: block.text, count: block.text.count)
        fields = .allocate(capacity: count)
        let noCopy = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
        block.write(to: fields, text: text, flags: UInt8(isKept ? noCopy : NGHTTP2_NV_FLAG_NONE.rawValue))
    }

    deinit {
        text.deallocate()
        fields.deallocate()
    }

    /// Hands out the fields, and those of one call.
    func withFields<R>(and call: HeaderBlock, _ body: (UnsafePointer<nghttp2_nv>, Int) -> R) -> R {
        if call.fields.isEmpty { return body(UnsafePointer(fields), count) }
        return call.withFields { ofCall, callCount in
            withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count + callCount) { all in
                let list = all.baseAddress!
                list.initialize(from: fields, count: count)
                (list + count).initialize(from: ofCall, count: callCount)
                return body(UnsafePointer(list), count + callCount)
            }
        }
    }
}
