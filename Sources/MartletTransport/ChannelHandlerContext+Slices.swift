internal import MartletWire
internal import NIOCore

extension ChannelHandlerContext {
    /// Sends an output with the slices that belong between its bytes.
    func writeAndFlush(_ output: ByteBuffer, _ slices: OutputSlices) {
        guard !slices.isEmpty else {
            if output.readableBytes > 0 { writeAndFlush(NIOAny(output), promise: nil) }
            return
        }
        slices.gather(with: output) { write(NIOAny($0), promise: nil) }
        flush()
    }
}
