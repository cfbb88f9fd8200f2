import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("The owner of a store")
struct OwnershipTests {
    /// Starts a daemon that shall not come up; returns its exit code and what it said.
    private func refused(_ arguments: [String]) throws -> (code: Int32, said: String) {
        let process = Process()
        process.executableURL = DaemonProcess.programs.appendingPathComponent("throughlined")
        process.arguments = arguments
        let error = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = error
        try process.run()
        let said = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    @Test("is named by its pid to a second daemon; one that was killed is no obstacle")
    func second() throws {
        let daemon = try DaemonProcess()
        #expect(try daemon.start())
        let owner = try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8)
        let pid = try #require(Int32(owner.dropLast()))
        #expect(kill(pid, 0) == 0)
        let arguments = ["--store", daemon.store, "--socket", daemon.folder.path + "/other.sock"]
        let (code, said) = try refused(arguments)
        #expect(code == 1)
        #expect(said.contains("process \(pid) holds its LOCK; stop that daemon first"), "\(said)")
        // What the refused one did changes nothing.
        var connection = try daemon.connect()
        #expect(try connection.call("PING").text == "PONG")
        #expect(try refused(arguments).said.contains("process \(pid) holds"))
        daemon.killNow()
        #expect(try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8) == owner)
        #expect(try daemon.start())
        #expect(try String(contentsOfFile: daemon.store + "/LOCK", encoding: .utf8) != owner)
        #expect(daemon.stop() == 0)
    }
}
