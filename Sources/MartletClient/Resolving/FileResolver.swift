internal import MartletCore
internal import NIOPosix

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// `file:///etc/users.endpoints`: one endpoint in a line, read again within a second of a change.
///
/// ```
/// # addresses of one instance  how it is called
/// tcp://10.0.0.1:7000          weight=3 zone=eu-1 id=users-1
/// tcp://10.0.0.2:7000,unix:/run/users.sock  wire=grpc version=1.2
/// ```
struct FileResolver: Resolver {
    let scheme = "file"

    /// In bytes; larger ones are refused.
    private static let largestFile = 4 << 20

    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
        let path = target.filePath
        var last: Result<[Endpoint], RPCError>?
        while !Task.isCancelled {
            let new = await read(path)
            if new != last {
                last = new
                switch new {
                case .success(let endpoints): updates.send(Resolution(endpoints: endpoints))
                case .failure(let error): updates.fail(error)
                }
            }
            await updates.sleep(for: .seconds(1))
        }
    }

    private func read(_ path: String) async -> Result<[Endpoint], RPCError> {
        do {
            return .success(
                try await NIOThreadPool.singleton.runIfActive {
                    try Self.endpoints(in: try contents(of: path, limit: Self.largestFile), of: path)
                })
        } catch {
            return .failure((error as? RPCError) ?? RPCError(.unavailable, "\(path): \(error)"))
        }
    }

    /// - Throws: INVALID_ARGUMENT that names the line.
    static func endpoints(in text: String, of path: String) throws(RPCError) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0.isWhitespace }
            guard let first = words.first else { continue }
            do throws(RPCError) {
                endpoints.append(try endpoint(first, words.dropFirst()))
            } catch {
                throw RPCError(.invalidArgument, "\(path), line \(index + 1): \(error.message)")
            }
        }
        return endpoints
    }

    private static func endpoint(
        _ addresses: Substring, _ options: ArraySlice<Substring>
    ) throws(RPCError) -> Endpoint {
        var endpoint = Endpoint(addresses: [])
        for address in addresses.split(separator: ",") {
            endpoint.addresses.append(try EndpointAddress(String(address)))
        }
        endpoint.id = endpoint.addresses.first?.description ?? ""
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw RPCError(.invalidArgument, "\"\(option)\" is no option; write it as NAME=VALUE")
            }
            switch parts[0] {
            case "id": endpoint.id = parts[1]
            case "zone": endpoint.zone = parts[1]
            case "authority": endpoint.authority = parts[1]
            case "weight": endpoint.weight = try number(parts[1], in: 1...1_000_000, "weight")
            case "priority": endpoint.priority = Int(try number(parts[1], in: 0...65_535, "priority"))
            case "wire": endpoint.wire = try ChannelConfiguration.Wire(named: parts[1], in: String(option))
            default: endpoint.attributes[parts[0]] = parts[1]
            }
        }
        return endpoint
    }

    private static func number(
        _ text: String, in range: ClosedRange<UInt32>, _ what: String
    ) throws(RPCError) -> UInt32 {
        guard let number = UInt32(text), range.contains(number) else {
            throw RPCError(
                .invalidArgument, "the \(what) \"\(text)\" is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// Reads a whole file, and blocks meanwhile.
private func contents(of path: String, limit: Int) throws(RPCError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw RPCError(.unavailable, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
        let count = read(descriptor, &chunk, chunk.count)
        guard count >= 0 else {
            throw RPCError(.unavailable, "\(path) can't be read: \(String(cString: strerror(errno)))")
        }
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
    throw RPCError(.resourceExhausted, "\(path) has more than \(limit) bytes")
}

extension ResolverTarget {
    /// The path of `file:///PATH`, `file:/PATH` and `file:PATH`.
    fileprivate var filePath: String {
        description.hasPrefix("\(scheme)://") ? "/\(name)" : name
    }
}
