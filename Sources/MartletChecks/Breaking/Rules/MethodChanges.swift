internal import MartletDescriptors
internal import MartletMessages

extension BreakingRule {
    static let methodRules = [
        BreakingRule(
            "RPC_SAME_REQUEST_TYPE", [.wire, .source], "No method gets another request.", each: \.methods,
            at: [PathNumber.Method.inputType],
            problem: { method, comparison in
                changedMessage(of: method, comparison, \.inputType).map {
                    "\(called(method)) took `\($0)` and takes `\($1)` now"
                }
            }),
        BreakingRule(
            "RPC_SAME_RESPONSE_TYPE", [.wire, .source], "No method gets another response.", each: \.methods,
            at: [PathNumber.Method.outputType],
            problem: { method, comparison in
                changedMessage(of: method, comparison, \.outputType).map {
                    "\(called(method)) returned `\($0)` and returns `\($1)` now"
                }
            }),
        BreakingRule(
            "RPC_SAME_CLIENT_STREAMING", [.wire, .source], "No method changes between one request and a stream.",
            each: \.methods,
            at: [PathNumber.Method.inputType],
            problem: { method, _ in
                changedStreaming(of: method, \.clientStreaming).map {
                    "\(called(method)) took \($0) and takes \($1) now"
                }
            }),
        BreakingRule(
            "RPC_SAME_SERVER_STREAMING", [.wire, .source], "No method changes between one response and a stream.",
            each: \.methods,
            at: [PathNumber.Method.outputType],
            problem: { method, _ in
                changedStreaming(of: method, \.serverStreaming).map {
                    "\(called(method)) returned \($0) and returns \($1) now"
                }
            }),
        BreakingRule(
            "RPC_SAME_IDEMPOTENCY_LEVEL", [.wire, .source], "No method changes whether it may be called twice.",
            each: \.methods,
            at: [PathNumber.Method.options],
            problem: { method, _ in
                let old = method.old.descriptor.options?.idempotencyLevel ?? .idempotencyUnknown
                let new = method.new.descriptor.options?.idempotencyLevel ?? .idempotencyUnknown
                return old == new
                    ? nil : "\(called(method)) had the idempotency level \(named(old)) and has \(named(new)) now"
            }),
    ]

    private typealias Method = Pair<GoogleProtobuf.MethodDescriptorProto>
    private typealias Part<Value> = KeyPath<GoogleProtobuf.MethodDescriptorProto, Value?>

    private static func called(_ method: Method) -> String {
        "method `\(method.new.element.name)` of service `\(method.new.element.scope)`"
    }

    private static func changedMessage(
        of method: Method, _ comparison: Comparison, _ part: Part<String>
    ) -> (String, String)? {
        let old = comparison.newName(ofType: method.old.descriptor[keyPath: part] ?? "")
        let new = String((method.new.descriptor[keyPath: part] ?? "").dropFirst())
        return old == new ? nil : (old, new)
    }

    private static func changedStreaming(of method: Method, _ part: Part<Bool>) -> (String, String)? {
        let old = method.old.descriptor[keyPath: part] ?? false
        let new = method.new.descriptor[keyPath: part] ?? false
        func shown(_ streams: Bool) -> String { streams ? "a stream" : "one message" }
        return old == new ? nil : (shown(old), shown(new))
    }

    private static func named(_ level: GoogleProtobuf.MethodOptions.IdempotencyLevel) -> String {
        switch level {
        case .idempotencyUnknown: "IDEMPOTENCY_UNKNOWN"
        case .noSideEffects: "NO_SIDE_EFFECTS"
        case .idempotent: "IDEMPOTENT"
        }
    }
}
