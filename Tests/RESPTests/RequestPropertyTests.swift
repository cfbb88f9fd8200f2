import RESP
import Testing

@Suite("Random requests")
struct RequestPropertyTests {
    @Test("what a client sends is what the server reads, and the reference agrees")
    func roundTrip() {
        let seed = seed(for: "RequestPropertyTests.roundTrip")
        var samples = RequestSamples(seed: seed)
        for _ in 0..<2_000 {
            var sent: [UInt8] = []
            var expected: [RequestItem] = []
            for _ in 0..<Int.random(in: 1...4, using: &samples.generator) {
                let (arguments, frame) = samples.request()
                sent += frame
                expected.append(.request(arguments))
            }
            let whole = requests(in: sent)
            let cut = requests(in: sent, pieces: samples.pieces(sent.count))
            let reference = ReferenceRequestParser().items(in: sent)
            guard whole == expected, cut == expected,
                reference == expected.map(ReferenceRequestParser.Item.init)
            else {
                Issue.record("seed \(seed): \(sent)")
                return
            }
        }
    }

    @Test("damaged requests never trap, are cut anywhere with equal results, as the reference says")
    func damage() {
        let seed = seed(for: "RequestPropertyTests.damage")
        var samples = RequestSamples(seed: seed)
        var refused = 0
        for _ in 0..<50_000 {
            let sent = samples.damaged(samples.request().sent + samples.request().sent)
            let whole = requests(in: sent)
            let cut = requests(in: sent, pieces: samples.pieces(sent.count))
            let reference = ReferenceRequestParser().items(in: sent)
            guard whole == cut, whole.map(ReferenceRequestParser.Item.init) == reference else {
                Issue.record("seed \(seed): \(sent): \(whole), \(cut), \(reference)")
                return
            }
            if case .failure = whole.last { refused += 1 }
        }
        #expect(refused > 1_000, "the damage is real")
    }

    @Test("bytes without any sense never trap")
    func noise() {
        let seed = seed(for: "RequestPropertyTests.noise")
        var samples = RequestSamples(seed: seed)
        let limits = RequestLimits(
            argumentsMax: 4, bulkBytesMax: 16, requestBytesMax: 48, inlineBytesMax: 24)
        let prefixes = ["", "*", "*1\r\n$", "*3\r\n$1\r\na\r\n"]
        for _ in 0..<5_000 {
            let prefix = bytes(prefixes.randomElement(using: &samples.generator) ?? "")
            let sent =
                prefix + samples.generator.bytes(Int.random(in: 0...64, using: &samples.generator))
            let whole = requests(in: sent, limits: limits)
            let cut = requests(in: sent, pieces: samples.pieces(sent.count), limits: limits)
            let reference = ReferenceRequestParser(limits: limits).items(in: sent)
            guard whole == cut, whole.map(ReferenceRequestParser.Item.init) == reference else {
                Issue.record("seed \(seed): \(sent): \(whole), \(cut), \(reference)")
                return
            }
        }
    }
}
