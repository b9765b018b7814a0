internal import MartletSchema

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// A program that is run once, to its end.
struct Subprocess {
    /// Of the program: 0 for success, or what the shell would say.
    let status: Int32
    let output: [UInt8]
    let errors: String

    /// - Parameters:
    ///   - program: looked up in `PATH`.
    ///   - input: what it reads from its standard input.
    /// - Throws: why it could not be started.
    init(_ program: String, _ arguments: [String], input: [UInt8] = []) throws(FileSystemError) {
        // Files instead of pipes for all but the output: nobody waits for anybody then.
        let (inputFile, errorFile) = (try Self.temporaryFile(), try Self.temporaryFile())
        defer {
            close(inputFile)
            close(errorFile)
        }
        guard pwrite(inputFile, input, input.count, 0) == input.count else { throw Self.failure(program) }
        var pipeEnds: [Int32] = [-1, -1]
        guard pipe(&pipeEnds) == 0 else { throw Self.failure(program) }
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(pipeEnds[0]) }

        let id = Self.spawn(program, arguments, input: inputFile, output: pipeEnds[1], errors: errorFile)
        close(pipeEnds[1])
        guard let id else { throw Self.failure(program) }
        output = FileSystem.readAll(pipeEnds[0]) ?? []
        var waited: Int32 = 0
        while waitpid(id, &waited, 0) < 0, errno == EINTR {}
        // As WIFEXITED and WEXITSTATUS, which Swift doesn't import, have it.
        status = waited & 0x7F == 0 ? (waited >> 8) & 0xFF : 128 + waited & 0x7F
        lseek(errorFile, 0, SEEK_SET)
        errors = String(decoding: FileSystem.readAll(errorFile) ?? [], as: UTF8.self)
    }

    private static func failure(_ program: String) -> FileSystemError {
        FileSystemError(description: "\(program): \(String(cString: strerror(errno)))")
    }

    /// One without a name, gone when it is closed.
    private static func temporaryFile() throws(FileSystemError) -> Int32 {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/martlet-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw failure(directory) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return file
    }

    private static func spawn(
        _ program: String, _ arguments: [String], input: Int32, output: Int32, errors: Int32
    ) -> pid_t? {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        // What programs look for: themselves, their settings, the language of their messages.
        let names = ["PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR"]
        let environment = names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
        let argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        let environmentPointers = (environment + ["LC_ALL=C"]).map { strdup($0) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var id: pid_t = 0
        let result = posix_spawnp(&id, program, &actions, nil, argumentPointers, environmentPointers)
        errno = result
        return result == 0 ? id : nil
    }
}
