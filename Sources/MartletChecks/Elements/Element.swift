/// A declaration with its place.
struct Element<Descriptor: Sendable>: Sendable {
    let descriptor: Descriptor
    let name: String
    /// What it is declared in, without a leading dot.
    let scope: String
    /// In its file, as in `SourceCodeInfo`.
    let path: [Int32]

    /// Without a leading dot.
    var fullName: String { scope.isEmpty ? name : "\(scope).\(name)" }

    /// Where its name is written: number 1 in every descriptor.
    var namePath: [Int32] { path + [1] }
}

/// Numbers of fields in descriptor.proto, which paths are made of.
enum PathNumber {
    enum File {
        static let package: Int32 = 2
        static let dependency: Int32 = 3
        static let messageType: Int32 = 4
        static let enumType: Int32 = 5
        static let service: Int32 = 6
        static let `extension`: Int32 = 7
        static let options: Int32 = 8
        static let syntax: Int32 = 12
        static let edition: Int32 = 14
    }

    enum Message {
        static let field: Int32 = 2
        static let nestedType: Int32 = 3
        static let enumType: Int32 = 4
        static let extensionRange: Int32 = 5
        static let `extension`: Int32 = 6
        static let options: Int32 = 7
        static let oneof: Int32 = 8
    }

    enum Field {
        static let number: Int32 = 3
        static let label: Int32 = 4
        static let type: Int32 = 5
        static let typeName: Int32 = 6
        static let defaultValue: Int32 = 7
        static let jsonName: Int32 = 10
    }

    enum Enum {
        static let value: Int32 = 2
        static let options: Int32 = 3
    }

    enum EnumValue {
        static let number: Int32 = 2
    }

    enum EnumOptions {
        static let allowAlias: Int32 = 2
    }

    enum Service {
        static let method: Int32 = 2
    }

    enum Method {
        static let inputType: Int32 = 2
        static let outputType: Int32 = 3
        static let options: Int32 = 4
    }
}
