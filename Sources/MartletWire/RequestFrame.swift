internal import MartletCore

/// The data of a Request frame: first its size, then its bytes.
struct RequestFrame: ~Copyable {
    private let service: String
    private let method: String
    private let serviceCount: Int
    private let methodCount: Int
    var payloadSize: Int
    private let timeout: UInt64?
    private let metadata: Metadata
    private let metadataSize: Int

    /// - Parameter timeoutNanoseconds: Nil: none. Zero or less is sent as 1.
    init(
        service: String, method: String, payloadSize: Int, timeoutNanoseconds: Int64?, metadata: borrowing Metadata
    ) {
        self.service = service
        self.method = method
        serviceCount = service.utf8.count
        methodCount = method.utf8.count
        self.payloadSize = payloadSize
        timeout = timeoutNanoseconds.map { UInt64(max(1, $0)) }
        self.metadata = copy metadata
        metadataSize = metadata.fieldsSize
    }

    var size: Int { sizeWithoutPayload + (payloadSize == 0 ? 0 : FrameWriter.fieldSize(length: payloadSize)) }

    var sizeWithoutPayload: Int {
        FrameWriter.fieldSize(length: serviceCount) + FrameWriter.fieldSize(length: methodCount)
            + (timeout.map { 1 + FrameWriter.varintSize($0) } ?? 0) + metadataSize
    }

    /// `payload` puts exactly `payloadSize` bytes at the place it is given.
    func write(into frame: inout FrameWriter, payload: (UnsafeMutableRawPointer) -> Void) {
        frame.string(RequestField.service, service, byteCount: serviceCount)
        frame.string(RequestField.method, method, byteCount: methodCount)
        if payloadSize > 0 {
            frame.fieldHeader(RequestField.payload, length: payloadSize)
            frame.payload(count: payloadSize, payload)
        }
        if let timeout { frame.integer(RequestField.timeout, timeout) }
        frame.metadata(RequestField.metadata, metadata)
    }
}
