import MartletDescriptors
import MartletMessages

/// Writes descriptors in protobuf's binary form, fields in the order of their numbers, as protoc does.
struct DescriptorWriter {
    typealias G = GoogleProtobuf
    private(set) var bytes: [UInt8] = []

    static func serialized(_ files: [G.FileDescriptorProto]) -> [UInt8] {
        var writer = DescriptorWriter()
        for file in files { writer.message(1, file) { $0.write($1) } }
        return writer.bytes
    }

    // MARK: Fields

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private mutating func tag(_ number: Int, _ wireType: Int) { varint(UInt64(number << 3 | wireType)) }

    private mutating func int(_ number: Int, _ value: (some BinaryInteger)?) {
        guard let value else { return }
        tag(number, 0)
        varint(UInt64(truncatingIfNeeded: value))
    }

    private mutating func bool(_ number: Int, _ value: Bool?) { int(number, value.map { $0 ? 1 : 0 }) }

    private mutating func data(_ number: Int, _ value: [UInt8]?) {
        guard let value else { return }
        tag(number, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    private mutating func string(_ number: Int, _ value: String?) { data(number, value.map { Array($0.utf8) }) }

    private mutating func packed(_ number: Int, _ values: [Int32]) {
        guard !values.isEmpty else { return }
        var body = DescriptorWriter()
        for value in values { body.varint(UInt64(truncatingIfNeeded: value)) }
        data(number, body.bytes)
    }

    private mutating func message<M>(_ number: Int, _ value: M?, _ body: (inout DescriptorWriter, M) -> Void) {
        guard let value else { return }
        var writer = DescriptorWriter()
        body(&writer, value)
        data(number, writer.bytes)
    }

    private mutating func messages<M>(_ number: Int, _ values: [M], _ body: (inout DescriptorWriter, M) -> Void) {
        for value in values { message(number, value, body) }
    }

    // MARK: Descriptors

    private mutating func write(_ m: G.FileDescriptorProto) {
        string(1, m.name)
        string(2, m.package)
        for name in m.dependency { string(3, name) }
        messages(4, m.messageType) { $0.write($1) }
        messages(5, m.enumType) { $0.write($1) }
        messages(6, m.service) { $0.write($1) }
        messages(7, m.extension) { $0.write($1) }
        message(8, m.options) { $0.write($1) }
        message(9, m.sourceCodeInfo) { $0.write($1) }
        for index in m.publicDependency { int(10, index) }
        for index in m.weakDependency { int(11, index) }
        string(12, m.syntax)
    }

    private mutating func write(_ m: G.DescriptorProto) {
        string(1, m.name)
        messages(2, m.field) { $0.write($1) }
        messages(3, m.nestedType) { $0.write($1) }
        messages(4, m.enumType) { $0.write($1) }
        messages(5, m.extensionRange) { writer, range in
            writer.int(1, range.start)
            writer.int(2, range.end)
            writer.message(3, range.options) { writer, options in
                writer.messages(999, options.uninterpretedOption) { $0.write($1) }
                writer.bytes += options.unknownFields
            }
        }
        messages(6, m.extension) { $0.write($1) }
        message(7, m.options) { $0.write($1) }
        messages(8, m.oneofDecl) { writer, oneof in
            writer.string(1, oneof.name)
            writer.message(2, oneof.options) { writer, options in
                writer.messages(999, options.uninterpretedOption) { $0.write($1) }
                writer.bytes += options.unknownFields
            }
        }
        messages(9, m.reservedRange) { writer, range in
            writer.int(1, range.start)
            writer.int(2, range.end)
        }
        for name in m.reservedName { string(10, name) }
    }

    private mutating func write(_ m: G.FieldDescriptorProto) {
        string(1, m.name)
        string(2, m.extendee)
        int(3, m.number)
        int(4, m.label?.rawValue)
        int(5, m.type?.rawValue)
        string(6, m.typeName)
        string(7, m.defaultValue)
        message(8, m.options) { $0.write($1) }
        int(9, m.oneofIndex)
        string(10, m.jsonName)
        bool(17, m.proto3Optional)
    }

    private mutating func write(_ m: G.EnumDescriptorProto) {
        string(1, m.name)
        messages(2, m.value) { writer, value in
            writer.string(1, value.name)
            writer.int(2, value.number)
            writer.message(3, value.options) { writer, options in
                writer.bool(1, options.deprecated)
                writer.bool(3, options.debugRedact)
                writer.messages(999, options.uninterpretedOption) { $0.write($1) }
                writer.bytes += options.unknownFields
            }
        }
        message(3, m.options) { writer, options in
            writer.bool(2, options.allowAlias)
            writer.bool(3, options.deprecated)
            writer.bool(6, options.deprecatedLegacyJsonFieldConflicts)
            writer.messages(999, options.uninterpretedOption) { $0.write($1) }
            writer.bytes += options.unknownFields
        }
        messages(4, m.reservedRange) { writer, range in
            writer.int(1, range.start)
            writer.int(2, range.end)
        }
        for name in m.reservedName { string(5, name) }
    }

    private mutating func write(_ m: G.ServiceDescriptorProto) {
        string(1, m.name)
        messages(2, m.method) { writer, method in
            writer.string(1, method.name)
            writer.string(2, method.inputType)
            writer.string(3, method.outputType)
            writer.message(4, method.options) { writer, options in
                writer.bool(33, options.deprecated)
                writer.int(34, options.idempotencyLevel?.rawValue)
                writer.messages(999, options.uninterpretedOption) { $0.write($1) }
                writer.bytes += options.unknownFields
            }
            writer.bool(5, method.clientStreaming)
            writer.bool(6, method.serverStreaming)
        }
        message(3, m.options) { writer, options in
            writer.bool(33, options.deprecated)
            writer.messages(999, options.uninterpretedOption) { $0.write($1) }
            writer.bytes += options.unknownFields
        }
    }

    // MARK: Options

    private mutating func write(_ m: G.FileOptions) {
        string(1, m.javaPackage)
        string(8, m.javaOuterClassname)
        int(9, m.optimizeFor?.rawValue)
        bool(10, m.javaMultipleFiles)
        string(11, m.goPackage)
        bool(16, m.ccGenericServices)
        bool(17, m.javaGenericServices)
        bool(18, m.pyGenericServices)
        bool(20, m.javaGenerateEqualsAndHash)
        bool(23, m.deprecated)
        bool(27, m.javaStringCheckUtf8)
        bool(31, m.ccEnableArenas)
        string(36, m.objcClassPrefix)
        string(37, m.csharpNamespace)
        string(39, m.swiftPrefix)
        string(40, m.phpClassPrefix)
        string(41, m.phpNamespace)
        string(44, m.phpMetadataNamespace)
        string(45, m.rubyPackage)
        messages(999, m.uninterpretedOption) { $0.write($1) }
        bytes += m.unknownFields
    }

    private mutating func write(_ m: G.MessageOptions) {
        bool(1, m.messageSetWireFormat)
        bool(2, m.noStandardDescriptorAccessor)
        bool(3, m.deprecated)
        bool(7, m.mapEntry)
        bool(11, m.deprecatedLegacyJsonFieldConflicts)
        messages(999, m.uninterpretedOption) { $0.write($1) }
        bytes += m.unknownFields
    }

    private mutating func write(_ m: G.FieldOptions) {
        int(1, m.ctype?.rawValue)
        bool(2, m.packed)
        bool(3, m.deprecated)
        bool(5, m.lazy)
        int(6, m.jstype?.rawValue)
        bool(10, m.weak)
        bool(15, m.unverifiedLazy)
        bool(16, m.debugRedact)
        int(17, m.retention?.rawValue)
        messages(999, m.uninterpretedOption) { $0.write($1) }
        bytes += m.unknownFields
    }

    private mutating func write(_ m: G.UninterpretedOption) {
        messages(2, m.name) { writer, part in
            writer.string(1, part.namePart)
            writer.bool(2, part.isExtension)
        }
        string(3, m.identifierValue)
        int(4, m.positiveIntValue)
        int(5, m.negativeIntValue)
        if let value = m.doubleValue {
            tag(6, 1)
            withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
        }
        data(7, m.stringValue)
        string(8, m.aggregateValue)
    }

    private mutating func write(_ m: G.SourceCodeInfo) {
        messages(1, m.location) { writer, location in
            writer.packed(1, location.path)
            writer.packed(2, location.span)
            writer.string(3, location.leadingComments)
            writer.string(4, location.trailingComments)
            for comment in location.leadingDetachedComments { writer.string(6, comment) }
        }
    }
}
