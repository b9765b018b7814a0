import MartletCore
import MartletWire
import NIOCore
import Testing

/// What holds for the two machines together.
struct ExchangeTests {
    /// Whatever the order of events, whatever the windows and sizes: all that isn't cancelled arrives, in order, no
    /// side breaks a rule, and nothing is left.
    @Test(arguments: 0..<16)
    func everythingArrives(seed: Int) {
        var simulation = Simulation(seed: UInt64(seed))
        for _ in 0..<1600 { simulation.step(startsCalls: true) }
        var steps = 0
        while !simulation.isQuiet, steps < 500_000 {
            simulation.step(startsCalls: false)
            steps += 1
        }
        let isQuiet = simulation.isQuiet
        let calls = simulation.calls.count
        #expect(isQuiet, "still going on after \(steps) steps")
        #expect(calls > 20)
        simulation.checkEnd()
    }
}
