internal import CNghttp2

/// A header block that is made once and stays for good, so that nghttp2 refers to its text instead of copying it.
///
/// Unchecked: its memory is never written to again, and never freed.
struct FixedHeaders: @unchecked Sendable {
    let fields: UnsafePointer<nghttp2_nv>
    let count: Int

    init(_ block: HeaderBlock) {
        let text = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, block.text.count))
        text.initialize(from: block.text, count: block.text.count)
        let fields = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: max(1, block.fields.count))
        let flags = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
        block.write(to: fields, text: text, flags: UInt8(flags))
        self.fields = UnsafePointer(fields)
        count = block.fields.count
    }
}
