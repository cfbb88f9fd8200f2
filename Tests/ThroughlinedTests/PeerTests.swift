import Client
import DaemonTesting
import Foundation
import RESP
import Testing

@Suite("Peers: what each may do, how much, how slowly; others do not feel it")
struct PeerTests {
    /// Starts a daemon with settings.
    private func daemon(_ settings: String...) throws -> DaemonProcess {
        let daemon = try DaemonProcess()
        try #require(
            try daemon.start(arguments: settings.flatMap { ["--set", $0] }, quietly: true))
        return daemon
    }

    /// A rule for the user that runs the tests.
    private func rule(_ role: String) -> String { "access.rules=user:\(geteuid())=\(role)" }

    @Test("a rule makes the tests' user a reader: it reads, and neither writes nor stops")
    func reader() throws {
        let daemon = try daemon(rule("reader"))
        var connection = try daemon.connect()
        let refusal = try connection.call("APPEND", "note.taken", "source", "a", "id", "1")
        #expect(
            "\(refusal)".contains("APPEND needs role writer, this connection has reader"))
        #expect("\(try connection.call("SHUTDOWN"))".contains("NOPERM"))
        #expect(try connection.call("HEAD").integerValue == 0)
        #expect(daemon.stop() == 0)
    }

    @Test("who has no role is told so and let go")
    func stranger() throws {
        guard geteuid() == 0 else { return }
        let daemon = try daemon("socket.mode=0666")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let tool = DaemonProcess.programs.appendingPathComponent("throughline").path
        let script = """
            chmod 755 '\(daemon.folder.path)' '\(daemon.folder.path)/run'
            setpriv --reuid 65534 --regid 65534 --clear-groups '\(tool)' status \
                --socket '\(daemon.socket)' 2>&1
            """
        process.arguments = ["-c", script]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains("NOPERM user 65534 has no role here"), "\(said)")
        #expect(try daemon.document("PROJECTIONS")["position"] as? Int == 0)
    }

    @Test("a user's connections are bounded; the one too many is told, and a closed one makes room")
    func connections() throws {
        let daemon = try daemon(
            rule("writer"), "limits.connections_per_user=2", "limits.connections_reserved=0")
        let first = try #require(RawPeer(to: daemon.socket))
        first.send("PING\r\n")
        #expect(first.read(until: "\r\n") == "+PONG\r\n")
        do {
            let second = try #require(RawPeer(to: daemon.socket))
            second.send("PING\r\n")
            #expect(second.read(until: "\r\n") == "+PONG\r\n")
            let third = try #require(RawPeer(to: daemon.socket))
            #expect(third.readToEnd().hasPrefix("-LIMIT connections_per_user is 2"))
            second.send("QUIT\r\n")
            _ = second.readToEnd()
        }
        var answer = ""
        while !answer.hasPrefix("+PONG") {
            let next = try #require(RawPeer(to: daemon.socket))
            next.send("PING\r\n")
            answer = next.read(until: "\r\n")
        }
        #expect(daemon.stop() == 0)
    }

    @Test("who says nothing, or half of something, is told and let go; who goes on is not")
    func silence() throws {
        let daemon = try daemon("limits.handshake_ms=400", "limits.request_ms=400")
        let silent = try #require(RawPeer(to: daemon.socket))
        #expect(silent.readToEnd().hasPrefix("-LIMIT handshake_ms is 400"))
        let half = try #require(RawPeer(to: daemon.socket))
        half.send("PING\r\n*2\r\n$4\r\nECHO\r\n$4\r\nab")
        #expect(half.readToEnd().hasPrefix("+PONG\r\n-LIMIT request_ms is 400"))
        #expect(daemon.stop() == 0)
    }

    @Test("who never reads is paused, then let go; memory stays, others are served")
    func stalled() throws {
        let daemon = try daemon("limits.output_bytes=65536", "limits.stalled_ms=300")
        let deaf = try #require(RawPeer(to: daemon.socket))
        let flood = String(repeating: "COMMAND DOCS\r\n", count: 4_000)
        deaf.send(flood)
        try daemon.waitUntilMet("stalled_ms")
        var connection = try daemon.connect()
        let memory = try connection.call("INFO", "memory").text ?? ""
        let held = memory.split(separator: "\r\n").first {
            $0.hasPrefix("connection_buffer_bytes:")
        }
        let bytes = Int(held?.split(separator: ":")[1] ?? "")
        #expect(try #require(bytes) < 1_048_576)
        #expect(daemon.stop() == 0)
    }

    @Test("one byte at a time is a request like any other")
    func byteByByte() throws {
        let daemon = try daemon()
        let slow = try #require(RawPeer(to: daemon.socket))
        for byte in "*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n" { slow.send(String(byte)) }
        #expect(slow.read(until: "hi\r\n") == "$2\r\nhi\r\n")
        #expect(daemon.stop() == 0)
    }

    @Test("many connects at once are all served or told; the daemon goes on")
    func manyConnects() throws {
        let daemon = try daemon("limits.connections=300")
        let peers = (0..<400).compactMap { _ in RawPeer(to: daemon.socket) }
        var (served, told) = (0, 0)
        for peer in peers {
            peer.send("PING\r\n")
            let answer = peer.read(until: "\r\n")
            if answer == "+PONG\r\n" { served += 1 }
            if answer.hasPrefix("-LIMIT connections ") { told += 1 }
        }
        #expect(served + told == peers.count)
        #expect(served == 300)
        #expect(daemon.stop() == 0)
    }

    @Test("a peer that waits is told that the daemon stops, and the daemon ends well")
    func stop() throws {
        let daemon = try daemon()
        let waiter = try #require(RawPeer(to: daemon.socket))
        waiter.send("APPEND note.taken source a id 1\r\nEVENTS FROM 2 WAIT 60000\r\n")
        #expect(waiter.read(until: ":1\r\n") == ":1\r\n")
        #expect(daemon.stop() == 0)
        #expect(waiter.readToEnd() == "-STOPPING the daemon is stopping; reconnect and retry\r\n")
    }

    @Test("waiters are bounded")
    func waiters() throws {
        let daemon = try daemon("limits.waiters=1")
        let first = try #require(RawPeer(to: daemon.socket))
        first.send("PING\r\nEVENTS FROM 1 WAIT 60000\r\n")
        #expect(first.read(until: "\r\n") == "+PONG\r\n")
        let second = try #require(RawPeer(to: daemon.socket))
        second.send("EVENTS FROM 1 WAIT 60000\r\nPING\r\n")
        let answer = second.read(until: "+PONG\r\n")
        #expect(answer.hasPrefix("-LIMIT waiters is 1"))
        #expect(daemon.stop() == 0)
    }

    @Test("what was refused for want of room to wait is forgotten by the next command")
    func refusedWaiter() throws {
        let daemon = try daemon("limits.waiters=0")
        let peer = try #require(RawPeer(to: daemon.socket))
        for id in 1...2 {
            peer.send(
                "APPEND note.taken source a id \(id) customer crm:\(id) interaction i-\(id)\r\n")
            #expect(peer.read(until: "\r\n") == ":\(id)\r\n")
        }
        // The views have seen them once neither is refused for being late.
        repeat {
            peer.send("CUSTOMER crm:2 AFTER 2\r\nPING\r\n")
        } while peer.read(until: "+PONG\r\n").hasPrefix("-LIMIT")
        peer.send(
            "CUSTOMER crm:1 AT 2\r\nCUSTOMER crm:2\r\nTIMELINE interaction:i-1 AT 2\r\n"
                + "TIMELINE crm:2 AT 2\r\nPING\r\n")
        let answers = peer.read(until: "+PONG\r\n")
        #expect(answers.components(separatedBy: "-LIMIT waiters is 0").count == 3)
        #expect(answers.components(separatedBy: "\"2\"").count > 2, "\(answers)")
        #expect(!answers.contains("\"value\":\"1\""), "\(answers)")
        #expect(daemon.stop() == 0)
    }

    @Test("an answer that was refused for want of room to wait is not given to the next command")
    func refusedFlush() throws {
        let daemon = try daemon("limits.waiters=0")
        let peer = try #require(RawPeer(to: daemon.socket))
        peer.send(
            "APPEND note.taken source a id 1\r\nCONSUMER CREATE c FROM 1\r\n"
                + "CONSUMER READ c\r\nPING\r\n")
        let answers = peer.read(until: "+PONG\r\n").components(separatedBy: "\r\n")
        #expect(answers.count > 4 && answers[0] == ":1", "\(answers)")
        #expect(answers[1].hasPrefix("-LIMIT waiters is 0"), "\(answers)")
        // The next command has an answer of its own, and finds that nothing was made.
        #expect(answers[2].hasPrefix("-NOCONSUMER "), "\(answers)")
        #expect(daemon.stop() == 0)
    }

    @Test("what one peer can make the daemon answer or compare is bounded by what there is")
    func boundedWords() throws {
        let daemon = try daemon()
        let peer = try #require(RawPeer(to: daemon.socket))
        let names = String(repeating: " METRICS", count: 1_000)
        peer.send(
            "COMMAND DOCS\(names)\r\nEVENTS FROM 1\(String(repeating: " TYPE x", count: 17))\r\nPING\r\n"
        )
        let answers = peer.read(until: "+PONG\r\n").components(separatedBy: "\r\n")
        #expect(answers[0].hasPrefix("-SYNTAX"), "\(answers[0])")
        #expect(answers[1].hasPrefix("-SYNTAX"), "\(answers[1])")
        #expect(daemon.stop() == 0)
    }

    @Test("a socket that is handed over is served, and left where it is")
    func handedOver() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("ho-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path + "/h.sock"
        let listening = try #require(RawPeer.listen(at: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.standardInput = FileHandle(fileDescriptor: listening, closeOnDealloc: true)
        process.arguments = [
            "-c", "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" \"$@\" 3<&0 0</dev/null",
            DaemonProcess.programs.appendingPathComponent("throughlined").path,
            "--store", folder.path + "/store", "--socket", "/nowhere/s.sock",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try ChildStarter.shared.run(process)
        var said = ""
        while !said.contains("listening on") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            said += String(decoding: data, as: UTF8.self)
        }
        #expect(said.contains("listening on \(path)"))
        let peer = try #require(RawPeer(to: path))
        peer.send("PING\r\n")
        #expect(peer.read(until: "\r\n") == "+PONG\r\n")
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(FileManager.default.fileExists(atPath: path))
    }
}
