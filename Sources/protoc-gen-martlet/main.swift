internal import MartletCodegen
internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

// The generator as a plugin of protoc and buf. Problems of the `.proto` files are in the response, as the protocol
// wants it; another exit code than 0 means that there was no request, or that nobody took the response.
let help = """
    protoc-gen-martlet writes Swift for the .proto files that protoc or buf gives it:

        protoc --plugin=path/to/protoc-gen-martlet --martlet_out=Sources/API --martlet_opt=access=public FILES…

    Options, with commas between: access=public|package|internal, module=PATH-PREFIX=MODULE, module_name=MODULE,
    namespace=[PATH-PREFIX=]NAME, runtime_module=MODULE, synchronous, views. `martlet generate --help` explains them.
    """

switch CommandLine.arguments.dropFirst().first {
case nil: break
case "--version":
    print(martletVersion)
    exit(0)
case "--help", "-h":
    print(help)
    exit(0)
case let argument?:
    Console.error("protoc-gen-martlet: there is no option \(argument)\n\n\(help)")
    exit(EX_USAGE)
}

guard let input = FileSystem.readAll(STDIN_FILENO) else {
    Console.error("protoc-gen-martlet: the standard input can't be read: \(String(cString: strerror(errno)))")
    exit(EX_IOERR)
}
do {
    let request = try GoogleProtobuf.Compiler.CodeGeneratorRequest(serialized: input)
    let response = try CompilerPlugin.respond(to: request).serialized()
    guard Console.write(response, to: STDOUT_FILENO) else { exit(EX_IOERR) }
} catch {
    Console.error(
        "protoc-gen-martlet: the standard input is not a request from protoc or buf: \(error)\n\n\(help)")
    exit(EX_DATAERR)
}
