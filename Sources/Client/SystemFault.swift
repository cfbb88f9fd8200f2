internal import Glibc

/// A system call that failed: its name and errno. Thrown only as a part of `ClientError`.
public struct SystemFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call, such as `connect`.
    public let call: String
    /// The value of errno.
    public let number: Int32

    /// Notes what a call left in errno.
    public init(_ call: String, _ number: Int32) {
        self.call = call
        self.number = number
    }

    /// For example `connect: Permission denied (errno 13)`.
    public var description: String {
        "\(call): \(Self.text(number)) (errno \(number))"
    }

    private static func text(_ number: Int32) -> String {
        // Since glibc 2.32 the text of a known number is constant, of an unknown one per thread.
        guard let text = unsafe strerror(number) else { return "unknown" }
        return unsafe String(cString: text)
    }
}
