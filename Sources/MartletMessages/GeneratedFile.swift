/// What one `.proto` file declares: generated code has one conforming type a file, named by the file's import path.
public protocol GeneratedFile: SendableMetatype {
    /// What the file says, for server reflection.
    static var descriptor: FileDescriptor { get }

    /// The Swift types of the file's messages, nested ones included.
    static var messages: [any GeneratedMessage.Type] { get }

    /// The extensions that the file declares, those within messages included. Default: none.
    static var extensions: [any GeneratedExtension] { get }

    /// The files that it imports, as far as they have generated code. Default: none.
    static var imports: [any GeneratedFile.Type] { get }
}

extension GeneratedFile {
    public static var extensions: [any GeneratedExtension] { [] }
    public static var imports: [any GeneratedFile.Type] { [] }
}
