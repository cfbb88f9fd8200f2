import Client
import DaemonTesting
import EventModel
import Foundation
import RESP
import Testing

@Suite("Files of a running store")
struct PersonalDataFilesTests {
    /// Files that hold nothing of a person.
    private static let others = [
        "store.json", "LOCK", "epoch", "log/*-lock", "views/*-lock", "consumers.mdb*",
    ]

    private static func matches(_ pattern: String, _ file: String) -> Bool {
        unsafe fnmatch(pattern, file, 0) == 0
    }

    @Test("each is in the register of personal data, or is known to hold none")
    func everyFile() throws {
        let daemon = try DaemonProcess()
        #expect(
            try daemon.start(arguments: ["--segment-events", "4", "--stride-bytes", "1"]))
        var connection = try daemon.connect()
        for id in 1...40 {
            connection.send([
                "APPEND", "interaction.created", "source", "pbx", "id", "\(id)", "interaction",
                "i-\(id)", "channel", "voice", "direction", "inbound", "method", "inbound",
                "customer", "phone:+3491000000\(id % 7)", "from", "+3491000000\(id % 7)",
            ])
            let reply = try connection.receive()
            #expect(!reply.isError, "\(reply)")
        }
        connection.send(["CUSTOMER", "phone:+34910000001", "AFTER", "40", "WITHIN", "60000"])
        _ = try connection.receive()
        try daemon.seal()
        // While it runs, files under temporary names come and go.
        #expect(daemon.stop() == 0)

        let files = try #require(FileManager.default.subpaths(atPath: daemon.store)).filter {
            var isFolder: ObjCBool = false
            let path = daemon.store + "/" + $0
            return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        let patterns = PersonalDataPlace.allCases.map(\.rawValue)
        for file in files {
            #expect(
                (patterns + Self.others).contains { Self.matches($0, file) },
                "\(file) is in no list")
        }
        // A view under construction has taken its place by then, and nobody has asked for the past.
        let passing: [PersonalDataPlace] = [
            .viewBuilding, .viewPrepared, .viewPreparing, .viewPast,
        ]
        for place in PersonalDataPlace.allCases where !passing.contains(place) {
            let pattern = place.rawValue
            #expect(files.contains { Self.matches(pattern, $0) }, "no file is \(pattern)")
        }
    }
}
