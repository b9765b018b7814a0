import Foundation
import Martlet

// Stands in for what the gRPC wire brings, until it is there; then this file goes.

extension ChannelConfiguration.Wire {
    static var grpc: Self { .native }
}

extension Compression {
    static var deflate: Self { .gzip }
}

extension Metadata {
    func allBytes(for key: String) -> [[UInt8]] {
        values(for: key).compactMap { text in
            let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
            return Data(base64Encoded: padded).map { [UInt8]($0) }
        }
    }

    mutating func appendBytes(_ bytes: [UInt8], for key: String) {
        append(Data(bytes).base64EncodedString().replacing("=", with: ""), for: key)
    }

    mutating func setBytes(_ bytes: [UInt8], for key: String) {
        self[key] = nil
        appendBytes(bytes, for: key)
    }
}
