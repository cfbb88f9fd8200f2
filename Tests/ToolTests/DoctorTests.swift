import JSON
import Testing

@testable import throughline

@Suite("the doctor")
struct DoctorTests {
    private func checks(_ info: String, _ view: String, _ limits: String) throws -> [Finding] {
        func value(_ text: String) throws -> JSONValue { try JSONValue.read(Array(text.utf8)) }
        var checks = DaemonChecks(
            info: StatusCommand.sections(of: info),
            projections: try value("{\"position\":90000,\"projections\":[\(view)]}"),
            limits: try value("{\"limits\":[\(limits)]}"),
            consumers: try value("{\"consumers\":[{\"name\":\"old\",\"lag\":2000000}]}"))
        checks.run()
        return checks.findings
    }

    @Test("a daemon that is well has no problem; each that it names has something to do")
    func daemon() throws {
        let well = try checks(
            "# Server\r\nversion:\(Throughline.version)\r\nclock:followed\r\n# Log\r\n"
                + "sealing_trouble:none\r\nwriting_trouble:none\r\ndamage_found:0\r\ndamage_newest:none\r\n",
            #"{"name":"queues","behind":0,"state":"running"}"#, #"{"name":"waiters","met":0}"#)
        #expect(well.allSatisfy { $0.state != .problem })
        let ill = try checks(
            "# Server\r\nversion:0.1\r\nclock:stepped\r\n# Log\r\nsealing_trouble:no room\r\n"
                + "writing_trouble:open 1.segment: Too many open files\r\n"
                + "damage_found:1\r\ndamage_newest:log/1.index: a leaf is missing\r\n",
            #"{"name":"queues","behind":5,"state":"halted","reason":"a row is damaged"}"#,
            #"{"name":"waiters","value":64,"met":3,"what":"waiting readers"}"#)
        let problems = ill.filter { $0.state == .problem }.map(\.area)
        #expect(problems == ["clock", "log", "log", "damage", "views"])
        #expect(
            ill.filter { $0.state == .note }.map(\.area) == ["versions", "limits", "consumers"])
        #expect(ill.allSatisfy { $0.state == .good || !($0.advice ?? "").isEmpty })
        #expect(ill.contains { $0.advice?.contains("LimitNOFILE=") == true })
        #expect(ill.contains { $0.what.contains("queues stands still: a row is damaged") })
    }

    @Test(
        "a view's file that comes near its map is told before the view waits, and as it waits",
        arguments: ["running", "waiting"])
    func map(state: String) throws {
        func views(_ bytes: Int) throws -> [Finding] {
            let view =
                #"{"name":"queues","behind":0,"state":"\#(state)","reason":"it fills its map","#
                + #""bytes":\#(bytes),"map_bytes":1000}"#
            return try checks("", view, "").filter { $0.area == "views" && $0.state == .problem }
        }
        #expect(try views(804).first?.advice?.contains("--map-bytes-max") == true)
        #expect(try views(780).allSatisfy { $0.advice?.contains("--map-bytes-max") != true })
    }

    @Test("limits of a process are read as the kernel writes them")
    func limits() {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max file size             unlimited            unlimited            bytes
            Max open files            1024                 524288               files
            """
        #expect(MachineChecks.limit("Max open files", in: text) == 1_024)
        #expect(MachineChecks.limit("Max file size", in: text) == .max)
        #expect(MachineChecks.limit("Max address space", in: text) == nil)
        #expect(MachineChecks.limit("Max open files", in: nil) == nil)
    }

    private func plan(_ perDay: Int64, free: Int64) -> DiskPlan {
        var sizes = StoreSizes()
        (sizes.log, sizes.index, sizes.views) = (8_000_000, 2_000_000, 40_000_000)
        return DiskPlan(
            perDay: perDay, rates: .of(sizes, events: 100_000), sizes: sizes,
            room: DiskRoom(total: free * 2, free: free))
    }

    @Test("the disk that a rate needs is what the store has, and grows by, and needs beside")
    func planning() {
        let plan = plan(100_000, free: 10 << 30)
        #expect(plan.rates == DiskPlan.Rates(log: 80, index: 20, views: 400, isMeasured: true))
        let line = plan.line(days: 10)
        #expect((line.log, line.index, line.views) == (88_000_000, 22_000_000, 440_000_000))
        #expect(line.backup == line.log)
        #expect(line.reserve > line.views / 2)
        #expect(line.all == line.log + line.index + line.views + line.reserve)
        #expect(!DiskPlan.Rates.of(StoreSizes(), events: 10).isMeasured)
    }

    @Test("the last day that fits is the last: the day after does not", arguments: [1, 7, 400])
    func daysLeft(gibibytes: Int64) throws {
        let plan = plan(1_000_000, free: gibibytes << 30)
        let days = try #require(plan.daysLeft)
        func fits(_ days: Int64) -> Bool {
            plan.line(days: days).all - plan.sizes.all <= gibibytes << 30
        }
        #expect(fits(days) || days == 0)
        #expect(!fits(days + 1))
        #expect(self.plan(1, free: 1 << 40).daysLeft == nil)
        #expect(self.plan(1_000_000, free: 1).daysLeft == 0)
    }

    @Test("backups lie beside the store, however its folder is written")
    func backupFolder() {
        for store in ["/srv/store", "/srv/store/", "/srv/store//"] {
            #expect(StoreChecks.backupFolder(of: store) == "/srv/store.backups")
        }
    }

    @Test("a clock that nobody sets, or that may be far off, is worth a note")
    func time() {
        #expect(MachineChecks.time(0, errorMicroseconds: 12_900).state == .good)
        #expect(MachineChecks.time(0, errorMicroseconds: 12_900).what.contains("12 ms"))
        #expect(MachineChecks.time(1, errorMicroseconds: 0).state == .good)
        #expect(MachineChecks.time(0, errorMicroseconds: 1_001_000).state == .note)
        for state: Int32 in [5, -1] {
            let finding = MachineChecks.time(state, errorMicroseconds: 0)
            #expect(finding.state == .note && finding.advice != nil)
        }
    }

    @Test("bytes are shown in the unit that matters")
    func bytes() {
        let cases: [(Int64, String)] = [
            (0, "0 B"), (1_023, "1023 B"), (1_536, "1.5 KiB"), (200 << 20, "200 MiB"),
            (3 << 40, "3.0 TiB"),
        ]
        for (bytes, text) in cases { #expect(ByteText.text(bytes) == text) }
    }
}
