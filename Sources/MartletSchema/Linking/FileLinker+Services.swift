internal import MartletDescriptors
internal import MartletMessages

extension FileLinker {
    mutating func link(_ service: inout GoogleProtobuf.ServiceDescriptorProto, in package: String) {
        let scope = Names.join(package, service.name ?? "")
        for i in service.method.indices {
            descend(FieldNumber.Service.method, i) { linker in
                linker.resolveMessage(&service.method[i].inputType, in: scope, at: FieldNumber.Method.inputType)
                linker.resolveMessage(&service.method[i].outputType, in: scope, at: FieldNumber.Method.outputType)
            }
        }
    }

    private mutating func resolveMessage(_ name: inout String?, in scope: String, at part: Int32) {
        guard let (fullName, symbol) = resolveType(name ?? "", in: scope, at: part, typesOnly: false) else { return }
        if symbol.kind == .enumeration {
            error(at: part, message: "`\(fullName)` is an enum; a method takes and returns messages")
        }
        name = "." + fullName
    }
}
