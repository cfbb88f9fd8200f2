import EventModel
import Testing

@Suite("an event that is refused")
struct EventRefusalTests {
    @Test("is told why, in the words that stand in the reference", arguments: RefusalCases.all)
    func message(of refused: RefusalCase) throws {
        let refusal = try #require(judge(refused))
        #expect("\(refusal.code)" == refused.code)
        #expect(refusal.description == refused.message)
    }

    @Test("no message carries a value, not even one that stands where a name should")
    func valuesStayPrivate() throws {
        let secrets = ["+34911234567", "ana@example.com", "phone:+34911234567", "Calle Mayor 3"]
        for secret in secrets {
            for refused in RefusalCases.all {
                // The last value, which is the wrong one, begins with the secret; or the secret
                // is the name.
                var words = refused.words
                guard let last = words.popLast() else { continue }
                for changed in [(last.0, secret + last.1), (secret, last.1)] {
                    let other = RefusalCase(
                        refused.type, words + [changed], data: refused.data, bare: true, "", "")
                    guard let refusal = judge(other) else { continue }
                    #expect(!refusal.description.contains(secret))
                    #expect(!"\(refusal)".contains(secret))
                }
            }
        }
    }

    @Test("bytes that are not UTF-8 are refused in every field and every text")
    func illFormed() throws {
        let broken: [[UInt8]] = [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
            Array("12345678".utf8) + [0xE2, 0x82], Array("123456789012345".utf8) + [0xFE],
        ]
        let names = ["source", "id", "content_type", "colour", "queue", "customer", "occurred"]
        for name in names {
            for bytes in broken {
                var intake = EventIntake()
                var records: [UInt8] = []
                let value = name == "customer" ? Array("crm:".utf8) + bytes : bytes
                #expect(throws: EventRefusal.self, "\(name) \(bytes)") {
                    try Records.take("ufo.seen", [(name, value)], by: &intake, into: &records)
                }
                #expect(records.isEmpty)
            }
        }
    }

    @Test("a payload given twice is refused")
    func dataTwice() throws {
        var intake = EventIntake()
        let bytes: [UInt8] = [1]
        unsafe try intake.begin(type: "x".utf8Span.span.bytes, now: Records.now)
        unsafe try intake.take(data: bytes.span.bytes)
        do throws(EventRefusal) {
            unsafe try intake.take(data: bytes.span.bytes)
            Issue.record("taken twice")
        } catch {
            #expect(error == .repeated(attribute: "data"))
        }
    }

    private func judge(_ refused: RefusalCase) -> EventRefusal? {
        var intake = EventIntake()
        var records: [UInt8] = []
        do throws(EventRefusal) {
            try Records.take(
                refused.type, refused.words.map { ($0.0, Array($0.1.utf8)) }, data: refused.data,
                by: &intake, into: &records)
            return nil
        } catch {
            return error
        }
    }
}
