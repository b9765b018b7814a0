/// The field numbers of descriptor.proto that make up the paths of `SourceCodeInfo`.
enum FieldNumber {
    enum File {
        static let package: Int32 = 2
        static let dependency: Int32 = 3
        static let messageType: Int32 = 4
        static let enumType: Int32 = 5
        static let service: Int32 = 6
        static let `extension`: Int32 = 7
        static let options: Int32 = 8
        static let publicDependency: Int32 = 10
        static let weakDependency: Int32 = 11
        static let syntax: Int32 = 12
    }

    enum Message {
        static let name: Int32 = 1
        static let field: Int32 = 2
        static let nestedType: Int32 = 3
        static let enumType: Int32 = 4
        static let extensionRange: Int32 = 5
        static let `extension`: Int32 = 6
        static let options: Int32 = 7
        static let oneof: Int32 = 8
        static let reservedRange: Int32 = 9
        static let reservedName: Int32 = 10
    }

    enum Field {
        static let name: Int32 = 1
        static let extendee: Int32 = 2
        static let number: Int32 = 3
        static let label: Int32 = 4
        static let type: Int32 = 5
        static let typeName: Int32 = 6
        static let defaultValue: Int32 = 7
        static let options: Int32 = 8
        static let jsonName: Int32 = 10
    }

    enum FileOption {
        static let javaStringCheckUTF8: Int32 = 27
        static let features: Int32 = 50
    }

    enum FieldOption {
        static let packed: Int32 = 2
        static let lazy: Int32 = 5
        static let jstype: Int32 = 6
        static let unverifiedLazy: Int32 = 15
        static let features: Int32 = 21
    }

    enum MessageOption {
        static let messageSetWireFormat: Int32 = 1
        static let features: Int32 = 12
    }

    enum EnumOption {
        static let allowAlias: Int32 = 2
        static let features: Int32 = 7
    }

    enum Oneof {
        static let name: Int32 = 1
        static let options: Int32 = 2
    }

    enum Enum {
        static let name: Int32 = 1
        static let value: Int32 = 2
        static let options: Int32 = 3
        static let reservedRange: Int32 = 4
        static let reservedName: Int32 = 5
    }

    enum EnumValue {
        static let name: Int32 = 1
        static let number: Int32 = 2
        static let options: Int32 = 3
    }

    enum Service {
        static let name: Int32 = 1
        static let method: Int32 = 2
        static let options: Int32 = 3
    }

    enum Method {
        static let name: Int32 = 1
        static let inputType: Int32 = 2
        static let outputType: Int32 = 3
        static let options: Int32 = 4
        static let clientStreaming: Int32 = 5
        static let serverStreaming: Int32 = 6
    }

    /// Of extension ranges and of both kinds of reserved ranges.
    enum Range {
        static let start: Int32 = 1
        static let end: Int32 = 2
        static let options: Int32 = 3
    }

    enum UninterpretedOption {
        static let name: Int32 = 2
        static let identifierValue: Int32 = 3
        static let positiveIntValue: Int32 = 4
        static let negativeIntValue: Int32 = 5
        static let doubleValue: Int32 = 6
        static let stringValue: Int32 = 7
        static let aggregateValue: Int32 = 8

        static let namePart: Int32 = 1
        /// The field `uninterpreted_option` in every options message.
        static let inOptions: Int32 = 999
    }
}
