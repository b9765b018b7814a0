/// The enum that holds a file's types.
struct Namespace: Hashable {
    /// Such as `["UsersV1"]` or `["GoogleProtobuf", "Compiler"]`.
    let path: [String]
    /// Declared by Martlet itself, and thus named behind its module.
    let isBuiltIn: Bool
}

extension Naming {
    /// The enum of a package: `users.v1` → `UsersV1`. One name rather than enums in enums: each package stays whole
    /// where its folder is generated apart from others, and the outer names hide nothing.
    static func namespaceName(_ package: String) -> String {
        typeName(package.split(separator: ".").map { upperCamel(String($0)) }.joined(), suffix: "Namespace")
    }
}
