import EventLog
import EventModel
import Foundation

/// What a daemon finds when a transcript begins with a line `# store: <name>`.
enum PreparedStore: String {
    /// One event, recorded at the beginning of 2020.
    case old
    /// Thirty-two events in two segments, recorded just now; the block of the positions 5 and 6 has
    /// a wrong bit.
    case damaged
    /// As `old`, and a view that another version of the program has folded.
    case older

    /// - Parameter attempts: How often it may be made anew.
    func make(at path: String, attempts: Int = 200) throws {
        var sizes = LogSizes()
        sizes.segmentEvents = 16
        sizes.strideBytes = 1
        let now: Timestamp
        switch self {
        case .old, .older: now = Timestamp(milliseconds: 1_577_836_800_000)
        case .damaged: now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        }
        let folder = try StoreFolder(path: path, now: now) { .random(in: .min ... .max) }
        let (log, writer) = try EventLog.open(folder: folder, options: .init(sizes: sizes))
        for id in 1...(self == .damaged ? 33 : 1) { try append("\(id)", to: writer, log, now: now) }
        log.settle()
        try writer.close()
        log.close()
        if self == .older {
            // Only its name is looked at: what is in it, this program cannot read.
            try FileManager.default.createDirectory(
                atPath: folder.viewsPath, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: folder.viewsPath + "/identity-v0.view"))
        }
        guard self == .damaged else { return }
        // Where the segment was sealed before the log was closed, its blocks are others.
        guard try damage(path + "/log/00000000000000000001.segment") else {
            precondition(attempts > 0, "no such block")
            try FileManager.default.removeItem(atPath: path)
            return try make(at: path, attempts: attempts - 1)
        }
    }

    private func append(
        _ id: String, to writer: LogWriter, _ log: EventLog, now: Timestamp
    ) throws {
        _ = try writer.stage { (records) throws(Never) in
            let (type, source, id) = (Array("note.taken".utf8), Array("a".utf8), Array(id.utf8))
            let data = [UInt8](repeating: 0x61, count: 1_500)
            var encoder = EventEncoder()
            unsafe encoder.begin(type: type.span.bytes)
            unsafe encoder.set(source: source.span.bytes)
            unsafe encoder.set(id: id.span.bytes)
            let text = Array("text/plain".utf8)
            unsafe encoder.set(data: data.span.bytes, contentType: text.span.bytes)
            encoder.finish(into: &records)
        }
        while try writer.commit(now: now) == .waitsForStride { log.settle() }
    }

    /// Flips a bit of the frame behind the head of the block: version, number of events, first
    /// position. Returns false where there is no such block.
    private func damage(_ path: String) throws -> Bool {
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        let head = Data([1, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
        var rest = file.startIndex..<file.endIndex
        while let found = file.range(of: head, in: rest) {
            file[found.lowerBound + 90] ^= 4
            rest = found.upperBound..<file.endIndex
        }
        guard rest.lowerBound > file.startIndex else { return false }
        try file.write(to: URL(fileURLWithPath: path))
        return true
    }
}
