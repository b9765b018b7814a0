/// What one `.proto` file declares: generated code has one conforming type a file, named by the file's import path.
public protocol GeneratedFile {
    static var descriptor: FileDescriptor { get }

    /// The Swift types of the file's messages, nested ones included.
    static var messages: [any GeneratedMessage.Type] { get }

    /// The extensions that the file declares, those within messages included. Default: none.
    static var extensions: [any GeneratedExtension] { get }
}

extension GeneratedFile {
    public static var extensions: [any GeneratedExtension] { [] }
}
