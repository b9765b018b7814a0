import Synchronization
import Tracing

/// Holds what it is told until it ends.
final class UnexportedSpan: Tracing.Span {
    let context: ServiceContext
    private let state: Mutex<State>

    private struct State {
        var operationName: String
        /// In nanoseconds since 1970, as are the spans of an exporter.
        let start: UInt64
        var end: UInt64?
        var attributes: SpanAttributes = [:]
        var events: [SpanEvent] = []
        var links: [SpanLink] = []
        var status: SpanStatus?
    }

    init(_ operationName: String, _ context: ServiceContext, start: UInt64) {
        self.context = context
        state = Mutex(State(operationName: operationName, start: start))
    }

    var operationName: String {
        get { state.withLock { $0.operationName } }
        set { state.withLock { $0.operationName = newValue } }
    }

    var attributes: SpanAttributes {
        get { state.withLock { $0.attributes } }
        set { state.withLock { $0.attributes = newValue } }
    }

    var isRecording: Bool { state.withLock { $0.end == nil } }

    func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }
    func addEvent(_ event: SpanEvent) { state.withLock { $0.events.append(event) } }
    func addLink(_ link: SpanLink) { state.withLock { $0.links.append(link) } }

    func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
    }

    func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let end = instant().nanosecondsSinceEpoch
        state.withLock { $0.end = end }
    }
}
