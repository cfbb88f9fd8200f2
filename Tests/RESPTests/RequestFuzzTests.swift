import RESP
import TestSupport
import Testing

@Suite("Damaged requests and noise")
struct RequestFuzzTests {
    @Test("damaged requests never trap, are cut anywhere with equal results, as the reference says")
    func damage() {
        let seed = Sampling.seed(for: "RequestFuzzTests.damage")
        var samples = RequestSamples(seed: seed)
        var refused = 0
        for _ in 0..<Sampling.count(50_000) {
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
        let seed = Sampling.seed(for: "RequestFuzzTests.noise")
        var samples = RequestSamples(seed: seed)
        let limits = RequestLimits(
            argumentsMax: 4, bulkBytesMax: 16, requestBytesMax: 48, inlineBytesMax: 24)
        let prefixes = ["", "*", "*1\r\n$", "*3\r\n$1\r\na\r\n"]
        for _ in 0..<Sampling.count(5_000) {
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
