import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("The digest chain")
struct DigestChainTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Some events of every shape, over more than two groups of positions.
    private func says(_ ids: ClosedRange<Int>) -> [Said] {
        ids.map { id in
            var said = Said("\(id)")
            if id % 3 == 0 { said.personal = [Attribute("text", .text("what \(id) said"))] }
            if id % 5 == 0 { said.open = [Attribute("queue", .ref("billing"))] }
            if id % 7 == 0 { said.identifiers = [Identifier(kind: "phone", value: "+3491\(id)")] }
            if id % 50 == 0 { said.data = [UInt8](repeating: UInt8(id % 256), count: 3_000) }
            return said
        }
    }

    @Test("every block's digest is the one the drawn formula gives, across rounds and reopening")
    func recomputed() throws {
        do {
            let opened = try OpenLog(folder.path, seed: 1)
            try opened.append(says(1...3))
            try opened.append(says(4...200), after: 10)
        }
        do {
            let opened = try OpenLog(folder.path, seed: 2)
            try opened.append(says(201...290), after: 20)
            try opened.append(says(291...291), after: 30)
        }
        let opened = try OpenLog(folder.path, seed: 3)
        try opened.append(says(292...600), after: 40)

        let chain = try recompute(opened)
        let blocks = try opened.blocks()
        let last = try #require(blocks.last).last
        #expect(chain.count == Int(last.rawValue) && chain.count > 500)
        #expect(blocks.count > 5)
        for block in blocks {
            #expect(
                block.digest.hexadecimal == hex(chain[Int(block.last.rawValue) - 1]),
                "block \(block.first)")
        }
    }

    @Test("no two positions share a salt, and stores with other seeds have other digests")
    func salted() throws {
        let opened = try OpenLog(folder.path, seed: 1)
        try opened.append(says(1...200))
        let other = try TemporaryFolder()
        let unlike = try OpenLog(other.path, seed: 2)
        try unlike.append(says(1...200))
        let like = try TemporaryFolder()
        let same = try OpenLog(like.path, seed: 1)
        try same.append(says(1...200))
        #expect(try opened.blocks().map(\.digest) == same.blocks().map(\.digest))
        #expect(try opened.blocks().map(\.digest) != unlike.blocks().map(\.digest))
    }

    /// The running digest after each event, from the records and the stored seeds alone:
    ///
    ///     salt = first 16 bytes of SHA-256(seed ‖ position u64 LE); c = SHA-256(salt ‖ personal)
    ///     leaf = SHA-256(skeleton ‖ c); running = SHA-256(previous running ‖ leaf)
    private func recompute(_ opened: OpenLog) throws -> [[UInt8]] {
        let stored = try #require(try opened.blocks().last).last
        let segment = opened.segment
        let transaction = try segment.environment.beginRead()
        var running = [UInt8](repeating: 0, count: 32)
        var chain: [[UInt8]] = []
        for (index, record) in try opened.records()[..<Int(stored.rawValue)].enumerated() {
            let position = UInt64(index) + 1
            let seed = try transaction.get(segment.seeds, key: position / 256)?.copied() ?? []
            #expect(seed.count == 32)
            let skeletonBytes =
                Int(record[4]) | Int(record[5]) << 8 | Int(record[6]) << 16 | Int(record[7]) << 24
            let skeleton = Array(record[8..<8 + skeletonBytes])
            let personal = Array(record[(8 + skeletonBytes)...])
            let positionBytes = (0..<8).map { UInt8(truncatingIfNeeded: position >> ($0 * 8)) }
            let salt = Array(sha256(seed + positionBytes)[..<16])
            let leaf = sha256(skeleton + sha256(salt + personal))
            running = sha256(running + leaf)
            chain.append(running)
        }
        return chain
    }

    private func sha256(_ bytes: [UInt8]) -> [UInt8] { PlainSHA256.hash(bytes) }

    @Test("the recomputation's SHA-256 gives the vector of FIPS 180-4 for \"abc\"")
    func vector() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(hex(sha256(bytes("abc"))) == expected)
        let digest = Digest(reading: sha256(bytes("abc")).rawSpan)
        #expect(digest.hexadecimal == expected)
        #expect(Digest.zero.hexadecimal == String(repeating: "0", count: 64))
    }
}
