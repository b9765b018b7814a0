internal import MartletCore
internal import MartletDiscovery

/// One loop over the changes of a service: reads everything if it must, then what etcd tells.
///
/// Not Sendable: it belongs to the loop that reads it.
final class EtcdWatch {
    private let registry: EtcdRegistry
    private let cluster: EtcdCluster
    private let configuration: EtcdConfiguration
    private var reader: EtcdWatchReader
    private var stream: EtcdWatchStream?

    init(
        _ registry: EtcdRegistry, _ cluster: EtcdCluster, _ reader: EtcdWatchReader, _ configuration: EtcdConfiguration
    ) {
        self.registry = registry
        self.cluster = cluster
        self.reader = reader
        self.configuration = configuration
    }

    nonisolated(nonsending) func next() async throws(RPCError) -> ServiceEvent? {
        do throws(RPCError) {
            while !Task.isCancelled {
                switch try await step() {
                case .nothing: continue
                case .event(let event): return event
                case .gap: stream = nil
                case .failed(let error): throw error
                }
            }
            return nil
        } catch {
            stream = nil
            if Task.isCancelled { return nil }
            throw error
        }
    }

    private nonisolated(nonsending) func step() async throws(RPCError) -> EtcdWatchReader.Outcome {
        guard let revision = reader.revision else {
            return .event(reader.read(try await registry.discover(reader.service)))
        }
        if let stream { return reader.read(try await stream.next()) }
        let request = reader.request(after: revision)
        let (stream, response) = try await open(request)
        self.stream = stream
        return reader.read(response)
    }

    /// Begins the stream with one of the members.
    ///
    /// - Returns: The stream with its first answer, which isn't that the caller may not watch.
    private nonisolated(nonsending) func open(
        _ request: EtcdAPI.WatchRequest
    ) async throws(RPCError) -> (EtcdWatchStream, EtcdAPI.WatchResponse) {
        let (executor, configuration, reader) = (cluster.executor, configuration, reader)
        return try await cluster.call(isLong: true) { (invoker, options) throws(RPCError) in
            let stream = EtcdWatchStream(
                EtcdAPI.WatchClient(invoker).watch(options: options), executor: executor, configuration)
            let response = try await stream.begin(request)
            var reader = reader
            if case .failed(let error) = reader.read(response) { throw error }
            return (stream, response)
        }
    }
}
