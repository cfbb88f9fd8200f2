import EventModel
import Glibc
import LMDB

@testable import EventLog

/// Flips one random bit after the other in copies of a segment and reads everything each time.
///
/// liblmdb trusts its own pages and may die of a flip in one of them, so this runs in a process of
/// its own, which notes every step and lives through such a death only as far as to end in order.
struct BitFlips {
    /// What became of one flip.
    enum Outcome: UInt8 {
        /// Nobody came to the flipped place, or it was in an unused one.
        case right = 1
        /// At least one event could not be read, and the reader or the opening said so.
        case told = 2
        /// The opened log had fewer events than before and nobody said so.
        case shorter = 3
        /// liblmdb ended the process.
        case died = 4
        /// Other bytes than were written, or an absent event where there was one.
        case wrong = 5
    }

    let folder: String
    let seed: UInt64
    private let pristine: [UInt8]
    private let records: [[UInt8]]
    /// How many of them lie in blocks.
    private let stored: UInt64

    private var store: String { folder + "/store" }
    private var segment: String { OpenLog.segmentPath(store) }
    static func outcomes(_ folder: String) -> String { folder + "/outcomes" }

    init(folder: String, seed: UInt64) throws {
        self.folder = folder
        self.seed = seed
        pristine = try File.contents(folder + "/pristine")
        records = try BitFlips.split(try File.contents(folder + "/records"))
        stored = BitFlips.number(try File.contents(folder + "/stored"))
    }

    /// Goes through the flips that are not done yet; ends the process with 7.
    func run(count: Int) throws -> Never {
        try BitFlips.endInOrderAtDeath()
        let done = try File.contents(Self.outcomes(folder)).count
        for index in done..<count {
            // Noted first; what comes back alive corrects it.
            try File.patch([Outcome.died.rawValue], at: index, of: Self.outcomes(folder))
            alarm(20)
            let outcome = try flip(index)
            try File.patch([outcome.rawValue], at: index, of: Self.outcomes(folder))
        }
        _exit(7)
    }

    /// Which bit a step flips.
    func place(_ index: Int) -> (offset: Int, bit: UInt8) {
        var random = SeededRandom(seed: seed &+ UInt64(index))
        while true {
            let offset = Int.random(in: 0..<pristine.count, using: &random)
            let bit = UInt8.random(in: 0...7, using: &random)
            // The two bits of the meta pages by which liblmdb takes the state before the newest for
            // the newest, as far as anything in the file can tell: see MetaPage.
            if offset % 4_096 != 144 || offset > 8_192 || bit != 1 { return (offset, bit) }
        }
    }

    private func flip(_ index: Int) throws -> Outcome {
        let (offset, bit) = place(index)
        var file = pristine
        file[offset] ^= 1 << bit
        try File.write(file, to: segment)
        let reading = readEach()
        if reading == .wrong { return .wrong }
        // Reading must not have changed the file, or the second half would test another one.
        if reading != .told, try File.contents(segment) != file { return .wrong }
        let opening = open()
        if opening == .wrong || opening == .shorter { return opening }
        return reading == .told ? .told : opening
    }

    /// Reads every event by itself, as a reader does that knows the head.
    private func readEach() -> Outcome {
        let head = HeadSignal()
        head.publish(Position(stored))
        var outcome = Outcome.right
        do {
            let segments = try SegmentSet.open(folder: store + "/log")
            var reader = try LogReader(segments: segments, recent: RecentRounds(), head: head)
            for position in 1...stored {
                do throws(ReadFailure<Never>) {
                    let isThere = try reader.event(at: Position(position)) {
                        (event) throws(Never) in
                        let expected = records[Int(position) - 1]
                        if !event.record.equals(expected.rawSpan) { outcome = .wrong }
                    }
                    if !isThere { return .wrong }
                } catch {
                    if outcome == .right { outcome = .told }
                }
            }
        } catch {
            return .told
        }
        return outcome
    }

    /// Opens the log as the daemon does, and reads it through.
    private func open() -> Outcome {
        do {
            let opened = try OpenLog(store)
            let found = try opened.records()
            if found == records { return .right }
            return found == Array(records.prefix(found.count)) ? .shorter : .wrong
        } catch {
            return .told
        }
    }

    private static func number(_ bytes: [UInt8]) -> UInt64 {
        bytes.rawSpan.load(littleEndian: UInt64.self, at: 0)
    }

    private static func endInOrderAtDeath() throws {
        for number in [SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
            signal(number) { _ in _exit(7) }
        }
    }

    private static func split(_ records: [UInt8]) throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        var offset = 0
        while offset < records.count {
            let length = Int(records.rawSpan.load(littleEndian: UInt32.self, at: offset))
            all.append(Array(records[offset..<offset + length]))
            offset += length
        }
        return all
    }
}
