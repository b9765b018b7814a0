package import MartletCore
package import MartletWire

extension MessageQueue {
    package enum Taken {
        case message(WireMessage)
        /// Nothing is here; more may come.
        case nothing
        /// There are no more: the stream has ended, well or with an error. Comes again whenever it is asked for.
        case end(RPCError?)
    }

    /// Messages, counted.
    package struct Amount: Hashable {
        package internal(set) var bytes = 0
        package internal(set) var messages = 0

        /// About what they cost of the credit.
        var cost: Int { bytes + 32 * messages }

        mutating func add(_ run: MessageRun) {
            bytes += run.messageBytes
            messages += run.count
        }

        mutating func add(_ other: Amount) {
            bytes += other.bytes
            messages += other.messages
        }
    }
}
