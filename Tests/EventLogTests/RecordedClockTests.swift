import EventModel
import Testing

@testable import EventLog

@Suite("The recorded clock")
struct RecordedClockTests {
    private let noon = Timestamp(milliseconds: 1_767_268_800_000)

    private func reading(_ wall: Int64, _ monotonic: Int64) -> RecordedClock.Reading {
        .init(wall: noon.advanced(byMilliseconds: wall), monotonic: monotonic)
    }

    private func at(_ milliseconds: Int64) -> Timestamp {
        noon.advanced(byMilliseconds: milliseconds)
    }

    @Test("follows a wall clock that runs, and one that is set by up to a minute")
    func followed() {
        var clock = RecordedClock(newest: nil, reading: reading(0, 5))
        #expect(clock.read(reading(10, 15)) == at(10))
        #expect(clock.read(reading(60_020, 25)) == at(60_020))
        #expect(clock.read(reading(30, 35)) == at(30))
        #expect(clock.state == .followed)
    }

    @Test(
        "goes on by the monotonic clock after a step over a minute, until the wall clock is back",
        arguments: [60_001, -60_001, 158_112_000_000, -34_560_000_000, Int64.max / 2] as [Int64])
    func stepped(step: Int64) {
        var clock = RecordedClock(newest: at(-1_000), reading: reading(0, 0))
        #expect(clock.read(reading(step + 7, 7)) == at(7))
        #expect(!clock.state.refuses)
        guard case .stepped(let milliseconds) = clock.state else {
            Issue.record("the step was followed")
            return
        }
        #expect(milliseconds == step || abs(step) > 1 << 60)
        #expect(clock.read(reading(step + 3_600_000, 3_600_000)) == at(3_600_000))
        #expect(clock.read(reading(3_600_001, 3_600_001)) == at(3_600_001))
        #expect(clock.state == .followed)
    }

    @Test("follows a step once an operator says so")
    func accepted() {
        var clock = RecordedClock(newest: nil, reading: reading(0, 0))
        _ = clock.read(reading(7_200_000, 1))
        clock.accept(reading(7_200_000, 1))
        #expect(clock.state == .followed)
        #expect(clock.read(reading(7_200_005, 6)) == at(7_200_005))
    }

    private static let month = LogLimits.clockAheadMillisecondsMax
    private static let starts: [(wall: Int64, state: RecordedClock.State)] = [
        (0, .followed),
        (-60_000, .followed),
        (-60_001, .behind(milliseconds: 60_001)),
        (month, .followed),
        (month + 1, .ahead(milliseconds: month + 1)),
    ]

    @Test(
        "refuses at the start more than a minute before, or thirty days after, what was recorded",
        arguments: starts)
    func start(wall: Int64, state: RecordedClock.State) {
        var clock = RecordedClock(newest: noon, reading: reading(wall, 3))
        #expect(clock.state == state)
        #expect(clock.state.refuses == (state != .followed))
        // Neither waiting nor reading accepts it; an operator, or setting the clock right, does.
        guard state.refuses else { return }
        _ = clock.read(reading(wall, 5))
        #expect(clock.state == state)
        var accepted = clock
        accepted.accept(reading(wall, 6))
        #expect(accepted.read(reading(wall + 1, 7)) == at(wall + 1))
        #expect(accepted.state == .followed)
        #expect(clock.read(reading(1, 8)) == at(1))
        #expect(clock.state == .followed)
    }

    @Test("of an empty store believes any wall clock")
    func empty() {
        #expect(RecordedClock(newest: nil, reading: reading(.min / 2, 0)).state == .followed)
    }

    @Test("keeps its laws whatever the wall clock does, for 200 seeds")
    func laws() {
        for seed in UInt64(0)..<200 {
            var random = SeededRandom(seed: seed)
            var (wall, monotonic) = (Int64(0), Int64(0))
            var clock = RecordedClock(newest: noon, reading: reading(0, 0))
            var (last, lastMonotonic) = (noon, Int64(0))
            for _ in 0..<300 {
                let passed = Int64.random(in: 0...100_000, using: &random)
                monotonic += passed
                wall += passed
                if random.once(in: 10) { wall += .random(in: -200_000...200_000, using: &random) }
                if random.once(in: 40) { wall = .random(in: -1 << 40...1 << 40, using: &random) }
                let now = reading(wall, monotonic)
                if random.once(in: 50) {
                    clock.accept(now)
                    (last, lastMonotonic) = (now.wall, monotonic)
                }
                let recorded = clock.read(now)
                // Recorded time goes with the monotonic clock, but for one step within the bound.
                let drift = abs((recorded - last) - (monotonic - lastMonotonic))
                #expect(drift <= LogLimits.clockStepMillisecondsMax, "seed \(seed)")
                #expect((recorded == now.wall) == (clock.state == .followed), "seed \(seed)")
                #expect(!clock.state.refuses, "seed \(seed)")
                (last, lastMonotonic) = (recorded, monotonic)
            }
        }
    }
}
