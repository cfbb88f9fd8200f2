import Testing
import Zstd

@Suite("Dictionary")
struct DictionaryTests {
    private func trained(seed: UInt64 = 6) throws -> CompressionDictionary {
        var random = SeededRandom(seed: seed)
        return try CompressionDictionary(
            CompressionDictionary.train(samples: random.records(2_000), capacity: 4_096))
    }

    @Test("a dictionary makes small frames smaller, and each frame names it")
    func smaller() throws {
        let dictionary = try trained()
        var random = SeededRandom(seed: 7)
        var plain = try Compressor()
        var compressor = try Compressor(dictionary: dictionary)
        var decompressor = try Decompressor(dictionary: dictionary)
        var plainBytes = 0
        var bytes = 0
        for record in random.records(200) {
            let frame = try compressor.frame(record)
            #expect(try Frame(frame.rawSpan).dictionary == dictionary.id)
            #expect(try decompressor.content(frame) == record)
            bytes += frame.count
            plainBytes += try plain.frame(record).count
        }
        #expect(bytes * 2 < plainBytes)
    }

    @Test("a frame made with a dictionary is refused without it and with another")
    func mismatch() throws {
        let dictionary = try trained()
        let other = try trained(seed: 8)
        #expect(dictionary.id != other.id)
        var compressor = try Compressor(dictionary: dictionary)
        let frame = try compressor.frame(Array("queue.entered".utf8))
        var none = try Decompressor()
        var wrong = try Decompressor(dictionary: other)
        #expect(
            none.refusal(frame) == .dictionaryMismatch(needed: dictionary.id, given: nil))
        #expect(
            wrong.refusal(frame) == .dictionaryMismatch(needed: dictionary.id, given: other.id))
    }

    @Test("a decompressor with a dictionary also takes frames made without one")
    func without() throws {
        var compressor = try Compressor()
        var decompressor = try Decompressor(dictionary: trained())
        let source = Array("queue.entered".utf8)
        #expect(try decompressor.content(compressor.frame(source)) == source)
    }

    @Test("one dictionary serves compressors of several levels at once")
    func levels() throws {
        let dictionary = try trained()
        var fast = try Compressor(level: 1, dictionary: dictionary)
        var thorough = try Compressor(level: 19, dictionary: dictionary)
        var decompressor = try Decompressor(dictionary: dictionary)
        var random = SeededRandom(seed: 9)
        for record in random.records(50) {
            #expect(try decompressor.content(fast.frame(record)) == record)
            #expect(try decompressor.content(thorough.frame(record)) == record)
        }
    }

    @Test("training is repeatable, keeps to its capacity, and takes joined samples alike")
    func training() throws {
        var random = SeededRandom(seed: 10)
        let samples = random.records(1_000)
        let first = try CompressionDictionary.train(samples: samples, capacity: 2_048)
        let second = try CompressionDictionary.train(samples: samples, capacity: 2_048)
        let joined = try CompressionDictionary.train(
            joined: Array(samples.joined()).rawSpan, sizes: samples.map(\.count), capacity: 2_048)
        #expect(first == second)
        #expect(first == joined)
        #expect(first.count <= 2_048)
        let dictionary = try CompressionDictionary(first)
        #expect(dictionary.id != 0)
        #expect(dictionary.bytes == first)
    }

    @Test("training refuses samples and capacities outside the limits")
    func trainingLimits() {
        var random = SeededRandom(seed: 11)
        let samples = random.records(100)
        let joined = Array(samples.joined())
        let sizes = samples.map(\.count)
        func refusal(_ sizes: [Int], _ capacity: Int) -> ZstdError? {
            do throws(ZstdError) {
                _ = try CompressionDictionary.train(
                    joined: joined.rawSpan, sizes: sizes, capacity: capacity)
                return nil
            } catch {
                return error
            }
        }
        let refused: [([Int], Int)] = [
            ([], 2_048), (Array(sizes.prefix(7)), 2_048), (sizes, 0), (sizes, 255),
            (sizes, Limits.dictionaryBytesMax + 1), (sizes.dropLast(), 2_048),
            (sizes + [1], 2_048), (sizes.dropLast() + [-1], 2_048), (sizes + [.max], 2_048),
        ]
        for (sizes, capacity) in refused {
            guard case .samples = refusal(sizes, capacity) else {
                Issue.record("\(sizes.count) samples, capacity \(capacity) were accepted")
                continue
            }
        }
        #expect(refusal(sizes, 2_048) == nil)
    }

    @Test("samples that hold nothing to learn from are zstd's own typed error")
    func nothingToLearn() {
        let samples = [[UInt8]](repeating: [], count: 20)
        let error = #expect(throws: ZstdError.self) {
            _ = try CompressionDictionary.train(samples: samples, capacity: 1_024)
        }
        guard case .library(.train, _, _) = error else {
            Issue.record("refused for another reason: \(String(describing: error))")
            return
        }
    }

    @Test("bytes that are no trained dictionary are refused")
    func notADictionary() throws {
        let bytes = try trained().bytes
        var random = SeededRandom(seed: 12)
        let candidates = [
            [], Array("queue.entered".utf8), random.bytes(4_096), Array(bytes.prefix(255)),
            Array(bytes.prefix(8)) + random.bytes(1_000),
            bytes + [UInt8](repeating: 0, count: Limits.dictionaryBytesMax),
        ]
        for candidate in candidates {
            #expect(throws: ZstdError.notADictionary) {
                _ = try CompressionDictionary(candidate)
            }
        }
    }

    @Test("a damaged dictionary never ends the process: refused, an error, or bounded output")
    func damaged() throws {
        let dictionary = try trained()
        var compressor = try Compressor(dictionary: dictionary)
        let frame = try compressor.frame(Array("queue.entered".utf8))
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var bytes = dictionary.bytes
            let place = Int.random(in: 8..<min(300, bytes.count), using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            guard let damaged = try? CompressionDictionary(bytes) else { continue }
            var decompressor = try Decompressor(dictionary: damaged)
            if let content = try? decompressor.content(frame) {
                #expect(content.count == 13, "seed \(seed)")
            }
            if var compressor = try? Compressor(dictionary: damaged) {
                _ = try? compressor.frame(Array("queue.entered".utf8))
            }
        }
    }
}
