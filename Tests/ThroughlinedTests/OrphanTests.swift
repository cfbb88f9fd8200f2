import DaemonTesting
import Foundation
import Testing

@Suite("What tests have started")
struct OrphanTests {
    @Test("ends with whoever started it")
    func orphan() throws {
        let starter = ChildStarter()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "echo up; exec sleep 100000"]
        let output = Pipe()
        process.standardOutput = output
        try starter.run(process)
        // By now the signal is set.
        #expect(output.fileHandleForReading.availableData == Data("up\n".utf8))
        starter.end()
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == SIGKILL)
    }

    @Test("is told by its own name where it cannot be started")
    func missing() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/nowhere/program")
        let error = Pipe()
        process.standardError = error
        try ChildStarter.shared.run(process)
        let said = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus != 0)
        #expect(String(decoding: said, as: UTF8.self).contains("/nowhere/program"))
    }
}
