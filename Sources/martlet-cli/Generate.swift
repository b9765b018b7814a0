internal import ArgumentParser
internal import MartletCodegen

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn .proto files into Swift.",
        discussion: """
            Writes one file for each .proto file, named after its import path: users/v1/user.proto becomes \
            users.v1.user.martlet.swift. Files that already have the right content are left alone. With \
            --descriptor-set-out it writes descriptors, and Swift only where --out says so.
            """)

    @Option(
        name: .customLong("proto-path"),
        help: ArgumentHelp(
            """
            Where imports are looked up; may be given more than once. Default: the directories among the files, or else \
            the current directory.
            """,
            valueName: "dir"))
    var protoPaths: [String] = []

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Where the Swift files go. Default: the current directory.", valueName: "dir"))
    var outputDirectory: String?

    @Option(
        help: ArgumentHelp("Write a google.protobuf.FileDescriptorSet of the files, as protoc does.", valueName: "file")
    )
    var descriptorSetOut: String?

    @Flag(help: "Put everything that the files import into the descriptor set too.")
    var includeImports = false

    @Flag(help: "Keep positions and comments in the descriptor set.")
    var includeSourceInfo = false

    @Option(help: "How visible the generated declarations are: public, package or internal.")
    var access: AccessLevel = .public

    @Option(
        name: .customLong("module"),
        help: ArgumentHelp(
            "Import MODULE for files whose import path starts with PATH-PREFIX; may be given more than once.",
            valueName: "path-prefix=module"))
    var modules: [ModuleMapping] = []

    @Option(help: "The module that the generated code becomes part of, where --module names it.")
    var moduleName: String?

    @Option(help: "The module that generated code imports for its runtime.")
    var runtimeModule = "Martlet"

    @Option(
        name: .customLong("namespace"),
        help: ArgumentHelp(
            """
            Put types into an enum: "package" for one a package (users.v1 becomes UsersV1), a name, or "none", the \
            default. With PATH-PREFIX= only those of files whose import path starts so; may be given more than once.
            """,
            valueName: "[path-prefix=]name"))
    var namespaces: [NamespaceMapping] = []

    @Flag(help: "Give every message a view, which reads it without building the Swift value.")
    var views = false

    @Flag(help: "Let handlers be synchronous, except of methods with `option (martlet.synchronous) = false`.")
    var synchronous = false

    @Flag(
        help: """
            Generate something to stand in for each service in tests, out of the module MartletTesting. For files that \
            --module gives to another module, generate nothing else.
            """)
    var testDoubles = false

    @Flag(help: "List the files.")
    var verbose = false

    @Argument(
        help: ArgumentHelp("The .proto files, by path or by import path, and directories of them.", valueName: "files"))
    var files: [String]

    func validate() throws {
        guard descriptorSetOut != nil || !(includeImports || includeSourceInfo) else {
            throw ValidationError("--include-imports and --include-source-info need --descriptor-set-out.")
        }
    }

    func run() throws {
        var command = GenerateCommand()
        command.protoPaths = protoPaths
        command.outputDirectory = outputDirectory
        command.files = files
        command.descriptorSet = descriptorSetOut.map { path in
            var output = DescriptorSetOutput(path: path)
            output.includesImports = includeImports
            output.includesSourceInfo = includeSourceInfo
            return output
        }
        command.options.access = access
        command.options.modules = modules
        command.options.moduleName = moduleName
        command.options.runtimeModule = runtimeModule
        command.options.namespaces = namespaces
        command.options.views = views
        command.options.synchronous = synchronous
        command.options.testDoubles = testDoubles
        let code = command.runOnConsole(isVerbose: verbose)
        if code != 0 { throw ExitCode(code) }
    }
}

extension AccessLevel: ExpressibleByArgument {}

extension ModuleMapping: ExpressibleByArgument {}

extension NamespaceMapping: ExpressibleByArgument {}
