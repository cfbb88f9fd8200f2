import Testing
import Zstd

@Suite("Errors")
struct ErrorTests {
    @Test("every error has a message of one line that says what was tried")
    func messages() {
        let errors: [ZstdError] = [
            .notAFrame, .sizeUnknown, .tooLarge(claimedBytes: 2, limit: 1),
            .implausibleSize(claimedBytes: 1 << 40, frameBytes: 16), .trailingBytes(1),
            .dictionaryMismatch(needed: 1, given: nil), .dictionaryMismatch(needed: 1, given: 2),
            .notADictionary, .level(0), .samples("no samples"), .outOfMemory(.compress),
            .library(.decompress, code: 20, name: "Data corruption detected"),
        ]
        let messages = errors.map(\.description)
        #expect(Set(messages).count == errors.count)
        for message in messages {
            #expect(!message.contains("\n"))
            #expect(message.contains("refused: ") || message.contains("failed: "))
        }
        #expect(
            messages.last == "decompress failed: Data corruption detected (zstd error 20)")
    }

    @Test("limits agree with each other")
    func limits() {
        #expect(Limits.levels.contains(Limits.levelDefault))
        #expect(Limits.dictionaryBytesMin < Limits.dictionaryBytesMax)
        #expect(Limits.samplesMin < Limits.samplesMax)
        #expect(Limits.sampleBytesMax < Int(UInt32.max))
    }
}
