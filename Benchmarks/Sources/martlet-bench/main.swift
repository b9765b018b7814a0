import Martlet

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

let usage = """
    usage: martlet-bench server PORT [featured|pooled|everywhere]
           martlet-bench client PORT unary|featured|stream|echo|beside IN_FLIGHT SECONDS pool|loop [native|grpc]
           martlet-bench churn PORT ENDPOINTS SECONDS
    """

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    if (2...3).contains(arguments.count), arguments[0] == "server", let port = Int(arguments[1]),
        let mode = ServerMode(rawValue: arguments.count == 3 ? arguments[2] : "plain")
    {
        try await runServer(port: port, mode: mode)
    } else if (6...7).contains(arguments.count), arguments[0] == "client", let port = Int(arguments[1]),
        let load = Load(rawValue: arguments[2]), let inFlight = Int(arguments[3]), let seconds = Double(arguments[4]),
        let callers = Callers(rawValue: arguments[5]),
        let wire = ChannelConfiguration.Wire(rawValue: arguments.count == 7 ? arguments[6] : "native")
    {
        try await runClient(load, port: port, wire: wire, inFlight: inFlight, seconds: seconds, callers: callers)
    } else if arguments.count == 4, arguments[0] == "churn", let port = Int(arguments[1]),
        let count = Int(arguments[2]),
        let seconds = Double(arguments[3])
    {
        try await runChurn(port: port, count: count, seconds: seconds)
    } else {
        print(usage)
        exit(arguments.isEmpty || arguments.contains("--help") ? 0 : 64)
    }
} catch {
    let text = Array("martlet-bench: \(error)\n".utf8)
    write(STDERR_FILENO, text, text.count)
    exit(1)
}
