internal import MartletCore

/// Writes what serves the services of a file; what calls them is for ``ClientEmitter``.
struct ServiceEmitter {
    let spelling: Spelling
    let file: FileModel

    private var style: Style { spelling.style }
    private var clients: ClientEmitter { ClientEmitter(spelling: spelling) }
    private var doubles: DoubleEmitter { DoubleEmitter(style: style) }

    /// Everything for the services, where no namespace holds them.
    func emit(separatedFromAbove: Bool, to source: inout SourceWriter) {
        for (index, service) in file.services.enumerated() {
            if index > 0 || separatedFromAbove { source.line() }
            emitProtocol(service, to: &source)
            source.line()
            emitRegistration(service, namespace: nil, to: &source)
            source.line()
            emitCallers(service, to: &source)
        }
    }

    /// What can stand inside a namespace.
    func emitDeclarations(separatedFromAbove: Bool, to source: inout SourceWriter) {
        for (index, service) in file.services.enumerated() {
            if index > 0 || separatedFromAbove { source.line() }
            emitProtocol(service, to: &source)
            source.line()
            emitCallers(service, to: &source)
        }
    }

    /// What can't, each followed by a blank line.
    func emitRegistrations(to source: inout SourceWriter) {
        for service in file.services {
            emitRegistration(service, namespace: file.namespace, to: &source)
            source.line()
        }
    }

    private func emitCallers(_ service: ServiceModel, to source: inout SourceWriter) {
        emitMethods(service, to: &source)
        source.line()
        clients.emit(service, to: &source)
        if service.hasDouble {
            source.line()
            doubles.emit(service, qualifier: "", to: &source)
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
                let result = method.shape.streamsResponses ? "" : " -> \(spelling.message(method.response))"
                source.list(
                    "\(isolation) func \(Naming.escaped(method.swiftName))", parameters(method),
                    " \(method.isSynchronous ? "throws" : "async throws")\(result)")
            }
        }
    }

    private func parameters(_ method: MethodModel) -> [String] {
        let request =
            method.shape.streamsRequests
            ? "_ requests: \(style.runtime).MessageStream<\(spelling.message(method.request))>"
            : "_ request: \(requestParameter(method))"
        let responses = "to responses: \(style.runtime).MessageWriter<\(spelling.message(method.response))>"
        return [request] + (method.shape.streamsResponses ? [responses] : [])
            + ["context: \(style.runtime).ServerContext"]
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
        let call = "\(method.isSynchronous ? "try" : "try await") self.\(name)"
        let streams = method.shape.streamsResponses
        guard method.viewsRequest || method.isSynchronous else {
            let expression = streams ? "\(call)($0, to: $1, context: $2)" : "\(call)($0, context: $1)"
            let oneLine = ".\(method.shape)(\(methods).\(name)) { \(expression) }\(comma)"
            if source.fits(oneLine) { return source.line(oneLine) }
            source.list(".\(method.shape)", ["\(methods).\(name)"], " {")
            source.indented { $0.line(expression) }
            return source.line("}\(comma)")
        }
        source.line(".\(method.shape)(")
        source.indented { source in
            source.line("\(methods).\(name),")
            guard method.viewsRequest else {
                return source.line("synchronous: { \(call)($0, context: $1) })\(comma)")
            }
            source.line(
                "\(method.isSynchronous ? "synchronouslyViewing" : "viewing"): { "
                    + "(request: \(requestParameter(method)), \(streams ? "responses, " : "")context) in")
            source.indented {
                $0.line("\(call)(request, \(streams ? "to: responses, " : "")context: context)")
            }
            source.line("})\(comma)")
        }
    }

    private func requestParameter(_ method: MethodModel) -> String {
        let type = spelling.message(method.request)
        return method.viewsRequest ? "borrowing \(type).View" : type
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
                    head, generic: [spelling.message(method.request), spelling.message(method.response)],
                    ["service", "\"\(method.protoName)\"", ".\(method.shape)"]
                        + (method.hasNoSideEffects ? ["hasNoSideEffects: true"] : []))
            }
        }
    }
}
