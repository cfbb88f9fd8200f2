import Foundation

/// A sanitizer, which `tools/test --long` has tests and daemons run under.
public enum Sanitizer {
    /// Whether one is at work. Its memory is not the daemon's: shadows of it, and with Address
    /// Sanitizer 256 MiB of what was freed. Nor is its time.
    public static let isAtWork = {
        let environment = ProcessInfo.processInfo.environment
        return environment["TSAN_OPTIONS"] != nil || environment["ASAN_OPTIONS"] != nil
    }()
}
