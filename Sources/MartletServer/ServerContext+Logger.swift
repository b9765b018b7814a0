public import Logging
public import MartletCore

extension ServerContext {
    /// The server's logger, which tells the method and the peer with each line.
    public var logger: Logger {
        var logger = (environment as? CallHandling)?.logger ?? Logger(label: "martlet.server")
        logger[metadataKey: "method"] = "\(method)"
        logger[metadataKey: "peer"] = "\(peer)"
        return logger
    }
}
