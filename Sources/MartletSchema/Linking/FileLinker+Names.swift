internal import MartletDescriptors
internal import MartletMessages

extension FileLinker {
    /// Declares every name of the file, so that a type may be used before the line that declares it.
    mutating func declareNames(of descriptor: GoogleProtobuf.FileDescriptorProto) {
        let package = descriptor.package ?? ""
        // As in protoc; a name per part of the package is kept for each file.
        guard package.utf8.count <= 511, package.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 100 else {
            return error(at: FieldNumber.File.package, message: "the package has more than 511 letters or 101 parts")
        }
        if let taken = symbols.declarePackage(package, file: index) {
            error(
                at: FieldNumber.File.package,
                message:
                    "the package can't be `\(package)`: `\(taken.name)` is already \(taken.symbol.kind.description) "
                    + "(\(place(of: taken.symbol)))")
        }
        for (i, message) in descriptor.messageType.enumerated() {
            descend(FieldNumber.File.messageType, i) { $0.declare(message, in: package) }
        }
        for (i, enumeration) in descriptor.enumType.enumerated() {
            descend(FieldNumber.File.enumType, i) { $0.declare(enumeration, in: package) }
        }
        for (i, field) in descriptor.extension.enumerated() {
            descend(FieldNumber.File.extension, i) { $0.declare(field.name, .extension, in: package) }
        }
        for (i, service) in descriptor.service.enumerated() {
            descend(FieldNumber.File.service, i) { linker in
                let scope = linker.declare(service.name, .service, in: package)
                for (i, method) in service.method.enumerated() {
                    linker.descend(FieldNumber.Service.method, i) { $0.declare(method.name, .method, in: scope) }
                }
            }
        }
    }

    private mutating func declare(_ message: GoogleProtobuf.DescriptorProto, in outer: String) {
        let scope = declare(message.name, .message, in: outer)
        for (i, field) in message.field.enumerated() {
            descend(FieldNumber.Message.field, i) { $0.declare(field.name, .field, in: scope) }
        }
        for (i, oneof) in message.oneofDecl.enumerated() {
            descend(FieldNumber.Message.oneof, i) { $0.declare(oneof.name, .oneof, in: scope) }
        }
        for (i, nested) in message.nestedType.enumerated() {
            descend(FieldNumber.Message.nestedType, i) { $0.declare(nested, in: scope) }
        }
        for (i, enumeration) in message.enumType.enumerated() {
            descend(FieldNumber.Message.enumType, i) { $0.declare(enumeration, in: scope) }
        }
        for (i, field) in message.extension.enumerated() {
            descend(FieldNumber.Message.extension, i) { $0.declare(field.name, .extension, in: scope) }
        }
    }

    /// An enum's values are names beside the enum, not inside, as in C++.
    private mutating func declare(_ enumeration: GoogleProtobuf.EnumDescriptorProto, in outer: String) {
        declare(enumeration.name, .enumeration, in: outer)
        for (i, value) in enumeration.value.enumerated() {
            descend(FieldNumber.Enum.value, i) { $0.declare(value.name, .enumValue, in: outer) }
        }
    }

    /// Declares the element at hand; returns its full name.
    @discardableResult
    private mutating func declare(_ name: String?, _ kind: SymbolTable.Kind, in scope: String) -> String {
        let name = name ?? ""
        let fullName = Names.join(scope, name)
        guard let existing = symbols.declare(fullName, .init(kind: kind, file: index, path: path)) else {
            return fullName
        }
        let holder = scope.isEmpty ? "" : " in `\(scope)`"
        let rule =
            kind == .enumValue || existing.kind == .enumValue
            ? "; the values of an enum are names beside it, so put the enum's name in front of each" : ""
        // In every declaration that has a name, its field number is 1, but for packages.
        error(
            at: 1,
            message: "`\(name)` is already \(existing.kind.description)\(holder) (\(place(of: existing)))\(rule)")
        return fullName
    }
}
