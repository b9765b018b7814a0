/// Writes what serves and what calls the services of a file.
struct ServiceEmitter {
    let spelling: Spelling
    let file: FileModel

    private var style: Style { spelling.style }

    /// Everything for the services, where no namespace holds them.
    func emit(separatedFromAbove: Bool, to source: inout SourceWriter) {
        for (index, service) in file.services.enumerated() {
            if index > 0 || separatedFromAbove { source.line() }
            emitProtocol(service, to: &source)
            source.line()
            emitRegistration(service, namespace: nil, to: &source)
            source.line()
            emitMethods(service, to: &source)
            source.line()
            emitClient(service, to: &source)
        }
    }

    /// What can stand inside a namespace.
    func emitDeclarations(separatedFromAbove: Bool, to source: inout SourceWriter) {
        for (index, service) in file.services.enumerated() {
            if index > 0 || separatedFromAbove { source.line() }
            emitProtocol(service, to: &source)
            source.line()
            emitMethods(service, to: &source)
            source.line()
            emitClient(service, to: &source)
        }
    }

    /// What can't, each followed by a blank line.
    func emitRegistrations(to source: inout SourceWriter) {
        for service in file.services {
            emitRegistration(service, namespace: file.namespace, to: &source)
            source.line()
        }
    }

    private func emitProtocol(_ model: ServiceModel, to source: inout SourceWriter) {
        source.remarks(model.documentation)
        let head = "\(style.access)nonisolated protocol \(model.swiftName): \(style.runtime).RPCService"
        guard !model.methods.isEmpty else { return source.line("\(head) {}") }
        source.block(head) { source in
            for (index, method) in model.methods.enumerated() {
                if index > 0 { source.line() }
                source.remarks(method.documentation)
                let isolation = method.isSynchronous ? "nonisolated" : "nonisolated(nonsending)"
                source.list(
                    "\(isolation) func \(Naming.escaped(method.swiftName))",
                    ["_ request: \(requestParameter(method))", "context: \(style.runtime).ServerContext"],
                    " \(method.isSynchronous ? "throws" : "async throws") -> \(type(method.response))")
            }
        }
    }

    /// The helper is named with the namespace: a type may serve `UserService` of two packages.
    private func emitRegistration(_ model: ServiceModel, namespace: Namespace?, to source: inout SourceWriter) {
        let parameter = "in router: inout \(style.runtime).Router"
        let path = namespace.map { "\($0.path.joined(separator: "."))." } ?? ""
        let helper = "register\(path.replacing(".", with: ""))\(model.swiftName)"
        source.block("nonisolated extension \(path)\(model.swiftName)") { source in
            source.block("\(style.access)func register(\(parameter))", expression: "\(helper)(in: &router)")
            source.line()
            source.comment(["Adds the methods of `\(model.fullName)`, for a type that serves several services."])
            source.list("\(style.access)func \(helper)", [parameter], " {")
            source.indented { source in
                let methods = "\(path)\(model.swiftName)Methods"
                guard !model.methods.isEmpty else { return source.line("router.register(\(methods).service, [])") }
                source.line("router.register(")
                source.indented { source in
                    source.line("\(methods).service,")
                    source.line("[")
                    source.indented { source in
                        source.elements(model.methods) { method, comma, source in
                            emitHandler(method, of: methods, comma: comma, to: &source)
                        }
                    }
                    source.line("])")
                }
            }
            source.line("}")
        }
    }

    private func emitHandler(
        _ method: MethodModel, of methods: String, comma: String, to source: inout SourceWriter
    ) {
        let name = Naming.escaped(method.swiftName)
        let effects = method.isSynchronous ? "try" : "try await"
        guard method.viewsRequest || method.isSynchronous else {
            return source.block(
                ".unary(\(methods).\(name))", expression: "\(effects) self.\(name)($0, context: $1)", after: comma)
        }
        source.line(".unary(")
        source.indented { source in
            source.line("\(methods).\(name),")
            guard method.viewsRequest else {
                return source.line("synchronous: { \(effects) self.\(name)($0, context: $1) })\(comma)")
            }
            source.line(
                "\(method.isSynchronous ? "synchronouslyViewing" : "viewing"): { "
                    + "(request: \(requestParameter(method)), context) in")
            source.indented { $0.line("\(effects) self.\(name)(request, context: context)") }
            source.line("})\(comma)")
        }
    }

    private func requestParameter(_ method: MethodModel) -> String {
        method.viewsRequest ? "borrowing \(type(method.request)).View" : type(method.request)
    }

    private func emitMethods(_ model: ServiceModel, to source: inout SourceWriter) {
        source.comment(["The methods of `\(model.fullName)`, for interceptors and for calls without a client."])
        source.block("\(style.access)nonisolated enum \(model.swiftName)Methods") { source in
            source.list(
                "\(style.access)static let service = \(style.runtime).ServiceDescriptor",
                ["\"\(model.fullName)\"", "in: \(file.swiftName).descriptor"])
            for method in model.methods {
                let head =
                    "\(style.access)static let \(Naming.escaped(method.swiftName)) = \(style.runtime).Method"
                source.list(
                    head, generic: [type(method.request), type(method.response)],
                    ["service", "\"\(method.protoName)\"", ".unary"])
            }
        }
    }

    private func emitClient(_ model: ServiceModel, to source: inout SourceWriter) {
        source.comment(["Calls `\(model.fullName)`. Cheap to copy, safe to use from any task."])
        if model.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        source.block("\(style.access)nonisolated struct \(model.swiftName)Client: Swift.Sendable") { source in
            source.line("private let invoker: any \(style.runtime).CallInvoker")
            source.line()
            source.comment(["Creates a client that calls over `invoker`, usually a `ClientChannel`."])
            source.block(
                "\(style.access)init(_ invoker: any \(style.runtime).CallInvoker)", expression: "self.invoker = invoker"
            )
            for method in model.methods {
                source.line()
                emitCall(method, of: model, to: &source)
            }
        }
    }

    private func emitCall(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        let name = Naming.escaped(method.swiftName)
        source.comment(method.documentation.comment + (method.documentation.comment.isEmpty ? [] : [""]))
        source.comment(["- Throws: `RPCError`, whatever makes the call fail."])
        if method.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        source.list(
            "\(style.access)nonisolated(nonsending) func \(name)",
            ["_ request: \(type(method.request))", "options: \(style.runtime).CallOptions = .default"],
            " async throws(\(style.runtime).RPCError) -> \(type(method.response)) {")
        source.indented { source in
            source.list("try await invoker.unary", ["\(model.swiftName)Methods.\(name)", "request", "options"])
        }
        source.line("}")
    }

    private func type(_ fullName: String) -> String { spelling.type(.message(fullName), in: nil) }
}
