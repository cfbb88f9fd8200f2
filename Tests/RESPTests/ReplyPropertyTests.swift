import RESP
import Testing

@Suite("Random replies")
struct ReplyPropertyTests {
    @Test("what a server writes is what the client reads, in both versions")
    func roundTrip() {
        let seed = seed(for: "ReplyPropertyTests.roundTrip")
        var random = ReplySamples(seed: seed)
        for _ in 0..<3_000 {
            let sent = (0..<3).map { _ in random.reply(depth: 3, isTop: true) }
            for version in [ProtocolVersion.resp2, .resp3] {
                var writer = ReplyWriter(protocolVersion: version)
                for reply in sent { writer.write(reply) }
                let frames = contents(writer.buffer)
                let expected = sent.map {
                    ReplyItem.reply(version == .resp2 ? $0.inRESP2 : $0)
                }
                let pieces = random.samples.pieces(frames.count)
                guard replies(in: frames) == expected,
                    replies(in: frames, pieces: pieces) == expected
                else {
                    Issue.record("seed \(seed): \(sent)")
                    return
                }
            }
        }
    }

    @Test("damaged replies never trap and are cut anywhere with equal results")
    func damage() {
        let seed = seed(for: "ReplyPropertyTests.damage")
        var random = ReplySamples(seed: seed)
        var refused = 0
        for _ in 0..<50_000 {
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
