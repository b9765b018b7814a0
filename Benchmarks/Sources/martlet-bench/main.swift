import Martlet

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

let usage = """
    usage: martlet-bench server PORT
           martlet-bench client PORT unary|stream|echo IN_FLIGHT SECONDS pool|loop
    """

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    if arguments.count == 2, arguments[0] == "server", let port = Int(arguments[1]) {
        try await runServer(port: port)
    } else if arguments.count == 6, arguments[0] == "client", let port = Int(arguments[1]),
        let load = Load(rawValue: arguments[2]), let inFlight = Int(arguments[3]), let seconds = Double(arguments[4]),
        let callers = Callers(rawValue: arguments[5])
    {
        try await runClient(load, port: port, inFlight: inFlight, seconds: seconds, callers: callers)
    } else {
        print(usage)
        exit(arguments.isEmpty || arguments.contains("--help") ? 0 : 64)
    }
} catch {
    let text = Array("martlet-bench: \(error)\n".utf8)
    write(STDERR_FILENO, text, text.count)
    exit(1)
}
