internal import MartletDiscovery

/// Where in etcd the instances are: `PREFIX/SERVICE/ID`, with their JSON as the value.
struct EtcdKeys: Sendable {
    private let prefix: String

    /// - Parameter prefix: With or without its last slash.
    init(prefix: String) { self.prefix = prefix.hasSuffix("/") ? prefix : prefix + "/" }

    func key(of instance: ServiceInstance) -> [UInt8] { Array("\(prefix)\(instance.service)/\(instance.id)".utf8) }

    /// The first of a service's keys, and the first behind them.
    func range(of service: String) -> (first: [UInt8], end: [UInt8]) {
        let first = Array("\(prefix)\(service)/".utf8)
        // The byte after the slash.
        return (first, first.dropLast() + [0x30])
    }

    /// The id in a key of the service; nil for a key that is none of ours.
    func id(in key: [UInt8], of service: String) -> String? {
        let first = range(of: service).first
        guard key.starts(with: first), key.count > first.count else { return nil }
        let id = String(decoding: key[first.count...], as: UTF8.self)
        return id.contains("/") ? nil : id
    }

    /// The instance that a key holds; nil if it holds none, or another one.
    func instance(_ pair: EtcdStore.KeyValue, of service: String) -> ServiceInstance? {
        guard let id = id(in: pair.key, of: service),
            let instance = try? ServiceInstance(json: String(decoding: pair.value, as: UTF8.self)),
            instance.id == id, instance.service == service
        else { return nil }
        return instance
    }
}
