import EventModel
import ReferenceEvents
import Testing

@testable import throughline_bench

@Suite("The load driver")
struct LoadTests {
    @Test("a ring writes ids and laps anew and leaves the rest alone")
    func ring() {
        let id = String(repeating: "0", count: 32)
        var ring = RequestRing(seed: 9)
        ring.append(
            Array("A \(id) i0000-00000001 \(id) i0000-00000001-4 Z".utf8),
            .init(id: id, name: "i0000-00000001"))
        ring.append(Array("PING".utf8))
        func text(_ ordinal: UInt64) -> [Substring] {
            var output: [UInt8] = []
            ring.write(ordinal, to: &output)
            return String(decoding: output, as: UTF8.self).split(separator: " ")
        }
        let first = text(0)
        let second = text(2 * 0x1F)
        #expect(first[1] == first[3] && second[1] == second[3] && first[1] != second[1])
        #expect(first[1].count == 32)
        #expect(first[2] == "i0000-00000001")
        #expect(second[2] == "i001f-00000001" && second[4] == "i001f-00000001-4")
        #expect(text(1) == ["PING"])
    }

    @Test("a lap later everything happens later, in other sessions, and at last to other customers")
    func laps() {
        let times = [0, 40].map { Timestamp(milliseconds: 1_756_706_400_000 + $0) }
        var ring = RequestRing(seed: 9)
        for time in times {
            ring.append(
                Array("\(time.rfc3339) s-1099511627775 crm:00000042 o0000-00000042".utf8),
                .init(session: "1099511627775", occurred: time, customer: "00000042"))
        }
        func text(_ ordinal: UInt64) -> [Substring] {
            var output: [UInt8] = []
            ring.write(ordinal, to: &output)
            return String(decoding: output, as: UTF8.self).split(separator: " ")
        }
        #expect(
            text(0) == [
                "2025-09-01T06:00:00.000Z", "s-1099511627775", "crm:00000042", "o0000-00000042",
            ])
        #expect(text(1)[0] == "2025-09-01T06:00:00.040Z")
        #expect(text(2)[0] == "2025-09-01T06:00:00.041Z")
        #expect(text(2)[1] == "s-1099511627776")
        #expect(text(19)[2] == "crm:00000042")
        #expect(text(20)[2] == "crm:00100042")
        #expect(text(20)[3] == "o0000-00000042")
    }

    @Test("two laps of reference events differ in all that is to be theirs, and in nothing else")
    func referenceLaps() {
        let target = ThroughlineTarget(program: "", scratch: "", durability: .always)
        let workload = Workload(seed: 1, events: 10_000, text: .phrases)
        let ring = target.appendRing(workload)
        func words(_ ordinal: UInt64) -> [Substring] {
            var output: [UInt8] = []
            ring.write(ordinal, to: &output)
            return String(decoding: output, as: UTF8.self).split(separator: "\r\n")
        }
        for ordinal in stride(from: UInt64(0), to: 10_000, by: 97) {
            let (first, second) = (words(ordinal), words(ordinal + 10_000))
            #expect(first.count == second.count)
            let names = zip(first, second).enumerated().filter { $0.element.0 != $0.element.1 }
                .map { first[$0.offset - 2] }
            #expect(names.contains("occurred") && names.contains("id"), "\(first)")
            let known: Set<Substring> = [
                "occurred", "id", "interaction", "order", "session_id", "message_id",
            ]
            #expect(Set(names).isSubset(of: known), "\(names)")
        }
    }

    @Test("RESP replies are found wherever the bytes end")
    func respReplies() {
        let wire = Wire.resp(expects: UInt8(ascii: ":"))
        let cases: [(String, Bool)] = [
            (":12\r\n", true), ("+OK\r\n", false), ("-ERR no\r\n", false), ("$-1\r\n", false),
            ("*2\r\n:1\r\n+REPEAT\r\n", false), ("$5\r\nab\r\nc\r\n", false), ("*-1\r\n", false),
        ]
        for (text, isGood) in cases {
            let bytes = Array(text.utf8)
            for end in 0..<bytes.count {
                #expect(wire.find(bytes, from: 0, to: end) == .incomplete)
            }
            #expect(
                wire.find(bytes + [0x2B], from: 0, to: bytes.count + 1)
                    == .reply(end: bytes.count, isGood: isGood))
        }
        let bulk = Wire.resp(expects: UInt8(ascii: "$"))
        #expect(
            bulk.find(Array("$1\r\nx\r\n".utf8), from: 0, to: 7) == .reply(end: 7, isGood: true))
        #expect(bulk.find(Array("$-1\r\n".utf8), from: 0, to: 5) == .reply(end: 5, isGood: false))
    }

    @Test(
        "NATS answers into the inbox of the connection that asked; what it says of itself is no reply"
    )
    func natsReplies() {
        let information = "INFO {\"server_id\":\"M\"}\r\n"
        let cases: [(String, Bool)] = [
            ("PONG\r\n", true),
            ("MSG _INBOX.0007 1 27\r\n{\"stream\":\"EVENTS\",\"seq\":1}\r\n", true),
            ("MSG _INBOX.0007 1 22\r\n{\"error\":{\"code\":503}}\r\n", false),
            ("-ERR 'Unknown Protocol Operation'\r\n", false),
        ]
        for (text, isGood) in cases {
            let bytes = Array((information + "PING\r\n" + text).utf8)
            for end in 0..<bytes.count {
                #expect(Wire.nats.find(bytes, from: 0, to: end) == .incomplete)
            }
            #expect(
                Wire.nats.find(bytes + [0x4D], from: 0, to: bytes.count + 1)
                    == .reply(end: bytes.count, isGood: isGood))
        }
        var request = Array("+OK ".utf8) + NATSRequest.publish(subject: "events", id: "a", [])
        NATSRequest.address(&request, from: 4, to: 57)
        #expect(String(decoding: request, as: UTF8.self).contains("HPUB events _INBOX.0057 "))
    }

    @Test("PostgreSQL's replies end with ReadyForQuery and are bad with an error before it")
    func postgresReplies() {
        let ready: [UInt8] = Array("Z".utf8) + [0, 0, 0, 5, 0x49]
        let good: [UInt8] = Array("2".utf8) + [0, 0, 0, 4] + ready
        let bad: [UInt8] = Array("E".utf8) + [0, 0, 0, 6, 1, 2] + ready
        for end in 0..<good.count {
            #expect(Wire.postgres.find(good, from: 0, to: end) == .incomplete)
        }
        #expect(Wire.postgres.find(good, from: 0, to: 11) == .reply(end: 11, isGood: true))
        #expect(Wire.postgres.find(bad, from: 0, to: 13) == .reply(end: 13, isGood: false))
    }

    @Test("medians of odd and even counts")
    func medians() {
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.median([4, 1, 2, 3]) == 2.5)
        #expect(Statistics.median([]).isNaN)
    }
}
