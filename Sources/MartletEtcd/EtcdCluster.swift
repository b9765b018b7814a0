internal import Logging
internal import MartletClient
internal import MartletCore
internal import MartletTransport
internal import NIOCore
private import Synchronization

/// The members of an etcd cluster. One is asked, the next when it doesn't answer; any of them knows everything.
///
/// Usable on any thread.
final class EtcdCluster: Sendable {
    private struct State {
        /// Who is asked.
        var current = 0
        /// What calls show; empty for an etcd without users.
        var token: String?
        var authentication: Eventually<Result<String, RPCError>>?
    }

    let executor: LoopExecutor
    private let members: [ClientChannel]
    private let configuration: EtcdConfiguration
    private let state = Mutex(State())

    init(_ endpoints: [String], _ configuration: EtcdConfiguration, loop: any EventLoop) throws(RPCError) {
        guard !endpoints.isEmpty else {
            throw RPCError(.invalidArgument, "the registry has no endpoint of etcd, such as tcp://127.0.0.1:2379")
        }
        self.configuration = configuration
        executor = LoopExecutor.of(loop)
        var channel = ChannelConfiguration()
        channel.wire = .grpc
        channel.security = configuration.security
        channel.connectTimeout = configuration.requestTimeout
        channel.handshakeTimeout = configuration.requestTimeout
        channel.backoff = Backoff(initial: .milliseconds(500), maximum: .seconds(5))
        channel.maxMessageBytes = 16 << 20
        channel.eventLoopGroup = loop
        channel.logger = configuration.logger
        var members: [ClientChannel] = []
        for endpoint in endpoints { members.append(try ClientChannel(endpoint, configuration: channel)) }
        self.members = members
    }

    func shutdown() async {
        for member in members { await member.shutdown(grace: .zero) }
    }

    /// Makes a call to the members in turn, until one answers. What `body` does may be done twice.
    ///
    /// - Parameter body: Gets the options to call with: the token and, unless the call is a long one, the timeout.
    /// - Throws: What the last one asked has thrown.
    func call<R: Sendable>(
        isLong: Bool = false, _ body: (any CallInvoker, CallOptions) async throws(RPCError) -> R
    ) async throws(RPCError) -> R {
        var membersLeft = members.count
        var mayAuthenticate = configuration.credentials != nil
        while true {
            let current = state.withLock { $0.current }
            var token: String?
            do throws(RPCError) {
                token = try await self.token(over: members[current])
                var options = CallOptions(timeout: isLong ? nil : configuration.requestTimeout)
                if let token, !token.isEmpty { options.metadata["token"] = token }
                // A member that is cut off from the others says so instead of waiting for them.
                options.metadata["hasleader"] = "true"
                return try await body(members[current], options)
            } catch {
                if mayAuthenticate, let token, error.isAboutToken {
                    mayAuthenticate = false
                    forget(token)
                } else if error.isOfMember, membersLeft > 1 {
                    membersLeft -= 1
                    leave(current, error)
                } else {
                    if error.isOfMember { leave(current, error) }
                    throw error
                }
            }
        }
    }

    // MARK: - Members

    private func leave(_ member: Int, _ error: RPCError) {
        let isLeft = state.withLock { state in
            guard state.current == member, members.count > 1 else { return false }
            state.current = (member + 1) % members.count
            return true
        }
        guard isLeft else { return }
        configuration.logger.info("a member of etcd doesn't answer; the next is asked", metadata: ["error": "\(error)"])
    }

    // MARK: - Tokens

    private func token(over channel: ClientChannel) async throws(RPCError) -> String? {
        guard let credentials = configuration.credentials else { return nil }
        let (token, authentication, isFirst) = state.withLock { state in
            if let token = state.token { return (token as String?, Eventually<Result<String, RPCError>>(), false) }
            if let authentication = state.authentication { return (nil, authentication, false) }
            let authentication = Eventually<Result<String, RPCError>>()
            state.authentication = authentication
            return (nil, authentication, true)
        }
        if let token { return token }
        if isFirst {
            // Others wait for it, whatever becomes of this task and of the call that it answers.
            Task.detached(executorPreference: executor) {
                let result = await self.authenticate(credentials, over: channel)
                self.state.withLock { state in
                    state.authentication = nil
                    state.token = try? result.get()
                }
                authentication.resolve(result)
            }
        }
        return try await authentication.value().get()
    }

    private func authenticate(
        _ credentials: EtcdConfiguration.Credentials, over channel: ClientChannel
    ) async -> Result<String, RPCError> {
        do throws(RPCError) {
            let response = try await EtcdAPI.AuthClient(channel).authenticate(
                .init(name: credentials.user, password: credentials.password),
                options: .timeout(configuration.requestTimeout))
            return .success(response.token)
        } catch {
            // An etcd whose users aren't enabled (yet) takes calls without.
            if error.code == .failedPrecondition { return .success("") }
            return .failure(error)
        }
    }

    private func forget(_ token: String) {
        state.withLock { if $0.token == token { $0.token = nil } }
    }
}

extension RPCError {
    /// Whether another member may do better.
    fileprivate var isOfMember: Bool { code == .unavailable || code == .deadlineExceeded }

    /// Whether a new token may help. Some versions of etcd have no code of their own for one that is over, and its
    /// watches say that they aren't permitted.
    fileprivate var isAboutToken: Bool {
        code == .unauthenticated || code == .permissionDenied || message.contains("auth: revision in header is old")
            || message.contains("etcdserver: user name is empty")
    }
}
