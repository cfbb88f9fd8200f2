internal import Glibc

/// Tells whoever started the daemon how it stands, where that asks for it by `NOTIFY_SOCKET`
/// (sd_notify(3)).
@safe
struct ServiceManager: Sendable {
    private let address: [UInt8]?

    /// How often it wants to hear that the loop turns, in microseconds; nil for never.
    let watchdogMicroseconds: Int64?

    init() {
        address = Self.variable("NOTIFY_SOCKET").map { Array($0.utf8) }
        watchdogMicroseconds = Self.variable("WATCHDOG_USEC").flatMap { Int64($0) }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value[0] != 0 else { return nil }
        return unsafe String(cString: value)
    }

    /// Says one thing; whether anybody hears it makes no difference.
    func say(_ state: State) {
        guard let address else { return }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        guard address.count < MemoryLayout.size(ofValue: place.sun_path) else { return }
        unsafe withUnsafeMutableBytes(of: &place.sun_path) { path in
            unsafe path.copyBytes(from: address)
            // A name that is no path begins with a NUL, which `@` stands for.
            if address[0] == UInt8(ascii: "@") { unsafe path[0] = 0 }
        }
        let length = MemoryLayout<sa_family_t>.size + address.count
        let text = Array(state.rawValue.utf8)
        _ = unsafe withUnsafePointer(to: &place) { place in
            unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                unsafe sendto(
                    descriptor, text, text.count, Int32(MSG_NOSIGNAL), place, socklen_t(length))
            }
        }
    }

    /// What can be said.
    enum State: String {
        case ready = "READY=1"
        case stopping = "STOPPING=1"
        case alive = "WATCHDOG=1"
    }
}
