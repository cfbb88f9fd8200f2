import DaemonTesting
import Foundation
import Testing

/// A bank's call centre of 1999, imported through the socket, against figures computed
/// independently: every number must be equal, not close.
@Suite(
    "RealData: the bank's calls of 1999",
    .enabled(
        if: RealData.isThere,
        "the bank's tables are not in $THROUGHLINE_DATA/anonymous-bank; nothing is compared"),
    .serialized)
struct AnonymousBankTests {
    @Test("one month gives the truth's figures, and a second import changes only the repeats")
    func oneMonth() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let first = try importMonths(["1999-01-january"], into: daemon)
        let before = try figures(of: "1999-01", daemon)
        let truth = Figure(value: try RealData.truth())
        try expectMonth("1999-01", before, truth["by_month"]["1999-01"])
        try expectPeaks(daemon, month: "1999-01", truth)
        try expectNobodyWaits(daemon)
        try expectAddsUp(daemon, month: "1999-01")

        let second = try importMonths(["1999-01-january"], into: daemon)
        #expect(second.stored == 0)
        #expect(second.repeated == first.stored)
        let after = try figures(of: "1999-01", daemon)
        #expect(try sameFigures(before, after))
        #expect(daemon.stop() == 0)
    }

    @Test(
        "kill -9 in the middle of an import, restarted and imported again, loses and doubles nothing"
    )
    func killed() throws {
        let daemon = try DaemonProcess()
        try daemon.start(failpoint: "log.committed:40")
        let cut = try daemon.tool(importArguments(["1999-01-january"]))
        #expect(cut.code != 0)
        #expect(daemon.waitUntilKilled())
        try daemon.start()
        let head = try #require(try head(daemon))
        #expect(head > 0)
        let rest = try importMonths(["1999-01-january"], into: daemon)
        #expect(rest.repeated == head)
        #expect(rest.stored > 0)
        let truth = Figure(value: try RealData.truth())
        try expectMonth("1999-01", try figures(of: "1999-01", daemon), truth["by_month"]["1999-01"])
    }

    @Test(
        "all seven months give the truth's figures",
        .enabled(if: RealData.isLong, "tools/test --long"))
    func allMonths() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        try declarePriority(daemon)
        let imported = try importMonths(RealData.months, into: daemon)
        print("imported \(imported.stored) events: \(imported.closing)")
        let truth = Figure(value: try RealData.truth())
        for month in truth["by_month"].object.keys.sorted() {
            try expectMonth(month, try figures(of: month, daemon), truth["by_month"][month])
            try expectPeaks(daemon, month: month, truth)
        }
        try expectScope(daemon, truth["all"], queue: nil)
        for (queue, figures) in truth["by_type"].object {
            try expectScope(daemon, Figure(value: figures), queue: queue)
        }
        try expectVariants(daemon, truth["all"], queue: nil)
        for queue in ["PS", "NW", "IN"] {
            try expectVariants(daemon, truth["by_type"][queue], queue: queue)
        }
        try expectHours(daemon, truth)
        try expectBusiest(daemon, truth)
        try expectPriorities(daemon, truth)
        try expectNobodyWaits(daemon)
        let second = try importMonths(RealData.months, into: daemon)
        #expect(second.stored == 0 && second.repeated == imported.stored)
        try expectScope(daemon, truth["all"], queue: nil)
    }
}
