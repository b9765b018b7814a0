package import MartletCore
package import NIOCore

/// One message as it travels.
package struct WireMessage {
    /// A slice of the read buffer, or the message's own memory if it came in parts: copy what outlives the call.
    package var bytes: ByteBuffer
    /// What the bytes are compressed with; nil: nothing.
    package var compression: Compression?

    package init(bytes: ByteBuffer, compression: Compression? = nil) {
        self.bytes = bytes
        self.compression = compression
    }

    package var isCompressed: Bool { compression != nil }
}

/// Which protocol a client speaks on a connection.
package enum WireKind: Sendable, Hashable {
    case native
    case ttrpc
    /// gRPC over HTTP/2.
    case grpc
}

/// What a request brings along.
package enum RequestForm: Sendable, Hashable {
    /// Its only message. `streamsResponses`: the method answers with a stream.
    case only(streamsResponses: Bool)
    /// No message: `sendMessage` and `halfClose` follow.
    case open(streamsResponses: Bool)
}

/// What became of an attempt to send a request.
package enum RequestOutcome {
    /// `isQueued`: the message, or a part of it, waits in the machine; `takeSent` tells when it has left.
    case sent(stream: UInt32, isQueued: Bool)
    /// Nothing was written: as many calls are open as the server allows, or its Hello hasn't come and the request
    /// needs more than the initial limits. Try again after the next `established` or `response`.
    case notNow
    /// Nothing was written: the request is over a limit of this server.
    case rejected(RPCError)
    /// Nothing was written: this connection takes no more requests. Use a fresh one.
    case exhausted
}

/// What became of an attempt to send a message.
package enum SendOutcome {
    /// All of it is in the output.
    case sent
    /// It waits in the machine for credit, room or its turn. Send the stream's next message when `takeSent` has named
    /// the stream.
    case queued
    /// Nothing was written: it is over a limit of the peer.
    case rejected(RPCError)
    /// Nothing was written: the stream, or the connection, takes no more.
    case closed
}
