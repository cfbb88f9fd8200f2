import RESP
import Testing

@Suite("Replies from a writer to a reader")
struct ReplyModelTests {
    @Test("what a server writes is what the client reads, in both versions")
    func roundTrip() {
        let seed = Sampling.seed(for: "ReplyModelTests.roundTrip")
        var random = ReplySamples(seed: seed)
        for _ in 0..<Sampling.count(3_000) {
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
}
