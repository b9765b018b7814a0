public import MartletCore
internal import MartletMessages

extension Health {
    /// What `ServerConfiguration.httpRoutes` takes: `GET` of three paths, answered in JSON.
    ///
    /// - `/health` and `/readyz`: the server as a whole and its checks; 200 while it serves, else 503.
    /// - `/livez`: 200 for as long as there is anybody to answer, also while it drains: so that nothing restarts a server
    ///   for being busy with its end, or for what another one did.
    ///
    /// ```json
    /// {"status":"unhealthy","timestamp":"2026-03-01T12:00:00.250Z","version":"1.4.0",
    ///  "checks":{"database":{"status":"unhealthy","critical":true,"reason":"took more than 1.0 seconds"}}}
    /// ```
    ///
    /// `status` of a check is `pending` until its first run has ended.
    public var httpRoutes: [HTTPRoute] {
        [
            HTTPRoute("/health") { [self] _ in readiness },
            HTTPRoute("/readyz") { [self] _ in readiness },
            HTTPRoute("/livez") { [self] _ in response(isHealthy: true, checks: [:]) },
        ]
    }

    private var readiness: HTTPResponse { response(isHealthy: status() == .serving, checks: checks) }

    private func response(isHealthy: Bool, checks: [String: CheckReport]) -> HTTPResponse {
        let checks = checks.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\($0.value.json)" }
        let json = """
            {"status":"\(isHealthy ? "healthy" : "unhealthy")","timestamp":"\(now)","version":\(quoted(version)),\
            "checks":{\(checks.joined(separator: ","))}}

            """
        var response = HTTPResponse(status: isHealthy ? 200 : 503, text: json, contentType: "application/json")
        response.headers["cache-control"] = "no-store"
        return response
    }

    /// To the millisecond.
    private var now: String {
        var now = GoogleProtobuf.Timestamp.now
        now.nanos -= now.nanos % 1_000_000
        return now.rfc3339 ?? ""
    }
}

extension Health.CheckReport {
    fileprivate var json: String {
        let (status, reason) =
            switch status {
            case .pending: ("pending", "")
            case .passed: ("healthy", "")
            case .failed(let reason): ("unhealthy", ",\"reason\":\(quoted(reason))")
            }
        return "{\"status\":\"\(status)\",\"critical\":\(isCritical)\(reason)}"
    }
}

/// A text as JSON.
private func quoted(_ text: String) -> String {
    // Every text has a JSON form.
    (try? GoogleProtobuf.Value(text).jsonString()) ?? "\"\""
}
