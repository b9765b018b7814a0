import Martlet

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

let usage = """
    usage: martlet-bench server PORT
           martlet-bench client PORT IN_FLIGHT SECONDS pool|loop
    """

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "server":
    guard arguments.count == 2, let port = Int(CommandLine.arguments[2]) else { fallthrough }
    try await runServer(port: port)
case "client":
    guard arguments.count == 5, let port = Int(CommandLine.arguments[2]),
        let inFlight = Int(CommandLine.arguments[3]), let seconds = Double(CommandLine.arguments[4]),
        let callers = Callers(rawValue: CommandLine.arguments[5])
    else { fallthrough }
    try await runClient(port: port, inFlight: inFlight, seconds: seconds, callers: callers)
default:
    print(usage)
    exit(arguments.isEmpty || arguments.contains("--help") ? 0 : 64)
}
