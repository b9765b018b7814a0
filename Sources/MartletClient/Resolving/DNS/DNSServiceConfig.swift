internal import MartletCore
internal import MartletMessages

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

extension DNSClient {
    /// The service config that a host publishes for this client, as a TXT record of `_grpc_config.HOST`; nil if there is
    /// none (gRPC A2).
    func serviceConfig(of host: String) throws(Failure) -> String? {
        let texts: [String]
        do { texts = try self.texts(of: "_grpc_config.\(host)") } catch {
            if error.isAnswer { return nil }
            throw error
        }
        return texts.lazy.compactMap { DNSServiceConfig.choice(in: $0) }.first
    }
}

enum DNSServiceConfig {
    private static let prefix = "grpc_config="

    /// Chooses among the configs of a record: the first that is meant for clients like this one.
    ///
    /// - Parameters:
    ///   - host: This machine's name.
    ///   - percent: From 0 to 99, by chance.
    /// - Returns: Its JSON; nil for a record of something else, or one that can't be read.
    static func choice(
        in text: String, host: String = hostName, percent: Double = .random(in: 0..<100)
    ) -> String? {
        guard text.hasPrefix(prefix) else { return nil }
        guard let list = try? GoogleProtobuf.ListValue(jsonString: String(text.dropFirst(prefix.count))) else {
            return nil
        }
        for value in list.values {
            guard case .structValue(let choice) = value.kind, choice.suits(host: host, percent: percent),
                case .structValue(let config) = choice.fields["serviceConfig"]?.kind
            else { continue }
            return try? config.jsonString()
        }
        return nil
    }

    static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension GoogleProtobuf.Struct {
    fileprivate func suits(host: String, percent: Double) -> Bool {
        if case .numberValue(let share) = fields["percentage"]?.kind, percent >= share { return false }
        if let hosts = strings("clientHostname"), !hosts.contains(host) { return false }
        guard let languages = strings("clientLanguage") else { return true }
        return languages.contains { $0.lowercased() == "swift" }
    }

    /// Nil if the member isn't there.
    private func strings(_ member: String) -> [String]? {
        guard case .listValue(let list) = fields[member]?.kind else { return nil }
        return list.values.compactMap { if case .stringValue(let text) = $0.kind { text } else { nil } }
    }
}
