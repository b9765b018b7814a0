internal import MartletCore
internal import NIOCore

/// One request on an HTTP/2 connection, until its response is sent.
///
/// ```
///              HEADERS              event taken           respond, finish, fail
///   ( new ) ──────────▶ ( waiting ) ──────────▶ ( open ) ───────────────────────▶ ( answered )
///      │ │                                         ▲                                   ▲
///      │ └─ not gRPC ──▶ ( gathering ) ── end ─────┘                                   │
///      └──────────────────────── HEADERS of no use: answered at once ──────────────────┘
/// ```
final class GRPCServerStream: HTTP2Stream {
    enum Phase {
        /// Its header block isn't complete.
        case new
        /// The event of its request waits to be taken.
        case waiting
        /// The body of a plain HTTP request is coming.
        case gathering
        case open
        /// Its outcome is on its way. What the client still sends is dropped.
        case answered
    }

    /// The first message, as long as the request waits.
    enum First {
        /// A small one, copied behind the path, so that both travel in one piece.
        case copied(Range<Int>, Compression?)
        case whole(WireMessage)
    }

    var phase = Phase.new
    /// Where the path is in the machine's memory of this read.
    var path = 0..<0
    var method = ""
    /// Nil: none. Not positive: it has passed.
    var timeout: GRPCTimeout?
    var isTimeoutBroken = false
    var headerBytes = 0
    var headers: GRPCRequestHeaders?
    var first: First?
    /// What is there of a plain HTTP request.
    var httpRequest: HTTPRequest?
    var messageCount = 0
    var hasSentHeaders = false
    var window = ReceiveWindow()
    var deframer: GRPCDeframer

    init(id: UInt32, maxMessageBytes: Int) {
        deframer = GRPCDeframer(maxMessageBytes: maxMessageBytes)
        super.init(id: id)
    }
}
