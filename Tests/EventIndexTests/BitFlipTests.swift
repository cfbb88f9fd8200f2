import EventModel
import Testing

@testable import EventIndex

@Suite("bit flips in an index file")
struct BitFlipTests {
    @Test("every flip gives right answers or a named error, never a wrong answer")
    func flips() async throws {
        let seed = Scale.seed
        let folder = try TemporaryFolder(in: "/dev/shm")
        try write(folder.path, seed)
        let flips = try BitFlips(folder: folder.path, seed: seed)
        let count = Scale.isLong ? flips.bitCount : 600
        print("index bit flips: seed \(seed), \(count) flips")
        try File.write([], to: BitFlips.outcomes(folder.path))
        while try File.contents(BitFlips.outcomes(folder.path)).count < count {
            await #expect(processExitsWith: .exitCode(7)) {
                [path = folder.path as String, seed = seed as UInt64, count = count as Int] in
                try BitFlips(folder: path, seed: seed).run(count: count)
            }
        }
        var numbers: [UInt8: Int] = [:]
        for (index, raw) in try File.contents(BitFlips.outcomes(folder.path)).enumerated() {
            numbers[raw, default: 0] += 1
            #expect(
                raw != BitFlips.Outcome.wrong.rawValue,
                "seed \(seed), flip \(index), bit \(flips.place(index, of: count))")
        }
        func number(_ outcome: BitFlips.Outcome) -> Int { numbers[outcome.rawValue] ?? 0 }
        print(
            "index bit flips: \(number(.right)) right, \(number(.told)) told, "
                + "\(number(.died)) ended the process inside liblmdb, of \(count)")
        #expect(number(.told) > 0 && number(.right) > 0)
    }

    private func write(_ path: String, _ seed: UInt64) throws {
        do {
            let file = try IndexFile.open(
                path: BitFlips.file(path), store: BitFlips.store, first: Position(1))
            for tail in BitFlips.model(seed).tails() { try file.write(tail) }
        }
        try File.write(try File.contents(BitFlips.file(path)), to: path + "/pristine")
    }
}
