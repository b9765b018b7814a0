internal import MartletCore
internal import MartletWire

extension NativeImplementation {
    /// What Martlet's own clients and servers call themselves in their Hello.
    static let martlet = NativeImplementation(name: "martlet-swift", version: MartletVersion.current)
}
