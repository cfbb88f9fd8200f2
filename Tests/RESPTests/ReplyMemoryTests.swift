import Testing

@testable import RESP

@Suite("Memory of the reply parser")
struct ReplyMemoryTests {
    @Test("a claim reserves next to nothing")
    func claims() {
        var parser = ReplyParser()
        let claim = bytes("*4000000\r\n$60000000\r\n")
        #expect(
            outcome(of: &parser, claim)
                == .incomplete(consumedBytes: 10, neededBytes: 60_000_002))
        let capacity = parser.open[0].values.capacity
        #expect(capacity < ReplyLimits.elementsReservedMax * 2)
    }

    @Test("a line is searched once, however slowly it comes")
    func resumes() {
        var parser = ReplyParser()
        var line = bytes("+")
        for count in 1...2_000 {
            line.append(0x61)
            let said = outcome(of: &parser, line)
            #expect(said == .incomplete(consumedBytes: 0, neededBytes: 2))
            #expect(parser.scannedBytes == count + 1)
        }
        line += bytes("\r\n")
        guard case .reply(.simple(let text), consumedBytes: 2_003) = outcome(of: &parser, line)
        else {
            Issue.record("no reply")
            return
        }
        #expect(text.utf8.count == 2_000)
    }
}
