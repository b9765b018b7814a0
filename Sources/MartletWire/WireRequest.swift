package import MartletCore
internal import NIOCore

/// A request as it arrived. It keeps the read buffer alive: copy what outlives the call.
package struct WireRequest {
    package let stream: UInt32
    package let metadata: Metadata

    /// Whether the client sends nothing more.
    package let isHalfClosed: Bool

    /// What the messages of the response may be compressed with.
    package let acceptedCompressions: CompressionSet

    private let compression: Compression?
    private let frame: ByteBuffer
    private let servicePart: FramePart
    private let methodPart: FramePart
    private let payloadPart: FramePart
    /// 0: none.
    private let timeout: Int64

    /// How long the client waits, counted from the arrival of the request; always positive. Nil: without end.
    package var timeoutNanoseconds: Int64? { timeout == 0 ? nil : timeout }

    /// The request's only message; nil if its messages follow, which is when it isn't half-closed.
    package var message: WireMessage? {
        isHalfClosed ? WireMessage(bytes: payload, compression: compression) : nil
    }

    /// What the frame has as its message, a slice of the read buffer.
    var payload: ByteBuffer { frame.narrowed(to: payloadPart.range) }

    /// A new string: for errors and logs. Routing goes through ``MethodIndex``.
    package var service: String { withName { service, _ in String(decoding: service, as: UTF8.self) } }

    /// A new string: for errors and logs. Routing goes through ``MethodIndex``.
    package var method: String { withName { _, method in String(decoding: method, as: UTF8.self) } }

    func withName<R>(_ body: (_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> R) -> R {
        frame.withUnsafeReadableBytes { bytes in
            body(
                UnsafeRawBufferPointer(rebasing: bytes[servicePart.range]),
                UnsafeRawBufferPointer(rebasing: bytes[methodPart.range]))
        }
    }
}

/// Numbers of the Request's fields: all are ttrpc's.
enum RequestField {
    static let service: UInt32 = 1
    static let method: UInt32 = 2
    static let payload: UInt32 = 3
    static let timeout: UInt32 = 4
    static let metadata: UInt32 = 5
}

extension WireRequest {
    /// Reads the envelope's metadata too, and throws what it is refused with. The timeout isn't negative.
    init(
        stream: UInt32, isHalfClosed: Bool, compression: Compression? = nil,
        acceptedCompressions: CompressionSet = CompressionSet(), _ frame: ByteBuffer, _ envelope: RequestEnvelope
    ) throws(RPCError) {
        metadata = try envelope.metadata.complete()
        self.stream = stream
        self.isHalfClosed = isHalfClosed
        self.compression = compression
        self.acceptedCompressions = acceptedCompressions
        self.frame = frame
        timeout = envelope.timeout
        servicePart = FramePart(envelope.service)
        methodPart = FramePart(envelope.method)
        payloadPart = FramePart(envelope.payload)
    }
}

extension WireRequest {
    /// A request whose parts lie in one buffer.
    ///
    /// - Parameters:
    ///   - payload: Of its only message; nil if its messages follow.
    ///   - timeout: In nanoseconds; 0: none.
    init(
        stream: UInt32, frame: ByteBuffer, service: Range<Int>, method: Range<Int>, payload: Range<Int>?,
        compression: Compression?, acceptedCompressions: CompressionSet, timeout: Int64, metadata: Metadata
    ) {
        self.stream = stream
        self.frame = frame
        servicePart = FramePart(service)
        methodPart = FramePart(method)
        payloadPart = FramePart(payload ?? 0..<0)
        isHalfClosed = payload != nil
        self.compression = compression
        self.acceptedCompressions = acceptedCompressions
        self.timeout = timeout
        self.metadata = metadata
    }

    /// A request that came whole, by another way than in a frame, with metadata that is valid.
    ///
    /// - Parameter timeoutNanoseconds: Positive; nil: none.
    package init(
        stream: UInt32, service: String, method: String, message: [UInt8], timeoutNanoseconds: Int64?,
        metadata: Metadata
    ) {
        var frame = ByteBuffer()
        let service = frame.append(service.utf8)
        let method = frame.append(method.utf8)
        let payload = frame.append(message)
        self.init(
            stream: stream, frame: frame, service: service, method: method, payload: payload, compression: nil,
            acceptedCompressions: CompressionSet(), timeout: timeoutNanoseconds ?? 0, metadata: metadata)
    }
}

extension ByteBuffer {
    /// Writes bytes and tells where they are.
    fileprivate mutating func append(_ bytes: some Sequence<UInt8>) -> Range<Int> {
        let start = readableBytes
        writeBytes(bytes)
        return start..<readableBytes
    }
}

/// Where something lies in a frame's data: half the size of a `Range<Int>`, since requests are passed on a lot.
private struct FramePart {
    private let lowerBound: UInt32
    private let upperBound: UInt32

    init(_ range: Range<Int>) {
        lowerBound = UInt32(range.lowerBound)
        upperBound = UInt32(range.upperBound)
    }

    var range: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}

/// The fields of a Request; texts and payload as places in the frame.
struct RequestEnvelope {
    var service = 0..<0
    var method = 0..<0
    var payload = 0..<0
    var timeout: Int64 = 0
    var metadata: MetadataFields

    @inline(__always)
    init(_ reader: inout FieldReader, metadataLimit: Int) throws(MalformedMessage) {
        metadata = MetadataFields(limit: metadataLimit)
        while let tag = try reader.nextTag() {
            switch tag {
            case .bytes(RequestField.service): service = try reader.content()
            case .bytes(RequestField.method): method = try reader.content()
            case .bytes(RequestField.payload): payload = try reader.content()
            case .varint(RequestField.timeout): timeout = Int64(bitPattern: try reader.varint())
            case .bytes(RequestField.metadata): try metadata.read(&reader)
            default: try reader.skip(tag)
            }
        }
    }
}

extension ByteBuffer {
    /// A part of the readable bytes, in the same memory.
    func narrowed(to range: Range<Int>) -> ByteBuffer {
        var part = self
        part.moveWriterIndex(to: readerIndex + range.upperBound)
        part.moveReaderIndex(forwardBy: range.lowerBound)
        return part
    }
}
