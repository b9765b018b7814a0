internal import Logging
internal import MartletCore
internal import MartletWire
internal import NIOCore

/// What a server does with plain HTTP requests, whatever the version of HTTP: on the connection's loop.
extension ServerConnection {
    func serve(_ request: HTTPRequest, stream: UInt32) {
        if let route = configuration.httpRoutes[request.path] { return serve(request, route, stream: stream) }
        let parts = request.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            let method = dispatcher.handler(service: String(parts[0]), method: String(parts[1]))
            if method != nil || ConnectRequest.isCall(request) {
                return call(String(parts[0]), String(parts[1]), method, request, stream: stream)
            }
        }
        answer(stream, .words(404, "nothing is served at this path"))
    }

    // MARK: Calls

    private func call(
        _ service: String, _ name: String, _ method: MethodHandler?, _ request: HTTPRequest, stream: UInt32
    ) {
        do throws(HTTPRefusal) {
            let connect = try ConnectRequest(request, for: method, limit: configuration.maxMessageBytes)
            guard connect.timeoutNanoseconds != 0 else {
                throw HTTPRefusal(.deadlineExceeded, "the client gave the call no time: Connect-Timeout-Ms is 0")
            }
            let request = WireRequest(
                stream: stream, service: service, method: name, message: connect.message,
                timeoutNanoseconds: connect.timeoutNanoseconds, metadata: connect.metadata)
            let answer = ConnectAnswer(connect, method)
            let call = makeCall(request)
            call.isInflated = connect.wasCompressed
            answer.call = call
            wire.beginHTTPCall(stream: stream, answer)
            begin(call, request)
        } catch {
            answer(stream, error.response)
        }
    }

    // MARK: Routes

    private func serve(_ request: HTTPRequest, _ route: HTTPRoute, stream: UInt32) {
        var request = request
        if request.method == "HEAD", !route.methods.contains("HEAD") { request.method = "GET" }
        guard route.methods.contains(request.method) else {
            let hasHead = route.methods.contains("GET") && !route.methods.contains("HEAD")
            return answer(stream, .wrongMethod(allowed: route.methods + (hasHead ? ["HEAD"] : [])))
        }
        let call = RouteCall(stream: stream)
        routeCalls[stream] = call
        counters.calls.increment()
        counters.tasks.increment()
        lifecycle.callsBegan()
        call.run(on: executor) { [request] in
            let response = await self.response(of: route, to: request)
            self.executor.onLoop { self.returned(call, response) }
        }
    }

    private nonisolated(nonsending) func response(of route: HTTPRoute, to request: HTTPRequest) async -> HTTPResponse {
        do {
            let response = try await route.handler(request)
            if let response = response.sendable { return response }
            logger.error(
                "the answer of a route can't be sent: its status isn't from 200 to 599, or a header has control characters",
                metadata: ["path": "\(route.path)", "status": "\(response.status)", "peer": "\(peer)"])
        } catch {
            logger.error(
                "the handler of a route failed",
                metadata: ["path": "\(route.path)", "error": "\(error)", "peer": "\(peer)"])
        }
        return .words(500, "the server failed to answer; its log tells why")
    }

    private func returned(_ call: RouteCall, _ response: HTTPResponse) {
        counters.tasks.decrement()
        end(call, response)
    }

    /// - Parameter response: Nil: nobody waits for it.
    private func end(_ call: RouteCall, _ response: HTTPResponse?) {
        guard !call.hasEnded else { return }
        call.end()
        routeCalls[call.stream] = nil
        counters.calls.decrement()
        if let response { answer(call.stream, response) }
        if phase != .closed, calls.isEmpty, routeCalls.isEmpty { lastCallEnded() }
    }

    private func answer(_ stream: UInt32, _ response: HTTPResponse) {
        guard phase != .closed else { return }
        withOutput { wire, output in wire.respond(stream: stream, response, into: &output) }
    }

    /// The client no longer waits. The request is answered when the handler has returned.
    func cancelRoute(_ stream: UInt32) { routeCalls[stream]?.cancel() }

    /// The server shuts down, and its grace has passed.
    func endRoutes(reason: String) {
        for call in Array(routeCalls.values) {
            call.cancel()
            end(call, .words(503, reason))
        }
    }

    /// The connection is gone.
    func dropHTTP() {
        for call in Array(routeCalls.values) {
            call.cancel()
            end(call, nil)
        }
        wire.dropHTTPCalls()
    }
}
