import RESP
import Testing

@Suite("Damaged replies")
struct ReplyFuzzTests {
    @Test("damaged replies never trap and are cut anywhere with equal results")
    func damage() {
        let seed = Sampling.seed(for: "ReplyFuzzTests.damage")
        var random = ReplySamples(seed: seed)
        var refused = 0
        for _ in 0..<Sampling.count(50_000) {
            var writer = ReplyWriter(protocolVersion: .resp3)
            writer.write(random.reply(depth: 2, isTop: true))
            writer.write(random.reply(depth: 1, isTop: true))
            let sent = random.samples.damaged(contents(writer.buffer))
            let whole = replies(in: sent)
            let cut = replies(in: sent, pieces: random.samples.pieces(sent.count))
            // As text, because a NaN is not equal to itself.
            guard whole == cut || "\(whole)" == "\(cut)" else {
                Issue.record("seed \(seed): \(sent): \(whole), \(cut)")
                return
            }
            if case .failure = whole.last { refused += 1 }
        }
        #expect(refused > 1_000, "the damage is real")
    }
}
