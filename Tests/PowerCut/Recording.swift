import Foundation

/// What the recorder has written, entry by entry; its layout is in `StoreRecorder.h`.
struct Recording {
    /// What an entry tells.
    enum Kind: UInt8 {
        case opened = 0x4F
        case writing = 0x57
        case flushing = 0x46
        case ended = 0x45
        case cut = 0x54
        case renamed = 0x52
        case removed = 0x55
        case madeFolder = 0x4D
        case mapped = 0x50
        case answered = 0x41
        case failed = 0x58
        /// What was on the disk before has been told; written by `RecordingWriter` alone.
        case began = 0x42
    }

    struct Entry {
        static let headBytes = 40
        static let created: UInt32 = 1
        static let emptied: UInt32 = 2
        static let durable: UInt32 = 4
        static let meta: UInt32 = 16

        let kind: Kind
        let flags: UInt32
        let serial: UInt64
        let file: UInt64
        let number: Int64
        let text: String
        let data: [UInt8]
    }

    /// A recording that is not one.
    struct Malformed: Error {
        let offset: Int
    }

    private(set) var entries: [Entry] = []

    init(path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ offset: Int) -> Value {
            bytes[offset..<offset + MemoryLayout<Value>.size].reversed().reduce(0) {
                $0 << 8 | Value(truncatingIfNeeded: $1)
            }
        }
        var offset = 0
        while offset < bytes.count {
            // The last entry may be cut off where the process ended on another thread.
            guard bytes.count - offset >= Entry.headBytes else { break }
            guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: integer(UInt32.self, offset)))
            else { throw Malformed(offset: offset) }
            let text = offset + Entry.headBytes
            let data = text + Int(integer(UInt32.self, offset + 32))
            let end = data + Int(integer(UInt32.self, offset + 36))
            guard end <= bytes.count else { break }
            entries.append(
                Entry(
                    kind: kind, flags: integer(UInt32.self, offset + 4),
                    serial: integer(UInt64.self, offset + 8),
                    file: integer(UInt64.self, offset + 16),
                    number: integer(Int64.self, offset + 24),
                    text: String(decoding: bytes[text..<data], as: UTF8.self),
                    data: Array(bytes[data..<end])))
            offset = end
        }
    }
}
