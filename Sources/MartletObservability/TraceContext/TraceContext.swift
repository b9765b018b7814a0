public import Tracing

/// Where in a trace something happens, as W3C's Trace Context has it (https://www.w3.org/TR/trace-context-1/): what
/// `traceparent` and `tracestate` say.
public struct TraceContext: Sendable, Hashable {
    let traceIDHalves: HexPair
    let spanIDBits: UInt64
    /// Whether the caller may have recorded the trace.
    public let isSampled: Bool
    /// What the makers of tracers added, as `tracestate` has it; empty without.
    public let state: String

    /// 32 hexadecimal digits.
    public var traceID: String { traceIDHalves.hex }
    /// 16 hexadecimal digits.
    public var spanID: String { spanIDBits.hex }
}

/// 128 bits.
struct HexPair: Hashable {
    let high: UInt64
    let low: UInt64

    var hex: String { high.hex + low.hex }
}

extension TraceContext {
    /// A new trace, with the id of its first span.
    ///
    /// - Parameter isSampled: Whether the trace is recorded.
    public static func random(isSampled: Bool = false) -> TraceContext {
        TraceContext(
            traceIDHalves: TraceIDs.nextTrace(), spanIDBits: TraceIDs.next(), isSampled: isSampled, state: "")
    }

    /// The same trace, one step further: a span below this one.
    public func child() -> TraceContext {
        TraceContext(traceIDHalves: traceIDHalves, spanIDBits: TraceIDs.next(), isSampled: isSampled, state: state)
    }

    /// What `traceparent` says, of version 00 (section 3.2.2).
    var traceparent: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }

    /// Nil if `traceparent` isn't valid, and so the trace is to begin anew (section 4.3).
    ///
    /// - Parameter tracestate: Nil if there is none. One that isn't valid is dropped, and the trace goes on.
    init?(traceparent: String, tracestate: String?) {
        // Longer ones can only be of a future version, whose makers are held to what is usual for a field.
        guard traceparent.utf8.count <= 512 else { return nil }
        let text = traceparent.utf8Span.span
        // version "-" trace-id "-" parent-id "-" trace-flags
        guard text.count >= 55, text[2] == dash, text[35] == dash, text[52] == dash,
            let version = text.hex(from: 0, digits: 2), let high = text.hex(from: 3, digits: 16),
            let low = text.hex(from: 19, digits: 16), let span = text.hex(from: 36, digits: 16),
            let flags = text.hex(from: 53, digits: 2)
        else { return nil }
        // Version ff is forbidden; one later than 00 may have more fields.
        guard version != 0xFF, version == 0 ? text.count == 55 : text.count == 55 || text[55] == dash else {
            return nil
        }
        // All zeros are no id.
        guard high != 0 || low != 0, span != 0 else { return nil }
        self.init(
            traceIDHalves: HexPair(high: high, low: low), spanIDBits: span, isSampled: flags & 1 != 0,
            state: tracestate.flatMap { TraceState.checked($0) } ?? "")
    }
}

extension ServiceContext {
    /// Where in its trace the current task is. In a handler behind a ``TraceContextPropagator`` the span is that of the
    /// handler; requests that it makes name it as their parent.
    public var traceContext: TraceContext? {
        get { self[TraceContextKey.self] }
        set { self[TraceContextKey.self] = newValue }
    }
}

private enum TraceContextKey: ServiceContextKey {
    typealias Value = TraceContext
    static var nameOverride: String? { "trace-context" }
}

private let dash = UInt8(ascii: "-")

extension UInt64 {
    /// 16 digits.
    fileprivate var hex: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for position in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: self >> UInt64(60 - 4 * position)) & 0xF
                digits[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }
}

extension Swift.Span<UInt8> {
    /// Nil for anything but digits and lower-case letters up to `f`.
    fileprivate func hex(from start: Int, digits: Int) -> UInt64? {
        var value: UInt64 = 0
        for position in start..<start + digits {
            switch self[position] {
            case let byte where byte &- UInt8(ascii: "0") < 10: value = value << 4 | UInt64(byte - UInt8(ascii: "0"))
            case let byte where byte &- UInt8(ascii: "a") < 6:
                value = value << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
