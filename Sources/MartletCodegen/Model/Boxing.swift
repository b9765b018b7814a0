/// Decides which singular message fields are kept behind a reference.
///
/// The rule: members in the order of the file; a message is boxed where it leads back to the message that holds it,
/// or where the struct would pass ``limit`` with it inline while all message members after it are boxed.
struct Boxing {
    /// Bytes that a struct may take inline.
    static let limit = 256

    /// What counts of a message: the members of its struct.
    struct Shape {
        var members: [Member]
    }

    enum Member {
        case plain(InlineSize)
        case message(field: Int32, type: String)
        case oneof([Case])
    }

    enum Case {
        case plain(InlineSize)
        case message(field: Int32, type: String)
    }

    private struct FieldKey: Hashable {
        let message: String
        let field: Int32
    }

    private let shapes: [String: Shape]
    private let components: [String: Int]
    private var boxed: Set<FieldKey> = []
    private var sizes: [String: Int] = [:]

    /// `shapes`: every message that members mention, by full protobuf name.
    init(_ shapes: [String: Shape]) {
        self.shapes = shapes
        components = StronglyConnected.components(of: shapes.mapValues(\.mentionedTypes))
        // Components are numbered so that what a message holds comes before it.
        let order = components.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        for (message, _) in order { decide(message) }
    }

    /// Whether a message type leads back to the message that holds it.
    func isRecursive(_ type: String, in message: String) -> Bool { components[type] == components[message] }

    func isBoxed(field: Int32, of message: String) -> Bool { boxed.contains(FieldKey(message: message, field: field)) }

    /// The size of the message's struct, in bytes.
    func size(of message: String) -> Int { sizes[message] ?? 0 }

    private mutating func decide(_ message: String) {
        guard let members = shapes[message]?.members else { return }
        var parts = members.map { $0.withEveryMessageBoxed }
        for (index, member) in members.enumerated() {
            switch member {
            case .plain: break
            case .message(let field, let type):
                keep(type, of: message, field: field, part: index, in: &parts) { _, payload in payload }
            case .oneof(let cases):
                for case .message(let field, let type) in cases {
                    keep(type, of: message, field: field, part: index, in: &parts) { current, payload in
                        InlineSize(size: max(current.size, payload.size + 1), alignment: 8)
                    }
                }
            }
        }
        sizes[message] = Self.total(parts)
    }

    /// Keeps a message inline if the rule allows it: then `grown` tells what its part of the struct becomes.
    private mutating func keep(
        _ type: String, of message: String, field: Int32, part: Int, in parts: inout [InlineSize],
        grown: (_ current: InlineSize, _ payload: InlineSize) -> InlineSize
    ) {
        var candidate = parts
        candidate[part] = grown(parts[part], InlineSize(size: size(of: type), alignment: 8))
        if isRecursive(type, in: message) || Self.total(candidate) > Self.limit {
            boxed.insert(FieldKey(message: message, field: field))
        } else {
            parts = candidate
        }
    }

    private static func total(_ parts: [InlineSize]) -> Int { InlineSize.sum(parts + [.unknownFields]) }
}

extension Boxing {
    init(_ messages: [MessageModel]) {
        self.init(Dictionary(uniqueKeysWithValues: messages.map { ($0.fullName, Shape($0)) }))
    }
}

extension Boxing.Shape {
    init(_ message: MessageModel) {
        members = message.members.map { member in
            switch member {
            case .field(let field):
                switch (field.cardinality, field.type) {
                case (.optional, .message(let type)), (.required, .message(let type)):
                    .message(field: field.number, type: type)
                default: .plain(InlineSize(field.type, field.cardinality))
                }
            case .oneof(let oneof):
                .oneof(
                    oneof.fields.map { field in
                        if case .message(let type) = field.type {
                            .message(field: field.number, type: type)
                        } else {
                            .plain(.single(field.type))
                        }
                    })
            }
        }
    }

    /// The messages held as single values: what lies in an array or a dictionary is behind a reference anyway.
    fileprivate var mentionedTypes: [String] {
        members.flatMap { member in
            switch member {
            case .plain: [String]()
            case .message(_, let type): [type]
            case .oneof(let cases):
                cases.compactMap { if case .message(_, let type) = $0 { type } else { nil } }
            }
        }
    }
}

extension Boxing.Member {
    fileprivate var withEveryMessageBoxed: InlineSize {
        switch self {
        case .plain(let size): return size
        case .message: return .box
        case .oneof(let cases):
            let payloads = cases.map { if case .plain(let size) = $0 { size.size } else { InlineSize.box.size } }
            return InlineSize(size: (payloads.max() ?? 0) + 1, alignment: 8)
        }
    }
}
