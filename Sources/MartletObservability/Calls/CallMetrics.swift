internal import CoreMetrics
internal import MartletCore
internal import Synchronization

/// The metrics of the calls of one side. Those of a method are made with its first call, those of a status code with
/// the first call that ends so; after that a call looks them up, without a lock.
struct CallMetrics {
    private let methods: MethodTable<MethodMetrics>

    /// Nil if nobody wants to know.
    init?(_ observability: Observability, of side: CallSide) {
        guard let factory = observability.metrics else { return nil }
        methods = MethodTable(limit: Convention.maxMethods) { method in
            MethodMetrics(method?.description ?? Convention.unknownMethod, side, factory)
        }
    }

    /// A call begins. Its end is to be told to the result.
    func begin(_ method: MethodDescriptor, isKnown: Bool) -> MethodMetrics {
        let metrics = methods.entry(of: isKnown ? method : nil)
        metrics.begin()
        return metrics
    }
}

/// The metrics of one method.
final class MethodMetrics: Sendable {
    /// What is counted for one status code.
    private final class Ends: Sendable {
        let calls: Counter
        let duration: CoreMetrics.Timer

        init(_ dimensions: [(String, String)], _ side: CallSide, _ factory: any MetricsFactory) {
            calls = Counter(label: side.calls, dimensions: dimensions, factory: factory)
            duration = Timer(
                label: side.duration, dimensions: dimensions, preferredDisplayUnit: .seconds, factory: factory)
        }
    }

    private let side: CallSide
    private let factory: any MetricsFactory
    private let dimensions: [(String, String)]
    private let activeCalls: Meter
    /// By the code's number, from 0 to 16.
    private let ends = InlineArray<17, OnceReference<Ends>> { _ in OnceReference() }

    init(_ method: String, _ side: CallSide, _ factory: any MetricsFactory) {
        self.side = side
        self.factory = factory
        dimensions = [(Convention.system, Convention.grpc), (Convention.method, method)]
        activeCalls = Meter(label: side.activeCalls, dimensions: dimensions, factory: factory)
    }

    fileprivate func begin() { activeCalls.increment() }

    func end(_ code: StatusCode, in elapsed: Duration) {
        activeCalls.decrement()
        let ends = ends(of: code)
        ends.calls.increment()
        ends.duration.recordNanoseconds(elapsed.wholeNanoseconds)
    }

    private func ends(of code: StatusCode) -> Ends {
        let position = Int(code.rawValue)
        if let ends = ends[position].load() { return ends }
        var dimensions = dimensions
        dimensions.append((Convention.statusCode, code.name))
        if side.isError(code) { dimensions.append((Convention.errorType, code.name)) }
        return ends[position].storeIfNil(Ends(dimensions, side, factory))
    }
}
