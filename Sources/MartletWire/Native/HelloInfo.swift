internal import MartletCore
internal import NIOCore

/// What one side of a connection says about itself in its first frame.
package struct HelloInfo: Sendable, Hashable {
    /// The highest version that the side speaks; the lower of the two is in force.
    package let version: UInt32
    /// What the side accepts.
    package let limits: WireLimits
    /// Bits of optional features; those that both sides state are in force. Version 1 defines none.
    package let features: UInt64
    package let implementation: NativeImplementation
}

/// The program that speaks, for logs: nothing may depend on it.
package struct NativeImplementation: Sendable, Hashable {
    package let name: String
    package let version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

extension HelloInfo {
    static let currentVersion: UInt32 = 1

    /// What this side says.
    init(limits: WireLimits, implementation: NativeImplementation) {
        self.init(version: Self.currentVersion, limits: limits, features: 0, implementation: implementation)
    }

    /// Fields that are left out or 0 mean the protocol's initial values.
    init(_ reader: inout FieldReader) throws(MalformedMessage) {
        var version: UInt64 = 0
        let initial = WireLimits.initial
        var limits = initial
        var features: UInt64 = 0
        var name = ""
        var implementationVersion = ""
        while let tag = try reader.nextTag() {
            switch tag {
            case .varint(1): version = try reader.varint()
            case .varint(2): limits.maxFrameBytes = try reader.size() ?? initial.maxFrameBytes
            case .varint(3): limits.maxMessageBytes = try reader.size() ?? initial.maxMessageBytes
            case .varint(4): limits.maxConcurrentStreams = try reader.size() ?? initial.maxConcurrentStreams
            case .varint(5): limits.maxMetadataBytes = try reader.size() ?? initial.maxMetadataBytes
            case .varint(6): limits.streamWindow = try reader.size() ?? initial.streamWindow
            case .varint(7): limits.connectionWindow = try reader.size() ?? initial.connectionWindow
            case .bytes(8): limits.compressions.append(try reader.string())
            case .varint(9): features = try reader.varint()
            case .bytes(10): name = try reader.string()
            case .bytes(11): implementationVersion = try reader.string()
            default: try reader.skip(tag)
            }
        }
        self.init(
            version: UInt32(clamping: version), limits: limits, features: features,
            implementation: NativeImplementation(name: name, version: implementationVersion))
    }

    /// Reads the data of a Hello frame; throws if no connection is possible with the peer that sent it.
    init(_ header: FrameHeader, _ data: ByteBuffer) throws(WireError) {
        do throws(WireError) {
            try header.checkFlags()
            self = try header.read(data, HelloInfo.init(_:))
        } catch {
            throw WireError(stage: .handshake, code: error.code, message: error.message)
        }
        guard version >= 1 else {
            throw WireError(
                stage: .handshake, code: .failedPrecondition, message: "the Hello states no version; the lowest is 1")
        }
        let least = WireLimits.initial
        try Self.check("frames", limits.maxFrameBytes, least: least.maxFrameBytes)
        try Self.check("streams' credit", limits.streamWindow, least: least.streamWindow)
        try Self.check("the connection's credit", limits.connectionWindow, least: least.connectionWindow)
    }

    /// What the peer may have used before the Hello came can't be taken back.
    private static func check(_ what: String, _ bytes: Int, least: Int) throws(WireError) {
        guard bytes >= least else {
            throw WireError(
                stage: .handshake, code: .failedPrecondition,
                message: "the Hello limits \(what) to \(bytes) bytes; every side must accept \(least)")
        }
    }

    var fields: FieldWriter {
        var fields = FieldWriter()
        fields.integer(1, UInt64(version))
        fields.integer(2, UInt64(limits.maxFrameBytes))
        fields.integer(3, UInt64(limits.maxMessageBytes))
        fields.integer(4, UInt64(limits.maxConcurrentStreams))
        fields.integer(5, UInt64(limits.maxMetadataBytes))
        fields.integer(6, UInt64(limits.streamWindow))
        fields.integer(7, UInt64(limits.connectionWindow))
        for compression in limits.compressions { fields.field(8, compression.utf8) }
        fields.integer(9, features)
        fields.string(10, implementation.name)
        fields.string(11, implementation.version)
        return fields
    }
}

extension FieldReader {
    /// A limit or a window. Nil for 0; what is beyond a frame's largest size counts as that.
    fileprivate mutating func size() throws(MalformedMessage) -> Int? {
        let value = try varint()
        return value == 0 ? nil : Int(min(value, UInt64(Int32.max)))
    }
}
