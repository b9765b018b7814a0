internal import MartletCore

/// Writes what calls a service: a client, and the same for code that isn't async.
struct ClientEmitter {
    let spelling: Spelling

    private var style: Style { spelling.style }

    func emit(_ model: ServiceModel, to source: inout SourceWriter) {
        source.comment(["Calls `\(model.fullName)`. Cheap to copy, safe to use from any task."])
        if model.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        source.block("\(style.access)nonisolated struct \(model.swiftName)Client: Swift.Sendable") { source in
            source.comment([
                "Carries the calls. `invoker.start(\(model.swiftName)Methods.…, request, options)` gives the handle of a "
                    + "call,",
                "which has its metadata.",
            ])
            source.line("\(style.access)let invoker: any \(style.runtime).CallInvoker")
            source.line()
            source.comment(["Creates a client that calls over `invoker`, usually a `ClientChannel`."])
            source.block(
                "\(style.access)init(_ invoker: any \(style.runtime).CallInvoker)", expression: "self.invoker = invoker"
            )
            if model.hasBlockingClient {
                source.line()
                source.comment(["The same calls for code that isn't async: each holds up its thread."])
                source.line("@available(*, noasync, message: \"await the client's own methods\")")
                let type = "\(model.swiftName)BlockingClient"
                source.block("\(style.access)var blocking: \(type)", expression: "\(type)(invoker: invoker)")
            }
            for method in model.methods {
                source.line()
                switch method.shape {
                case .unary: emitUnary(method, of: model, to: &source)
                case .serverStreaming: emitServerStreaming(method, of: model, to: &source)
                case .clientStreaming, .bidirectional:
                    emitScoped(method, of: model, to: &source)
                    source.line()
                    emitHandle(method, of: model, to: &source)
                }
            }
        }
        if model.hasBlockingClient {
            source.line()
            emitBlocking(model, to: &source)
        }
    }

    // MARK: - Async

    private func emitUnary(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        emitHead(method, ["- Throws: `RPCError`, whatever makes the call fail."], to: &source)
        emitFunction(
            "nonisolated(nonsending) func \(name(method))", [request(method), options],
            "async throws(\(style.runtime).RPCError) -> \(spelling.message(method.response))",
            "try await invoker.unary", [reference(method, model), "request", "options"], to: &source)
    }

    private func emitServerStreaming(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        emitHead(
            method,
            [
                "- Returns: the responses. The stream throws `RPCError`, whatever makes the call fail; leaving it early",
                "  cancels the call.",
            ], to: &source)
        emitFunction(
            "func \(name(method))", [request(method), options],
            "-> \(style.runtime).MessageStream<\(spelling.message(method.response))>",
            "invoker.serverStreaming", [reference(method, model), "request", "options"], to: &source)
    }

    private func emitScoped(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        let requests = "_ requests: \(style.runtime).MessageWriter<\(spelling.message(method.request))>"
        if method.shape == .clientStreaming {
            emitHead(
                method,
                [
                    "`upload` writes the requests, which end when it returns.", "",
                    "- Throws: `RPCError`, whatever makes the call fail, and what `upload` throws, which cancels the call.",
                ], to: &source)
            emitFunction(
                "nonisolated(nonsending) func \(name(method))",
                [options, closure("_ upload", [requests], "async throws -> Swift.Void")],
                "async throws -> \(spelling.message(method.response))",
                "try await invoker.clientStreaming", [reference(method, model), "options", "upload"], to: &source)
        } else {
            let responses = "_ responses: \(style.runtime).MessageStream<\(spelling.message(method.response))>"
            emitHead(
                method,
                [
                    "`exchange` writes requests and reads responses. The call is cancelled when it returns before it has read",
                    "them all.", "",
                    "- Throws: What `exchange` throws, such as the `RPCError` of its reads and writes.",
                ], to: &source)
            // No message can have the name.
            emitFunction(
                "nonisolated(nonsending) func \(name(method))<_Result>",
                [options, closure("_ exchange", [requests, responses], "async throws -> _Result")],
                "async throws -> _Result",
                "try await invoker.bidirectional", [reference(method, model), "options", "exchange"], to: &source)
        }
    }

