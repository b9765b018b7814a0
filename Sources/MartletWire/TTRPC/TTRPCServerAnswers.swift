internal import MartletCore
internal import NIOCore

/// What a server says to a plain ttrpc client: Data and Response, without metadata, which ttrpc has none of in this
/// direction.
extension TTRPCServerMachine {
    mutating func sendMessage(
        stream: UInt32, size: Int, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> SendOutcome {
        guard streams[stream] != nil else {
            return .rejected(
                RPCError(
                    .invalidArgument,
                    "the method streams responses, and the request was unary: its flags must say that it isn't"))
        }
        do throws(RPCError) { try TTRPC.checkFrame("message", size: size) } catch { return .rejected(error) }
        return queue.send(stream: stream, size: size, into: &output, write: write)
    }

    /// A Response with the message, which ends streams too: ttrpc's clients take it for the last message.
    mutating func respond(
        stream: UInt32, payloadSize: Int, into output: inout ByteBuffer, write: (UnsafeMutableRawPointer) -> Void
    ) -> RPCError? {
        let size = payloadSize == 0 ? 0 : FrameWriter.fieldSize(length: payloadSize)
        do throws(RPCError) { try TTRPC.checkFrame("response", size: size) } catch {
            end(stream, into: &output) { $0.writeError(error, stream: stream) }
            return error
        }
        end(stream, into: &output) { output in
            output.writeFrame(FrameHeader(length: size, stream: stream, type: .response, flags: [])) { frame in
                guard payloadSize > 0 else { return }
                frame.fieldHeader(ResponseField.payload, length: payloadSize)
                frame.payload(count: payloadSize, write)
            }
        }
        return nil
    }

    /// Not with a Response, which ttrpc's clients would take for one more message.
    mutating func finish(stream: UInt32, into output: inout ByteBuffer) {
        let type = streams[stream] == nil ? FrameType.response : .data
        end(stream, into: &output) { output in
            let flags: FrameFlags = type == .data ? [.remoteClosed, .noData] : []
            output.writeFrame(FrameHeader(length: 0, stream: stream, type: type, flags: flags)) { _ in }
        }
    }

    mutating func fail(stream: UInt32, _ error: RPCError, into output: inout ByteBuffer) {
        queue.drop(stream)
        end(stream, into: &output) { $0.writeError(error, stream: stream) }
    }

    mutating func pump(into output: inout ByteBuffer, _ slices: inout OutputSlices, room: Int) {
        openStreams -= queue.pump(into: &output, &slices, room: room)
    }

    /// Without streams that have ended.
    mutating func takeSent() -> [UInt32] { queue.takeSent().filter { streams[$0] != nil } }

    /// Writes the last frame of a stream, after what waits for it.
    private mutating func end(_ stream: UInt32, into output: inout ByteBuffer, _ write: (inout ByteBuffer) -> Void) {
        precondition(openStreams > 0, "a stream is answered that isn't open")
        streams[stream] = nil
        if queue.contains(stream) {
            var frame = ByteBuffer()
            write(&frame)
            queue.append(end: frame, stream: stream)
        } else {
            write(&output)
            openStreams -= 1
        }
    }
}

extension ByteBuffer {
    /// Writes a Response of plain ttrpc: the status, with its details.
    mutating func writeError(_ error: RPCError, stream: UInt32) {
        let status = RPCError(error.code, error.message, details: error.details)
        writeFrame(.response, stream: stream, WireResponse.fields(of: status, limits: TTRPC.limits))
    }
}
