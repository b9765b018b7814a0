public import Logging
public import MartletCore
private import NIOConcurrencyHelpers
internal import NIOSSL

/// A certificate, those between it and an authority, and its private key: how a server, or a client, proves who it is.
///
/// One that is read from files is read again when they have changed, which is looked after when a connection begins.
/// Connections that are open keep the certificate they began with. Usable on any thread, and by any number of servers
/// and channels.
public final class TLSIdentity: Sendable {
    struct Material: Sendable {
        let chain: [NIOSSLCertificate]
        let key: NIOSSLPrivateKey
        /// Rises with each material of an identity.
        fileprivate(set) var generation = 0

        /// - Throws: FAILED_PRECONDITION if the key isn't the certificate's.
        fileprivate init(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) throws(RPCError) {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.trustRoots = .certificates([])
            do { _ = try NIOSSLContext(configuration: configuration) } catch {
                throw RPCError(
                    .failedPrecondition, "the private key isn't that of the certificate chain's first: \(error)")
            }
            self.chain = chain
            self.key = key
        }
    }

    private struct Files: Sendable {
        let chain: String
        let key: String
        let checkInterval: Duration
        let logger: Logger
    }

    private struct State {
        var material: Material
        var stamps: [FileStamp]
        var nextCheck: ContinuousClock.Instant
    }

    private let files: Files?
    private let state: NIOLockedValueBox<State>

    /// Reads PEM files.
    ///
    /// - Parameters:
    ///   - certificateChainFile: The certificate first, then those between it and an authority, if any.
    ///   - privateKeyFile: Without a passphrase.
    ///   - checkInterval: How long a look at the files' times holds. Default 5 s.
    ///   - logger: Told when the files were read again, or why they couldn't be; then the old ones stay in use.
    /// - Throws: FAILED_PRECONDITION that names the file and what is wrong with it.
    public init(
        certificateChainFile: String, privateKeyFile: String, checkInterval: Duration = .seconds(5),
        logger: Logger = Logger(label: "martlet.tls")
    ) throws(RPCError) {
        files = Files(
            chain: certificateChainFile, key: privateKeyFile, checkInterval: checkInterval, logger: logger)
        let stamps = [FileStamp(certificateChainFile), FileStamp(privateKeyFile)]
        let material = try Material(chainFile: certificateChainFile, keyFile: privateKeyFile)
        state = NIOLockedValueBox(State(material: material, stamps: stamps, nextCheck: .now + checkInterval))
    }

    /// Takes PEM text.
    ///
    /// - Throws: FAILED_PRECONDITION that says what is wrong with it.
    public init(certificateChain: [UInt8], privateKey: [UInt8]) throws(RPCError) {
        files = nil
        let material = try Material(
            chain: PEM.certificates(in: certificateChain, of: "the certificate chain"),
            key: PEM.privateKey(in: privateKey, of: "the private key"))
        state = NIOLockedValueBox(State(material: material, stamps: [], nextCheck: .now))
    }

    /// Reads the files again, changed or not. Connections that begin later use them.
    ///
    /// - Throws: FAILED_PRECONDITION that names the file and what is wrong with it; then the old ones stay in use.
    public func reload() throws(RPCError) {
        guard let files else { return }
        let stamps = [FileStamp(files.chain), FileStamp(files.key)]
        var material = try Material(chainFile: files.chain, keyFile: files.key)
        state.withLockedValue { state in
            material.generation = state.material.generation + 1
            state.material = material
            state.stamps = stamps
        }
    }

    /// What new connections use. Reads the files again if it is time and they have changed.
    var current: Material {
        guard let files else { return state.withLockedValue { $0.material } }
        let now = ContinuousClock.now
        let mayHaveChanged = state.withLockedValue { state in
            guard now >= state.nextCheck else { return false }
            state.nextCheck = now + files.checkInterval
            return true
        }
        if mayHaveChanged { reloadIfChanged(files) }
        return state.withLockedValue { $0.material }
    }

    private func reloadIfChanged(_ files: Files) {
        let stamps = [FileStamp(files.chain), FileStamp(files.key)]
        let hasChanged = state.withLockedValue { state in
            defer { state.stamps = stamps }
            return state.stamps != stamps
        }
        guard hasChanged else { return }
        do throws(RPCError) {
            try reload()
            files.logger.info("read the certificate again", metadata: ["file": "\(files.chain)"])
        } catch {
            files.logger.error(
                "the changed certificate can't be used; the old one stays in use", metadata: ["error": "\(error)"])
        }
    }
}

extension TLSIdentity.Material {
    fileprivate init(chainFile: String, keyFile: String) throws(RPCError) {
        try self.init(
            chain: PEM.certificates(in: PEM.read(chainFile), of: chainFile),
            key: PEM.privateKey(in: PEM.read(keyFile), of: keyFile))
    }
}
