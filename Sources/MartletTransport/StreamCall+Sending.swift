package import MartletCore

extension StreamCall {
    package var takesBytes: Bool { options.compression == nil }

    package func trySend(size: Int, _ write: (UnsafeMutableRawPointer) -> Void) throws(RPCError) -> Bool {
        guard try sending.mayGoOn(), let connection else { return false }
        return try connection.send(on: self, size: size, write)
    }

    package func trySend<Element: Message>(_ message: Element, compressed: Bool?) throws(RPCError) -> Bool {
        guard try sending.mayGoOn(), let connection else { return false }
        return try connection.send(message, on: self, compressed: compressed)
    }

    /// Goes on waiting when its task is cancelled: that is for the reader, or for the closure around both.
    package nonisolated(nonsending) func send<Element: Message>(
        _ message: Element, compressed: Bool?
    ) async throws(RPCError) {
        while try !trySend(message, compressed: compressed) { await sending.waitForTurn() }
    }

    package func finish() {
        if sending.finish() { connection?.halfClose(self) }
    }
}
