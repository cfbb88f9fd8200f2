internal import Commands
internal import Glibc

/// What the process has in memory, from `/proc/self/statm` (proc(5)): pages, of which the second
/// number are resident and the third of those belong to files.
enum ProcessMemory {
    static func use(bufferedBytes: Int) -> MemoryUse {
        var use = MemoryUse(bufferedBytes: bufferedBytes)
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return use }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return use }
        let words = String(decoding: bytes[..<count], as: UTF8.self).split(separator: " ")
        let page = sysconf(Int32(_SC_PAGESIZE))
        guard words.count >= 3, let resident = Int(words[1]), let mapped = Int(words[2]) else {
            return use
        }
        use.residentBytes = resident * page
        use.mappedBytes = mapped * page
        return use
    }
}
