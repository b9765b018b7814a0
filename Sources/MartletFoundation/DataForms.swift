public import Foundation
public import MartletMessages

extension Message {
    /// Reads a message from its binary form.
    public init(serialized data: Data, limits: DecodingLimits = .default) throws(DecodingError) {
        self = try data.withBytes { (bytes) throws(DecodingError) in try Self(serialized: bytes, limits: limits) }
    }

    /// The binary form.
    public func serializedData() throws(EncodingError) -> Data {
        try withSerialized { size, write in
            var data = Data(count: size)
            data.withUnsafeMutableBytes { if let start = $0.baseAddress { write(start) } }
            return data
        }
    }
}

extension GeneratedMessage {
    /// Reads protobuf's JSON in UTF-8.
    public init(jsonData data: Data, options: JSONDecodingOptions = .default) throws(JSONDecodingError) {
        self = try data.withBytes { (bytes) throws(JSONDecodingError) in
            try Self(jsonBytes: bytes, options: options)
        }
    }

    /// Protobuf's canonical JSON in UTF-8.
    public func jsonData(options: JSONEncodingOptions = .default) throws(JSONEncodingError) -> Data {
        Data(try jsonBytes(options: options))
    }
}

extension Data {
    /// Lends the bytes to code whose errors are typed.
    fileprivate func withBytes<R, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
    ) throws(Failure) -> R {
        let result = withUnsafeBytes { bytes in
            Result { () throws(Failure) in try body(bytes) }
        }
        return try result.get()
    }
}
