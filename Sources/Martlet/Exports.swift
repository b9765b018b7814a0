@_exported public import MartletClient
@_exported public import MartletCore
@_exported public import MartletDiscovery
@_exported public import MartletMessages
@_exported public import MartletServer
@_exported public import MartletServices
@_exported public import MartletTransport
