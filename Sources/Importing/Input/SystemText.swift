internal import Glibc

/// The system's words for its last error.
func systemFault(_ call: String, _ number: Int32 = errno) -> String {
    // Since glibc 2.32 the text of a known number is constant, of an unknown one per thread.
    let text = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "unknown"
    return "\(call): \(text) (errno \(number))"
}
