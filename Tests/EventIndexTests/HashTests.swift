import EventModel
import LMDB
import Testing

@testable import EventIndex

@Suite("hashes of ids and streams")
struct HashTests {
    /// `vectors_sip128` of the reference implementation: the key is 00 … 0f, the message of each
    /// the first so many of 00, 01, 02 …
    private static let published: [(length: Int, hash: String)] = [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"),
        (3, "9c70b60c5267a94e5f33b6b02985ed51"),
        (4, "f88164c12d9c8faf7d0f6e7c7bcd5579"),
        (5, "1368875980776f8854527a07690e9627"),
        (6, "14eeca338b208613485ea0308fd7a15e"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        (40, "df6a301e95c95dad97ae0cc8c6913bd8"),
    ]

    /// What OpenSSL's SIPHASH gives with c-rounds 1, d-rounds 3 and size 16.
    private static let oneThree: [(length: Int, hash: String)] = [
        (0, "e77ebcb22788a5befd62db6add303001"),
        (1, "fc6f370460d3eda85e0573cc2b2ff063"),
        (15, "c17e5505b2bd526c2921cdec1e7e0109"),
        (40, "505720543eb9b413d50b3cfad9eef938"),
    ]

    private static let key = HashKey(Array(0...15).rawSpan)

    @Test("a name in two parts has the hash of the name put together, wherever it is parted")
    func parts() {
        var random = SeededRandom(seed: 20_261_125)
        let key = HashKey(first: random.next(), second: random.next())
        for length in 0..<40 {
            let name = random.bytes(length)
            for place in 0..<length {
                let whole = key.stream(kind: 2, name: name.rawSpan)
                let first = Array(name[..<place])
                let second = Array(name[(place + 1)...])
                let parted = key.stream(
                    kind: 2, name: first.rawSpan, separator: name[place], second.rawSpan)
                #expect(whole == parted, "\(length) bytes, parted at \(place)")
            }
        }
    }

    @Test("with two and four rounds the published values come out")
    func publishedVectors() {
        for (length, hash) in Self.published {
            let message = (0..<length).map { UInt8($0) }
            #expect(hex(Self.hash(message, 2, 4)) == hash)
            #expect(hex(SlowSipHash.hash(message, Self.key, 2, 4)) == hash)
        }
    }

    @Test("with one and three rounds the values of another program come out")
    func oneThreeVectors() {
        for (length, hash) in Self.oneThree {
            #expect(hex(Self.hash((0..<length).map { UInt8($0) }, 1, 3)) == hash)
        }
    }

    @Test("however a message is cut in pieces, it hashes as the slow model says")
    func pieces() {
        let seed = Scale.seed
        print("hash pieces: seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let message = random.bytes(Int.random(in: 0...70, using: &random))
            let cuts = [
                Int.random(in: 0...message.count, using: &random),
                Int.random(in: 0...message.count, using: &random),
            ].sorted()
            var hash = SipHash128(Self.key, wordRounds: 1, finalRounds: 3)
            let bytes = message.rawSpan
            hash.append(bytes.extracting(0..<cuts[0]))
            hash.append(bytes.extracting(cuts[0]..<cuts[1]))
            hash.append(bytes.extracting(cuts[1]..<message.count))
            #expect(hash.finish() == SlowSipHash.hash(message, Self.key, 1, 3))
        }
    }

    @Test("an id is hashed behind a word with its source's length, a stream behind its kind")
    func layout() {
        let source = Array("acd-1".utf8)
        let id = Array("7f3a:3".utf8)
        let ids = [0x69, 0, 0, 0, 5, 0, 0, 0] + source + id
        #expect(
            Self.key.id(source: source.rawSpan, id: id.rawSpan)
                == SlowSipHash.hash(ids, Self.key, 1, 3))
        let stream = [0x73, 4, 0, 0, 0, 0, 0, 0] + id
        #expect(
            Self.key.stream(kind: 4, name: id.rawSpan)
                == SlowSipHash.hash(stream, Self.key, 1, 3))
    }

    @Test("parts that run together, kinds and keys make different hashes")
    func apart() {
        func id(_ source: String, _ id: String, _ key: HashKey = Self.key) -> KeyHash {
            key.id(source: Array(source.utf8).rawSpan, id: Array(id.utf8).rawSpan)
        }
        let other = HashKey(first: 1, second: 2)
        let name = Array("abc".utf8)
        let hashes: Set<KeyHash> = [
            id("ab", "c"), id("a", "bc"), id("", "abc"), id("abc", ""), id("ab", "c", other),
            Self.key.stream(kind: 0, name: name.rawSpan),
            Self.key.stream(kind: 1, name: name.rawSpan),
            other.stream(kind: 1, name: name.rawSpan),
        ]
        #expect(hashes.count == 8)
    }

    private static func hash(_ message: [UInt8], _ words: Int, _ final: Int) -> KeyHash {
        var hash = SipHash128(key, wordRounds: words, finalRounds: final)
        hash.append(message.rawSpan)
        return hash.finish()
    }

    private func hex(_ hash: KeyHash) -> String {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: hash.high)
        bytes.append(littleEndian: hash.low)
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// SipHash with 128 bits written down once more, slowly: a padded copy, a table of rotations.
private enum SlowSipHash {
    static func hash(_ message: [UInt8], _ key: HashKey, _ words: Int, _ final: Int) -> KeyHash {
        var padded = message
        while padded.count % 8 != 7 { padded.append(0) }
        padded.append(UInt8(message.count & 0xFF))
        var v: [UInt64] = [
            0x736F_6D65_7073_6575, 0x646F_7261_6E64_6F6D, 0x6C79_6765_6E65_7261,
            0x7465_6462_7974_6573,
        ]
        for index in 0..<4 { v[index] ^= index % 2 == 0 ? key.first : key.second }
        v[1] ^= 0xEE
        for start in stride(from: 0, to: padded.count, by: 8) {
            var word: UInt64 = 0
            for index in (0..<8).reversed() { word = word << 8 | UInt64(padded[start + index]) }
            v[3] ^= word
            rounds(words, &v)
            v[0] ^= word
        }
        v[2] ^= 0xEE
        rounds(final, &v)
        let first = v.reduce(0, ^)
        v[1] ^= 0xDD
        rounds(final, &v)
        return KeyHash(high: first, low: v.reduce(0, ^))
    }

    private static func rounds(_ count: Int, _ v: inout [UInt64]) {
        // Each step: add to, from, rotate from by, rotate the sum by 32.
        let steps: [(Int, Int, UInt64, Bool)] = [
            (0, 1, 13, true), (2, 3, 16, false), (0, 3, 21, false), (2, 1, 17, true),
        ]
        for _ in 0..<count {
            for (to, from, turn, half) in steps {
                v[to] = v[to] &+ v[from]
                v[from] = (v[from] << turn | v[from] >> (64 - turn)) ^ v[to]
                if half { v[to] = v[to] << 32 | v[to] >> 32 }
            }
        }
    }
}
