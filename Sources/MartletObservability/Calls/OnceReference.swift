internal import Synchronization

/// A reference that is nil until somebody sets it, once and for all.
///
/// What `AtomicLazyReference` is, which isn't inlined: each `load` of it looked up the generic type's metadata, 700
/// instructions, four times a call. Unmanaged, since only such references can be atomic: the value counts the one that it
/// holds until its end.
struct OnceReference<Instance: AnyObject & Sendable>: ~Copyable, Sendable {
    private let reference = Atomic<Unmanaged<Instance>?>(nil)

    func load() -> Instance? { reference.load(ordering: .acquiring)?.takeUnretainedValue() }

    /// What is set from now on: `instance`, or what somebody else was quicker with.
    func storeIfNil(_ instance: Instance) -> Instance {
        let new = Unmanaged.passRetained(instance)
        let (isSet, earlier) = reference.compareExchange(
            expected: nil, desired: new, ordering: .acquiringAndReleasing)
        if isSet { return instance }
        new.release()
        return earlier!.takeUnretainedValue()
    }

    deinit { reference.load(ordering: .acquiring)?.release() }
}
