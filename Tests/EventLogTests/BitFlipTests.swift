import EventModel
import Glibc
import Testing

@testable import EventLog

@Suite("Random bit flips in a segment's file")
struct BitFlipTests {
    @Test("every flip gives the right bytes or a named error, never other bytes")
    func flips() async throws {
        let seed = Scale.seed
        let count = Scale.isLong ? 100_000 : 1_000
        print("bit flips: seed \(seed), \(count) flips")
        let folder = try TemporaryFolder(in: "/dev/shm")
        try write(folder.path)
        try File.write([], to: BitFlips.outcomes(folder.path))
        while try File.contents(BitFlips.outcomes(folder.path)).count < count {
            await #expect(processExitsWith: .exitCode(7)) {
                [path = folder.path as String, seed = seed as UInt64, count = count as Int] in
                try BitFlips(folder: path, seed: seed).run(count: count)
            }
        }
        try summarise(folder.path, seed, count)
    }

    /// Writes a store, its file as it is, and what is in it.
    private func write(_ path: String) throws {
        do {
            let opened = try OpenLog(path + "/store")
            var random = SeededRandom(seed: 6)
            for round in 0..<30 {
                try opened.append((1...15).map { said("\(round).\($0)", &random) })
            }
            try File.write(try opened.records().flatMap { $0 }, to: path + "/records")
            var stored: [UInt8] = []
            stored.append(littleEndian: try #require(try opened.blocks().last).last.rawValue)
            try File.write(stored, to: path + "/stored")
        }
        let file = try File.contents(OpenLog.segmentPath(path + "/store"))
        try File.write(file, to: path + "/pristine")
    }

    private func said(_ id: String, _ random: inout SeededRandom) -> Said {
        var said = Said(id)
        said.open = [Attribute("queue", .ref("billing"))]
        if random.once(in: 4) {
            said.data = random.bytes(Int.random(in: 1...2_500, using: &random))
        }
        return said
    }

    private func summarise(_ path: String, _ seed: UInt64, _ count: Int) throws {
        let flips = try BitFlips(folder: path, seed: seed)
        var numbers: [UInt8: Int] = [:]
        for (index, raw) in try File.contents(BitFlips.outcomes(path)).enumerated() {
            numbers[raw, default: 0] += 1
            let (offset, bit) = flips.place(index)
            #expect(
                raw != BitFlips.Outcome.wrong.rawValue && raw != BitFlips.Outcome.shorter.rawValue,
                "outcome \(raw): seed \(seed), flip \(index), bit \(bit) of byte \(offset)")
        }
        func number(_ outcome: BitFlips.Outcome) -> Int { numbers[outcome.rawValue] ?? 0 }
        print(
            "bit flips: \(number(.right)) right, \(number(.told)) told, "
                + "\(number(.died)) ended the process inside liblmdb, of \(count)")
        #expect(number(.told) > 0)
        #expect(number(.right) > 0)
    }
}
