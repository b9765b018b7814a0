/// What tells a task from all others that live at the same time: the address of the task, which is also its job.
///
/// The cast only makes a number of a pointer. Where a future standard library holds more than that pointer, nothing is
/// recognized any more.
func taskIdentity(of job: UnownedJob) -> UInt {
    MemoryLayout<UnownedJob>.size == MemoryLayout<UInt>.size ? unsafeBitCast(job, to: UInt.self) : 0
}

/// The same of the task that runs.
func taskIdentity(of task: UnsafeCurrentTask) -> UInt {
    MemoryLayout<UnsafeCurrentTask>.size == MemoryLayout<UInt>.size ? unsafeBitCast(task, to: UInt.self) : 1
}
