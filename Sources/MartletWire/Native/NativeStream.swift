/// What a machine keeps of a stream that is more than one frame there and one back.
///
/// A class, since the table of streams and the queue of those that wait for their turn share it. It never leaves its
/// machine.
final class NativeStream {
    let id: UInt32
    // Nothing that runs while one of them is in use comes back to the stream.
    var sending: SendingHalf
    var receiving: ReceivingHalf

    init(id: UInt32, credit: Int, window: Int) {
        self.id = id
        sending = SendingHalf(credit: credit)
        receiving = ReceivingHalf(window: window)
    }
}
