import EventModel
import Testing
import Zstd

@testable import EventLog
@testable import Simulation

@Suite("The first dictionary")
struct DictionaryTests {
    /// With another libzstd other bytes may come of it; then they are shipped anew, by the command
    /// that `FirstDictionary` names. Stores that were made before keep theirs.
    @Test("training it again gives the bytes that are shipped")
    func reproducible() throws {
        let trained = try DictionaryTraining.train()
        #expect(FirstDictionary.bytes == trained)
        #expect(FirstDictionary.bytes.count == DictionaryTraining.dictionaryBytes)
        #expect(
            DictionaryTraining.source(of: trained).contains("\(trained.count) bytes in base64"))
    }

    @Test("the source file holds every byte")
    func source() {
        for count in [0, 1, 2, 3, 4, 65, 66, 67] {
            let bytes = Array(FirstDictionary.bytes.prefix(count))
            let lines = DictionaryTraining.source(of: bytes).split(separator: "\n")
            #expect(lines.allSatisfy { $0.utf8.count <= 100 })
            #expect(lines.last == "}")
        }
        #expect(FirstDictionary.decode("") == [])
        #expect(FirstDictionary.decode("Zg==") == Array("f".utf8))
        #expect(FirstDictionary.decode("Zm8=") == Array("fo".utf8))
        #expect(FirstDictionary.decode("Zm9vYmFy") == Array("foobar".utf8))
        #expect(FirstDictionary.decode("+/+/") == [0xFB, 0xFF, 0xBF])
    }

    @Test("samples are blocks as the log packs them")
    func samples() {
        let (bytes, sizes) = DictionaryTraining.samples()
        #expect(DictionaryTraining.blockBytes == LogLimits.blockRawBytes)
        #expect(sizes.allSatisfy { $0 > 0 && $0 <= DictionaryTraining.blockBytes })
        #expect(sizes.reduce(0, +) == bytes.count)
        #expect(bytes.count > 100 * DictionaryTraining.dictionaryBytes)
    }

    @Test("it saves a third of a shop's events, other people and another seed")
    func saves() throws {
        let options = SimulationOptions(seed: 77, start: midnight, customers: 200)
        var bytes: [UInt8] = []
        var intake = EventIntake()
        for draft in events(of: options).prefix(2_000) {
            try draft.encode(with: &intake, into: &bytes)
        }
        func compressed(_ dictionary: CompressionDictionary?) throws -> Int {
            var compressor = try Compressor(level: 1, dictionary: dictionary)
            var frames: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: DictionaryTraining.blockBytes) {
                let end = min(start + DictionaryTraining.blockBytes, bytes.count)
                let block = Array(bytes[start..<end])
                try compressor.compress(unsafe block.span.bytes, into: &frames)
            }
            return frames.count
        }
        let plain = try compressed(nil)
        let small = try compressed(CompressionDictionary(FirstDictionary.bytes))
        #expect(small * 3 < plain * 2, "\(small) of \(plain) bytes")
    }
}
