import EventModel
import Glibc

@testable import EventIndex

/// Flips bits in a copy of a small index, one after the other, and asks it everything each time.
///
/// liblmdb trusts its own pages and may die of a flip in one of them, so this runs in a process of
/// its own, which notes every step and lives through such a death only as far as to end in order.
struct BitFlips {
    /// What became of one flip.
    enum Outcome: UInt8 {
        /// Every answer was right, or the index said that it covers nothing, and held nothing.
        case right = 1
        /// An answer was refused as damage, all others were right.
        case told = 2
        /// liblmdb ended the process.
        case died = 3
        /// A wrong answer.
        case wrong = 4
    }

    let folder: String
    let seed: UInt64
    private let pristine: [UInt8]
    private let model: IndexModel

    static let store = StoreID(first: 7, second: 8)
    static func file(_ folder: String) -> String { folder + "/index" }
    static func outcomes(_ folder: String) -> String { folder + "/outcomes" }

    static func model(_ seed: UInt64) -> IndexModel {
        var maker = EventMaker(seed: seed, idValues: 1 << 60, streamNames: 12)
        var model = IndexModel(first: Position(1))
        for _ in 0..<400 { model.append(maker.event()) }
        return model
    }

    init(folder: String, seed: UInt64) throws {
        self.folder = folder
        self.seed = seed
        pristine = try File.contents(folder + "/pristine")
        model = Self.model(seed)
    }

    /// The bits there are.
    var bitCount: Int { pristine.count * 8 }

    /// Goes through the flips that are not done yet; ends the process with 7.
    func run(count: Int) throws -> Never {
        for number in [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM] {
            signal(number) { _ in _exit(7) }
        }
        try File.write(pristine, to: Self.file(folder))
        let done = try File.contents(Self.outcomes(folder)).count
        for index in done..<count {
            // Noted first; what comes back alive corrects it.
            try File.patch([Outcome.died.rawValue], at: index, of: Self.outcomes(folder))
            alarm(20)
            let outcome = try flip(place(index, of: count))
            try File.patch([outcome.rawValue], at: index, of: Self.outcomes(folder))
        }
        _exit(7)
    }

    /// Which bit a step flips: each just once when there are as many steps as bits.
    func place(_ index: Int, of count: Int) -> Int {
        guard count < bitCount else { return index }
        var random = SeededRandom(seed: seed &+ UInt64(index))
        return Int.random(in: 0..<bitCount, using: &random)
    }

    private func flip(_ bit: Int) throws -> Outcome {
        let byte = pristine[bit / 8]
        try File.patch([byte ^ 1 << UInt8(bit % 8)], at: bit / 8, of: Self.file(folder))
        let outcome = ask()
        try File.patch([byte], at: bit / 8, of: Self.file(folder))
        return outcome
    }

    private func ask() -> Outcome {
        let file: IndexFile
        do throws(IndexError) {
            file = try IndexFile.openSealed(
                path: Self.file(folder), store: Self.store, first: model.first)
        } catch {
            return .told
        }
        var reader = file.reader()
        let isEmpty = reader.end == model.first
        guard isEmpty || reader.end == model.end else { return .wrong }
        var outcome = Outcome.right
        for event in model.events {
            ask(&outcome, isEmpty ? [] : model.candidates(event.id)) { (list) throws(IndexError) in
                try reader.candidates(id: event.id, into: &list)
            }
        }
        ask(&outcome, []) { (list) throws(IndexError) in
            try reader.candidates(id: KeyHash(high: 5, low: 5), into: &list)
        }
        for (stream, positions) in model.streams {
            ask(&outcome, isEmpty ? [] : positions) { (list) throws(IndexError) in
                try reader.positions(stream: stream, after: .zero, limit: .max, into: &list)
            }
            ask(&outcome, isEmpty ? [] : positions.reversed()) { (list) throws(IndexError) in
                try reader.positions(
                    stream: stream, before: model.end, limit: .max, into: &list)
            }
        }
        return outcome
    }

    private func ask(
        _ outcome: inout Outcome, _ expected: [Position],
        _ question: (inout [Position]) throws(IndexError) -> Void
    ) {
        var found: [Position] = []
        do throws(IndexError) {
            try question(&found)
            if found != expected { outcome = .wrong }
        } catch {
            if outcome == .right { outcome = .told }
        }
    }
}
