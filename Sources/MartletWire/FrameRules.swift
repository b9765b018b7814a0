internal import MartletCore
internal import NIOCore

/// What holds for frames of every type.
extension FrameHeader {
    func checkLength(limit: Int, stage: WireError.Stage) throws(WireError) {
        guard length <= limit else {
            throw WireError(
                stage: stage, code: .resourceExhausted,
                message: "\(name): its \(length) bytes are over the limit of \(limit) for one frame")
        }
    }

    func checkFlags(allowed: FrameFlags = []) throws(WireError) {
        guard allowed.isSuperset(of: flags) else {
            let extra = flags.subtracting(allowed).rawValue
            throw .violation("\(name): flags 0x\(String(extra, radix: 16)) have no place on it")
        }
    }

    /// Reads the frame's data as a message.
    func read<Value>(
        _ data: ByteBuffer, _ read: (inout FieldReader) throws(MalformedMessage) -> Value
    ) throws(WireError) -> Value {
        do throws(MalformedMessage) {
            return try data.readFields(read)
        } catch {
            throw malformed(error)
        }
    }

    func malformed(_ error: MalformedMessage) -> WireError {
        .violation("\(name) is malformed: \(error)")
    }

    /// For errors, such as `Request on stream 5`.
    var name: String {
        let type =
            switch type {
            case .request: "Request"
            case .response: "Response"
            case .data: "Data"
            case .hello: "Hello"
            case .data: "Data"
            case .metadata: "Metadata"
            case .cancel: "Cancel"
            case .window: "Window"
            case .ping: "Ping"
            case .goAway: "GoAway"
            default: "frame of type 0x\(String(type.rawValue, radix: 16))"
            }
        return stream == 0 ? type : "\(type) on stream \(stream)"
    }

    /// Whether a client may use the stream id.
    var hasClientStream: Bool { stream % 2 == 1 }
}
