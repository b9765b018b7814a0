public import MartletCore

/// Finds the endpoints of targets of one scheme, for the channels that have it among their configuration's resolvers.
///
/// ```swift
/// struct Inventory: Resolver {
///     let scheme = "inventory"
///
///     func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async {
///         while !Task.isCancelled {
///             do { updates.send(Resolution(endpoints: try await lookUp(target.name))) } catch {
///                 updates.fail(RPCError(.unavailable, "the inventory doesn't answer: \(error)"))
///             }
///             await updates.waitForRequest(orAfter: .seconds(30))
///         }
///     }
/// }
/// ```
public protocol Resolver: Sendable {
    /// Of its targets, such as `etcd` for `etcd:///users`. Letters, digits, `+`, `-` and `.`.
    var scheme: String { get }

    /// Throws INVALID_ARGUMENT for a target that can't ever be resolved, when a channel is made. Default: takes all.
    func check(_ target: ResolverTarget) throws(RPCError)

    /// Finds the endpoints, and goes on as long as they can change: until its task is cancelled, when the channel shuts
    /// down. It runs on the channel's event loop and must not block.
    func resolve(_ target: ResolverTarget, _ updates: ResolverUpdates) async
}

extension Resolver {
    public func check(_ target: ResolverTarget) throws(RPCError) {}
}

/// A target that a resolver reads: `SCHEME://AUTHORITY/NAME?QUERY`.
public struct ResolverTarget: Sendable, Hashable, CustomStringConvertible {
    /// Such as `etcd`: which resolver reads the target.
    public let scheme: String
    /// Whom to ask, such as the server of `dns://10.0.0.1:53/users.internal:7000`. Empty: the resolver's default.
    public let authority: String
    /// What to resolve, such as `users.internal:7000`; of a `file` target the path, with its slash.
    public let name: String
    /// The options behind the `?`, in order. They aren't decoded.
    public let query: [(key: String, value: String)]
    /// The whole text.
    public let description: String

    /// - Throws: INVALID_ARGUMENT for a text without a scheme or a name.
    public init(_ text: String) throws(RPCError) {
        guard let colon = text.firstIndex(of: ":"), text.first?.isLetter == true else {
            throw RPCError(
                .invalidArgument, "target \"\(text)\": it has no scheme; write it as tcp://HOST:PORT or unix:PATH")
        }
        description = text
        scheme = String(text[..<colon])
        var rest = text[text.index(after: colon)...]
        query = Self.takeQuery(off: &rest)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            authority = String(rest[..<slash])
            rest = rest[slash...].dropFirst()
        } else {
            authority = ""
        }
        guard !rest.isEmpty else {
            throw RPCError(
                .invalidArgument, "target \"\(text)\": it has no name; write it as \(scheme):///NAME")
        }
        name = String(rest)
    }

    private static func takeQuery(off rest: inout Substring) -> [(key: String, value: String)] {
        guard let question = rest.firstIndex(of: "?") else { return [] }
        let query = rest[question...].dropFirst()
        rest = rest[..<question]
        return query.split(separator: "&").map { option in
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    public static func == (a: ResolverTarget, b: ResolverTarget) -> Bool { a.description == b.description }
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