    private func emitHandle(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        source.comment(
            method.shape == .clientStreaming
                ? ["The same call to keep: write to its `requests`, finish them, and wait for its `response()`."]
                : ["The same call to keep: write to its `requests`, finish them, and read its `responses`."])
        if method.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        let types = [spelling.message(method.request), spelling.message(method.response)]
        source.function(
            "\(style.access)func \(name(method))", [options], returning: "\(style.runtime).Call", generic: types
        ) { source in
            source.list("invoker.start", [reference(method, model), "nil", "options"])
        }
    }

    // MARK: - Blocking

    private func emitBlocking(_ model: ServiceModel, to source: inout SourceWriter) {
        source.comment([
            "Calls `\(model.fullName)` from code that isn't async.", "",
            "Calls fail with FAILED_PRECONDITION inside of a task and on an event loop.",
        ])
        if model.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        source.block("\(style.access)nonisolated struct \(model.swiftName)BlockingClient: Swift.Sendable") { source in
            source.line("fileprivate let invoker: any \(style.runtime).CallInvoker")
            for method in model.methods where !method.shape.streamsRequests {
                source.line()
                emitBlocking(method, of: model, to: &source)
            }
        }
    }

    private func emitBlocking(_ method: MethodModel, of model: ServiceModel, to source: inout SourceWriter) {
        let noasync = "@available(*, noasync, message: \"await the client's own method\")"
        let response = spelling.message(method.response)
        if method.shape == .unary {
            emitHead(method, ["- Throws: `RPCError`, whatever makes the call fail."], noasync, to: &source)
            emitFunction(
                "func \(name(method))", [request(method), options],
                "throws(\(style.runtime).RPCError) -> \(response)",
                "try \(style.runtime).BlockingCalls(invoker).unary", [reference(method, model), "request", "options"],
                to: &source)
        } else {
            emitHead(
                method,
                [
                    "`body` gets each response.", "",
                    "- Throws: `RPCError`, whatever makes the call fail, and what `body` throws, which cancels the call.",
                ], noasync, to: &source)
            emitFunction(
                "func \(name(method))",
                [request(method), options, "_ body: (_ response: \(response)) throws -> Swift.Void"], "throws",
                "try \(style.runtime).BlockingCalls(invoker).serverStreaming",
                [reference(method, model), "request", "options", "body"], to: &source)
        }
    }

    // MARK: - Parts

    /// The comment of the schema, and what Martlet adds.
    private func emitHead(
        _ method: MethodModel, _ remarks: [String], _ attributes: String..., to source: inout SourceWriter
    ) {
        source.comment(method.documentation.comment + (method.documentation.comment.isEmpty ? [] : [""]))
        source.comment(remarks)
        if method.documentation.isDeprecated { source.line("@available(*, deprecated)") }
        for attribute in attributes { source.line(attribute) }
    }

    private func emitFunction(
        _ head: String, _ parameters: [String], _ result: String, _ call: String, _ arguments: [String],
        to source: inout SourceWriter
    ) {
        source.list("\(style.access)\(head)", parameters, " \(result) {")
        source.indented { $0.list(call, arguments) }
        source.line("}")
    }

    private func name(_ method: MethodModel) -> String { Naming.escaped(method.swiftName) }

    private func reference(_ method: MethodModel, _ model: ServiceModel) -> String {
        "\(model.swiftName)Methods.\(name(method))"
    }

    private func request(_ method: MethodModel) -> String { "_ request: \(spelling.message(method.request))" }

    private var options: String { "options: \(style.runtime).CallOptions = .default" }

    private func closure(_ name: String, _ parameters: [String], _ result: String) -> String {
        "\(name): nonisolated(nonsending) (\(parameters.joined(separator: ", "))) \(result)"
    }
}
