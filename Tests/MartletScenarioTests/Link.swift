import Foundation
import Martlet
import MartletTLS
import Testing

/// A way from a client to a server: a wire over a transport.
enum Link: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case tcp
    case unix
    case tls
    case inProcess
    case ttrpc
    case grpc
    case grpcTLS

    static let all = allCases.filter { !$0.isSecured || Certificates.openssl != nil }
    /// ttrpc has no trailing and no initial metadata.
    static let withMetadataOfResponses = all.filter { $0 != .ttrpc }
    /// ttrpc's clients can't tell a server that they gave up.
    static let withCancel = all.filter { $0 != .ttrpc }
    static let withFlowControl = all.filter { $0 != .ttrpc }
    static let withCompression = all.filter { $0 != .ttrpc }

    var testDescription: String { rawValue }

    var isGRPC: Bool { self == .grpc || self == .grpcTLS }

    private var isSecured: Bool { self == .tls || self == .grpcTLS }

    /// Runs `body` with a server and a channel to it, and expects that both are left with nothing.
    func connect(
        _ service: any RPCService, server serverConfiguration: ServerConfiguration = .test(),
        channel channelConfiguration: ChannelConfiguration = .init(),
        _ body: (_ server: RPCServer, _ channel: ClientChannel) async throws -> Void
    ) async throws {
        let transport = InProcessTransport()
        let path = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString).sock").path
        let address: ListenAddress =
            switch self {
            case .tcp, .ttrpc, .grpc: .tcp("127.0.0.1", 0)
            case .unix: .unix(path)
            case .inProcess: .inProcess(transport)
            case .tls, .grpcTLS:
                .tcp(
                    "127.0.0.1", 0,
                    security: try .tls(
                        certificateChainFile: Certificates.chain("server"), privateKeyFile: Certificates.key("server")))
            }
        let server = RPCServer(services: [service], listen: address, configuration: serverConfiguration)
        let running = Task { try await server.run() }
        let bound = try await server.addresses[0]
        let channel =
            switch self {
            case .tcp: try ClientChannel("tcp://\(bound)", configuration: channelConfiguration)
            case .unix: try ClientChannel("unix:\(path)", configuration: channelConfiguration)
            case .inProcess: ClientChannel(inProcess: transport, configuration: channelConfiguration)
            case .ttrpc, .grpc: try ClientChannel("tcp://\(bound)?wire=\(self)", configuration: channelConfiguration)
            case .tls, .grpcTLS:
                try ClientChannel(
                    "tcp://localhost:\(bound.port)\(self == .tls ? "" : "?wire=grpc")",
                    configuration: try secured(channelConfiguration))
            }
        try await body(server, channel)
        await channel.shutdown()
        #expect(channel.statistics.calls == 0 && channel.statistics.queuedBytes == 0)
        await server.shutdown()
        try await running.value
        try await eventually("an empty server") { server.statistics.isEmpty }
    }

    private func secured(_ configuration: ChannelConfiguration) throws -> ChannelConfiguration {
        var configuration = configuration
        var tls = ClientTLSConfiguration()
        tls.trustRoots = .file(Certificates.chain("authority"))
        configuration.security = try .tls(tls)
        return configuration
    }
}
