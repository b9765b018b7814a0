package import MartletDescriptors
package import MartletMessages

/// Linked `.proto` files: every name resolved, every rule checked.
package struct Schema: Sendable {
    /// Each after the files that it imports.
    package let files: [SchemaFile]

    private let filesByName: [String: Int]
    private let messages: [String: SchemaMessage]
    private let enumerations: [String: SchemaEnumeration]

    init(files: [SchemaFile]) {
        self.files = files
        var index = SchemaIndex()
        for file in files { index.add(file.descriptor) }
        messages = index.messages
        enumerations = index.enumerations
        filesByName = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1.name, $0) })
    }

    package func file(_ name: String) -> SchemaFile? {
        filesByName[name].map { files[$0] }
    }

    /// `fullName` may start with a dot, as in `FieldDescriptorProto.typeName`.
    package func message(_ fullName: String) -> SchemaMessage? {
        messages[fullName.hasPrefix(".") ? String(fullName.dropFirst()) : fullName]
    }

    /// `fullName` may start with a dot, as in `FieldDescriptorProto.typeName`.
    package func enumeration(_ fullName: String) -> SchemaEnumeration? {
        enumerations[fullName.hasPrefix(".") ? String(fullName.dropFirst()) : fullName]
    }
}

package struct SchemaFile: Sendable {
    package let descriptor: GoogleProtobuf.FileDescriptorProto
    /// Asked for, not only imported by one that was.
    package let isRoot: Bool
    /// The file as people know it: its path on disk where it has one.
    package let shownAs: String
    /// Positions in the list of imports; none where somebody else has compiled the file.
    package let unusedImports: [Int]

    private let commented: [[Int32]: Int]

    init(
        descriptor: GoogleProtobuf.FileDescriptorProto, isRoot: Bool, shownAs: String, unusedImports: [Int] = []
    ) {
        self.descriptor = descriptor
        self.isRoot = isRoot
        self.shownAs = shownAs
        self.unusedImports = unusedImports
        var commented: [[Int32]: Int] = [:]
        for (index, location) in (descriptor.sourceCodeInfo?.location ?? []).enumerated()
        where location.leadingComments != nil || location.trailingComments != nil
            || !location.leadingDetachedComments.isEmpty
        {
            commented[location.path] = index
        }
        self.commented = commented
    }

    /// Its import name, such as `users/v1/user_service.proto`.
    package var name: String { descriptor.name ?? "" }

    /// The comments of the element at `path`, a path of field numbers and indexes as in `SourceCodeInfo`.
    package func comments(at path: [Int32]) -> SchemaComments? {
        guard let index = commented[path], let info = descriptor.sourceCodeInfo else { return nil }
        let location = info.location[index]
        return SchemaComments(
            leading: location.leadingComments, trailing: location.trailingComments,
            detached: location.leadingDetachedComments)
    }

    /// Where the element at `path` starts, or the innermost one around it that is known.
    package func position(of path: [Int32]) -> SchemaPosition {
        descriptor.sourceCodeInfo?.location.position(of: path) ?? SchemaPosition(line: 1, column: 1)
    }
}

/// Text between the comment marks, with its newlines and the blank after each mark, as protoc keeps it.
package struct SchemaComments: Sendable, Hashable {
    package let leading: String?
    package let trailing: String?
    /// Those above the leading one, apart from it by blank lines.
    package let detached: [String]
}

package struct SchemaMessage: Sendable {
    /// Without a leading dot.
    package let fullName: String
    /// The import name of its file.
    package let file: String
    /// In its file, as in `SourceCodeInfo`.
    package let path: [Int32]
    package let descriptor: GoogleProtobuf.DescriptorProto
}

package struct SchemaEnumeration: Sendable {
    /// Without a leading dot.
    package let fullName: String
    /// The import name of its file.
    package let file: String
    /// In its file, as in `SourceCodeInfo`.
    package let path: [Int32]
    package let descriptor: GoogleProtobuf.EnumDescriptorProto
}

extension [GoogleProtobuf.SourceCodeInfo.Location] {
    /// Where the element at `path` starts, or the innermost one around it that is known.
    func position(of path: [Int32]) -> SchemaPosition? {
        var path = path
        while true {
            if let location = first(where: { $0.path == path }), location.span.count >= 2 {
                return SchemaPosition(line: Int(location.span[0]) + 1, column: Int(location.span[1]) + 1)
            }
            if path.popLast() == nil { return nil }
        }
    }
}

/// Collects the messages and enums of files, nested ones included.
private struct SchemaIndex {
    var messages: [String: SchemaMessage] = [:]
    var enumerations: [String: SchemaEnumeration] = [:]

    mutating func add(_ file: GoogleProtobuf.FileDescriptorProto) {
        let name = file.name ?? ""
        let scope = file.package ?? ""
        for (index, message) in file.messageType.enumerated() {
            add(message, in: scope, file: name, path: [FieldNumber.File.messageType, Int32(index)])
        }
        for (index, enumeration) in file.enumType.enumerated() {
            add(enumeration, in: scope, file: name, path: [FieldNumber.File.enumType, Int32(index)])
        }
    }

    private mutating func add(
        _ message: GoogleProtobuf.DescriptorProto, in scope: String, file: String, path: [Int32]
    ) {
        let fullName = Names.join(scope, message.name ?? "")
        messages[fullName] = SchemaMessage(fullName: fullName, file: file, path: path, descriptor: message)
        for (index, nested) in message.nestedType.enumerated() {
            add(nested, in: fullName, file: file, path: path + [FieldNumber.Message.nestedType, Int32(index)])
        }
        for (index, enumeration) in message.enumType.enumerated() {
            add(enumeration, in: fullName, file: file, path: path + [FieldNumber.Message.enumType, Int32(index)])
        }
    }

    private mutating func add(
        _ enumeration: GoogleProtobuf.EnumDescriptorProto, in scope: String, file: String, path: [Int32]
    ) {
        let fullName = Names.join(scope, enumeration.name ?? "")
        enumerations[fullName] = SchemaEnumeration(
            fullName: fullName, file: file, path: path, descriptor: enumeration)
    }
}
