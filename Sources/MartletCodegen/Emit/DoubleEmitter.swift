/// Writes what stands in for a service in tests.
struct DoubleEmitter {
    /// The module that doubles are made of.
    static let module = "MartletTesting"

    let style: Style

    /// - Parameter qualifier: What stands before the names of the service's other types; empty, or with a dot at its
    ///   end.
    func emit(_ model: ServiceModel, qualifier: String, to source: inout SourceWriter) {
        source.comment(["Stands in for `\(model.fullName)` in tests: answers calls with closures, and records them."])
        source.block(
            "\(style.access)nonisolated struct \(model.swiftName)Double: \(Self.module).ServiceDouble"
        ) { source in
            for method in model.methods {
                let name = Naming.escaped(method.swiftName)
                let type = "\(Naming.capitalized("\(method.shape)"))Double"
                // What the runtime makes of the name in the schema, to say it in errors.
                let derived = method.protoName.prefix(1).lowercased() + method.protoName.dropFirst()
                let property = method.swiftName == derived ? [] : ["property: \"\(method.swiftName)\""]
                source.list(
                    "\(style.access)let \(name) = \(Self.module).\(type)",
                    ["\(qualifier)\(model.swiftName)Methods.\(name)"] + property)
            }
            if !model.methods.isEmpty { source.line() }
            source.line("\(style.access)init() {}")
            source.line()
            source.block(
                "\(style.access)var service: \(style.runtime).ServiceDescriptor",
                expression: "\(qualifier)\(model.swiftName)Methods.service")
            source.line()
            emitList(of: model.methods.map { Naming.escaped($0.swiftName) }, to: &source)
            source.line()
            source.comment(["A client whose calls are answered here."])
            let client = "\(qualifier)\(model.swiftName)Client"
            source.block("\(style.access)var client: \(client)", expression: "\(client)(invoker)")
        }
    }

    private func emitList(of methods: [String], to source: inout SourceWriter) {
        let head = "\(style.access)var methods: [any \(Self.module).MethodDouble]"
        let oneLine = "\(head) { [\(methods.joined(separator: ", "))] }"
        // `swift format` keeps room for the comma that the last item may get.
        if source.fits(oneLine + ",") { return source.line(oneLine) }
        source.block(head) { $0.array("", methods) }
    }
}
