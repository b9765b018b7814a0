/// Writes what serves and what calls a service.
struct ServiceEmitter {
    let spelling: Spelling
    /// The enum that stands for the file that declares the service.
    let file: String

    private var style: Style { spelling.style }

    func emit(_ model: ServiceModel, to source: inout SourceWriter) {
        emitProtocol(model, to: &source)
        source.line()
        emitRegistration(model, to: &source)
        source.line()
        emitMethods(model, to: &source)
        source.line()
        emitClient(model, to: &source)
    }

    private func emitProtocol(_ model: ServiceModel, to source: inout SourceWriter) {
        source.remarks(model.documentation)
        let head = "\(style.access)nonisolated protocol \(model.swiftName): \(style.runtime).RPCService"
        guard !model.methods.isEmpty else { return source.line("\(head) {}") }
        source.block(head) { source in
            for (index, method) in model.methods.enumerated() {
                if index > 0 { source.line() }
                source.remarks(method.documentation)
                source.list(
                    "nonisolated(nonsending) func \(Naming.escaped(method.swiftName))",
                    ["_ request: \(type(method.request))", "context: \(style.runtime).ServerContext"],
                    " async throws -> \(type(method.response))")
            }
        }
    }

    private func emitRegistration(_ model: ServiceModel, to source: inout SourceWriter) {
        let parameter = "in router: inout \(style.runtime).Router"
        source.block("nonisolated extension \(model.swiftName)") { source in
            source.block(
                "\(style.access)func register(\(parameter))",
                expression: "register\(model.swiftName)(in: &router)")
            source.line()
            source.comment(["Adds the methods of `\(model.fullName)`, for a type that serves several services."])
            source.list("\(style.access)func register\(model.swiftName)", [parameter], " {")
            source.indented { source in
                guard !model.methods.isEmpty else {
                    return source.line("router.register(\(model.swiftName)Methods.service, [])")
                }
                source.line("router.register(")
                source.indented { source in
                    source.line("\(model.swiftName)Methods.service,")
                    source.line("[")
                    source.indented { source in
                        source.elements(model.methods) { method, comma, source in
                            let name = Naming.escaped(method.swiftName)
                            source.block(
                                ".unary(\(model.swiftName)Methods.\(name))",
                                expression: "try await self.\(name)($0, context: $1)", after: comma)
                        }
                    }
                    source.line("])")
                }
            }
            source.line("}")
        }
    }

    private func emitMethods(_ model: ServiceModel, to source: inout SourceWriter) {
        source.comment(["The methods of `\(model.fullName)`, for interceptors and for calls without a client."])
        source.block("\(style.access)nonisolated enum \(model.swiftName)Methods") { source in
            source.list(
                "\(style.access)static let service = \(style.runtime).ServiceDescriptor",
                ["\"\(model.fullName)\"", "in: \(file).descriptor"])
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
