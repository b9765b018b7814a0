internal import MartletCore

extension Health {
    /// How a check went last.
    public struct CheckReport: Sendable, Hashable {
        /// Whether it passed.
        public enum Status: Sendable, Hashable {
            /// Its first run hasn't ended.
            case pending
            /// The last run ended without an error, in time.
            case passed
            /// - Parameter reason: For everybody to see.
            case failed(reason: String)
        }

        /// Of its last run.
        public let status: Status
        /// Whether its failure stops the server from serving.
        public let isCritical: Bool
    }
}

/// How one run of a check went.
enum CheckOutcome: Sendable {
    case pending
    case passed
    case failed(any Error)
    case timedOut(Duration)

    struct Failure {
        /// What callers may see: nothing of errors that were never meant for them.
        let reason: String
        let logText: String
    }

    var failure: Failure? {
        switch self {
        case .pending, .passed: return nil
        case .failed(let error as RPCError):
            let text = "\(error.code.name): \(error.message)"
            return Failure(reason: text, logText: text)
        case .failed(let error): return Failure(reason: "failed", logText: "\(error)")
        case .timedOut(let timeout):
            let text = "took more than \(timeout)"
            return Failure(reason: text, logText: text)
        }
    }

    var status: Health.CheckReport.Status {
        switch self {
        case .pending: .pending
        case .passed: .passed
        default: .failed(reason: failure?.reason ?? "failed")
        }
    }
}
