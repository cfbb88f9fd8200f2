internal import Glibc

/// The machine's present start. What a process has written without a flush outlives the process, but
/// not the machine's next start.
enum MachineBoot {
    /// A word for it, fit for a file's name; nil where nobody tells. The service manager says it in
    /// `THROUGHLINE_BOOT` to a process that cannot see the system's own file.
    static let id: String? = {
        let told = unsafe getenv("THROUGHLINE_BOOT").map { unsafe String(cString: $0) }
        let word = (told ?? ownFile()).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return word.isEmpty ? nil : String(word.prefix(16))
    }()

    private static func ownFile() -> String {
        let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
