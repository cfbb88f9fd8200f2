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

    init(scratch: String) {
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

    private static func file(_ path: String) -> String {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "?")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Writes out what was printed, where output goes into a pipe.
func flushOutput() { fflush(nil) }
