package import Martlet

/// One of the official cases: what a client does and what it expects to see.
///
/// The descriptions: https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md.
package struct InteropCase: Sendable {
    /// Such as `large_unary`.
    package let name: String
    /// Throws what differs from the description.
    private let body: @Sendable (InteropClient) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (InteropClient) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// All of them, the plain ones first.
    package static let all: [InteropCase] = unary + streams + outcomes + loads

    /// The cases that an argument means: one, or with `all` every one; nil for a name that isn't known.
    package static func named(_ name: String) -> [InteropCase]? {
        if name == "all" { return all }
        return all.first { $0.name == name }.map { [$0] }
    }

    /// Runs it over a channel of its own; returns what went wrong, nil when nothing did.
    package func problem(_ server: InteropTarget, soak: SoakOptions) async -> String? {
        do {
            let client = InteropClient(server, channel: try server.channel(), soak: soak)
            let outcome: String?
            do {
                try await body(client)
                outcome = nil
            } catch {
                outcome = "\(error)"
            }
            await client.channel.shutdown(grace: .seconds(1))
            return outcome
        } catch {
            return "\(error)"
        }
    }
}

/// What cases call with.
struct InteropClient: Sendable {
    let server: InteropTarget
    let channel: ClientChannel
    let soak: SoakOptions

    init(_ server: InteropTarget, channel: ClientChannel, soak: SoakOptions) {
        self.server = server
        self.channel = channel
        self.soak = soak
    }

    var service: TestServiceClient { TestServiceClient(channel) }
}

/// The server to call.
package struct InteropTarget: Sendable {
    /// Such as `tcp://127.0.0.1:8080`.
    package var address: String
    package var configuration: ChannelConfiguration

    package init(_ address: String, configuration: ChannelConfiguration) {
        self.address = address
        self.configuration = configuration
    }

    func channel() throws(RPCError) -> ClientChannel { try ClientChannel(address, configuration: configuration) }
}
