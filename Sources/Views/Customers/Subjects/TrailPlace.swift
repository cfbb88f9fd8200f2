internal import EventModel
internal import Glibc

/// A trail among those of a row, found without making anything of it.
struct TrailPlace {
    let code: UInt8
    /// Where the part's name stands.
    let part: Range<Int>
    /// Where the number of its events begins, and then that of its marks.
    let countStart: Int
    let count: UInt64
    let markCountStart: Int
    let markCount: Int
    let marksStart: Int
    let end: Int
    /// When the last of its marks happened, in milliseconds since the subject began.
    let lastOccurred: Int64
    /// Where the last of its marks stands.
    let lastPosition: UInt64

    /// Reads one whose form was checked.
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        code = try reader.byte()
        let partBytes = try reader.count()
        part = reader.offset..<reader.offset + partBytes
        _ = try reader.span(partBytes)
        countStart = reader.offset
        count = try reader.varint()
        markCountStart = reader.offset
        markCount = try reader.count()
        marksStart = reader.offset
        var (occurred, position): (Int64, UInt64) = (0, 0)
        for _ in 0..<markCount {
            occurred = try reader.zigzag()
            position &+= UInt64(bitPattern: try reader.zigzag())
            _ = try reader.span(try reader.count())
        }
        end = reader.offset
        (lastOccurred, lastPosition) = (occurred, position)
    }

    /// Appends all marks but the first.
    func appendWithoutFirst(_ trails: RawSpan, to piece: inout [UInt8]) {
        guard markCount > 1 else { return }
        forEachMark(trails) { mark in
            guard mark.place > 0 else { return true }
            // Only the first says where it stands; the others how far behind the one before.
            guard mark.place == 1 else {
                piece.append(trails.extracting(mark.start..<end))
                return false
            }
            piece.append(zigzag: mark.occurred)
            piece.append(zigzag: Int64(bitPattern: mark.position))
            piece.append(varint: UInt64(mark.values.count))
            piece.append(trails.extracting(mark.values))
            return true
        }
    }

    /// A mark of it.
    struct MarkPlace {
        /// How many come before it.
        let place: Int
        let start: Int
        /// In milliseconds since the subject began.
        let occurred: Int64
        let position: UInt64
        let values: Range<Int>
    }

    /// Shows its marks in their order, as long as `body` says true.
    @inline(__always)
    func forEachMark(_ trails: RawSpan, _ body: (MarkPlace) -> Bool) {
        do throws(MalformedBytes) {
            var reader = ByteReader(trails.extracting(marksStart..<end), of: "subject row")
            var position: UInt64 = 0
            for place in 0..<markCount {
                let start = marksStart + reader.offset
                let occurred = try reader.zigzag()
                position &+= UInt64(bitPattern: try reader.zigzag())
                let count = try reader.count()
                let values = marksStart + reader.offset
                _ = try reader.span(count)
                let mark = MarkPlace(
                    place: place, start: start, occurred: occurred, position: position,
                    values: values..<values + count)
                guard body(mark) else { return }
            }
        } catch {
            preconditionFailure("the trail was checked when it was read")
        }
    }
}

/// Looking for the trail of a rule and part.
struct TrailSearch {
    private(set) var found: TrailPlace?
    /// Where one that is not there is to go.
    private(set) var place: Int

    init(_ trails: RawSpan, _ count: Int, _ code: UInt8, _ part: RawSpan?) {
        place = trails.byteCount
        var isPlaced = false
        do throws(MalformedBytes) {
            var reader = ByteReader(trails, of: "subject row")
            for _ in 0..<count {
                let start = reader.offset
                let trail = try TrailPlace(from: &reader)
                guard trail.code >= code else { continue }
                if trail.code == code {
                    let name = trails.extracting(trail.part)
                    if Self.isSame(part, name) {
                        found = trail
                        return
                    }
                    guard Self.text(part) < name.text() else { continue }
                }
                if !isPlaced { place = start }
                isPlaced = true
                if trail.code > code { return }
            }
        } catch {
            preconditionFailure("the trails were checked when they were read")
        }
    }

    private static func isSame(_ part: RawSpan?, _ name: RawSpan) -> Bool {
        guard let part else { return name.byteCount == 0 }
        return part.equals(name)
    }

    private static func text(_ part: RawSpan?) -> String {
        guard let part else { return "" }
        return part.text()
    }
}

extension [UInt8] {
    /// Puts bytes in the place of others.
    mutating func splice(_ range: Range<Int>, _ new: RawSpan) {
        let count = count
        let growth = new.byteCount - range.count
        if growth > 0 { append(contentsOf: repeatElement(0, count: growth)) }
        unsafe withUnsafeMutableBytes { all in
            let behind = count - range.upperBound
            guard let base = all.baseAddress else { return }
            let start = unsafe base + range.lowerBound
            if growth != 0, behind > 0 {
                unsafe memmove(start + new.byteCount, base + range.upperBound, behind)
            }
            unsafe new.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress, bytes.count > 0 {
                    unsafe memcpy(start, source, bytes.count)
                }
            }
        }
        if growth < 0 { removeLast(-growth) }
    }
}
