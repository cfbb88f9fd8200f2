internal import Foundation
internal import Glibc

/// Where and when it was measured.
struct Conditions: Codable, Sendable {
    var date: String
    var kernel: String
    var processor: String
    var cores: Int
    var memoryGiB: Int
    var disk: String
    /// Of the last minute, before the run began: what else ran.
    var load: String
    var build: String
    /// Which daemon it was: the beginning of its file's SHA-256, and the commit that is checked out where
    /// it lies, if any; nil where none is measured.
    var daemon: String?

    /// - Parameter program: The daemon.
    init(scratch: String, program: String? = nil) {
        daemon = program.flatMap(Self.identity)
        date = Date().formatted(.iso8601)
        kernel = Self.file("/proc/sys/kernel/osrelease")
        cores = ProcessInfo.processInfo.activeProcessorCount
        memoryGiB = Int(ProcessInfo.processInfo.physicalMemory >> 30)
        processor =
            Self.file("/proc/cpuinfo").split(separator: "\n")
            .first { $0.hasPrefix("model name") }?
            .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "?"
        load = Self.file("/proc/loadavg").split(separator: " ").first.map(String.init) ?? "?"
        disk =
            (try? Programs.run("df", ["--output=source,fstype", scratch]))?
            .split(separator: "\n").last.map {
                $0.split(separator: " ").joined(separator: " ")
            } ?? "?"
        #if DEBUG
            build = "debug"
        #else
            build = "release"
        #endif
    }

    private static func identity(of program: String) -> String? {
        guard let sum = try? Programs.run("sha256sum", [program]) else { return nil }
        let folder = URL(fileURLWithPath: program).deletingLastPathComponent().path
        let commit = try? Programs.run(
            "git", ["-C", folder, "describe", "--always", "--dirty", "--abbrev=7"])
        return sum.prefix(12) + (commit.map { ", checked out \($0)" } ?? "")
    }

    private static func file(_ path: String) -> String {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "?")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Writes out what was printed, where output goes into a pipe.
func flushOutput() { fflush(nil) }
