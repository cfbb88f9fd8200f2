import RESP
import Testing

@Suite("Requests against a naive reference")
struct RequestModelTests {
    @Test("what a client sends is what the server reads, and the reference agrees")
    func roundTrip() {
        let seed = Sampling.seed(for: "RequestModelTests.roundTrip")
        var samples = RequestSamples(seed: seed)
        for _ in 0..<Sampling.count(2_000) {
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
}
