public import EventLog
public import EventModel

/// The clock of a daemon: what recorded times are taken from. The loop owns it.
public final class StoreClock {
    private let reading: () -> RecordedClock.Reading
    private var clock: RecordedClock

    /// Makes the clock of a store.
    ///
    /// - Parameters:
    ///   - newest: The store's newest recorded time; nil where nothing is recorded.
    ///   - reading: Reads the machine's clocks.
    public init(newest: Timestamp?, reading: @escaping () -> RecordedClock.Reading) {
        self.reading = reading
        clock = RecordedClock(newest: newest, reading: reading())
    }

    /// The moment, as it is recorded.
    func now() -> Timestamp { clock.read(reading()) }

    /// How far the wall clock can be believed, now, and what both clocks say.
    func look() -> (state: RecordedClock.State, wall: Timestamp, recorded: Timestamp) {
        let reading = reading()
        let recorded = clock.read(reading)
        return (clock.state, reading.wall, recorded)
    }

    /// Throws while appends are refused.
    func check() throws(CommandError) {
        guard clock.state.refuses else { return }
        // It may have been set right since.
        let (state, wall, _) = look()
        if state.refuses { throw .clock(state, wall: wall) }
    }

    /// Why appends are refused; nil when they are not.
    public var refusal: CommandError? {
        do throws(CommandError) {
            try check()
            return nil
        } catch {
            return error
        }
    }

    /// Follows the wall clock from now on, whatever it says.
    func accept() { clock.accept(reading()) }
}
