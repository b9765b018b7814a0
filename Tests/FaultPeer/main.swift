import Foundation
import Logging
import Martlet
import MartletFaultKit

// A server to be killed: `fault-peer` listens on a free port, prints it, and serves until it is ended.
var configuration = ServerConfiguration()
configuration.logger = Logger(label: "fault-peer", factory: { _ in SwiftLogNoOpLogHandler() })
let server = RPCServer(services: [FaultService()], listen: .tcp("127.0.0.1", 0), configuration: configuration)
async let running: Void = server.run()
// Unlike `print`, this doesn't wait for a full buffer.
FileHandle.standardOutput.write(Data("\(try await server.addresses[0].port)\n".utf8))
try await running
