internal import EventModel
internal import Glibc

/// Finds the blocks of a segment's file by their heads, wherever they lie, with plain reads: when
/// the trees that lead to them are damaged. Blocks that were written over since, and those whose
/// bytes LMDB has put into two places, are not among them.
///
/// Source of the shape: `BlockHeader`. A head is believed when its checksum over head and frame
/// matches, which chance does once in 2^32 of the places that look like one.
enum SegmentCarving {
    /// Returns the blocks of a file in the order of their positions, one for each first position:
    /// the one with the most events, since the newest block of a segment is written again as it
    /// grows.
    ///
    /// - Throws: `system`.
    /// - Complexity: O(bytes of the file), which is mapped.
    static func blocks(path: String) throws(EventLogError) -> [Found] {
        var found: [Position: Found] = [:]
        try mapped(path) { file in
            var offset = 0
            while offset + BlockHeader.byteCount < file.byteCount {
                defer { offset += 2 }
                guard let block = block(at: offset, in: file) else { continue }
                let known = found[block.header.first]
                if known.map({ $0.header.count < block.header.count }) ?? true {
                    found[block.header.first] = block
                }
            }
        }
        return found.values.sorted { $0.header.first < $1.header.first }
    }

    /// A block, and where it lies.
    struct Found {
        let header: BlockHeader
        let offset: Int
        let bytes: [UInt8]
    }

    private static func block(at offset: Int, in file: RawSpan) -> Found? {
        guard file.load(littleEndian: UInt32.self, at: offset) == UInt32(BlockHeader.version) else {
            return nil
        }
        let frame = Int(file.load(littleEndian: UInt32.self, at: offset + 20))
        guard (1...LogLimits.blockRawBytesMax).contains(frame),
            Int(file.load(littleEndian: UInt32.self, at: offset + 16))
                <= LogLimits.blockRawBytesMax,
            offset + BlockHeader.byteCount + frame <= file.byteCount
        else { return nil }
        let bytes = file.extracting(offset..<offset + BlockHeader.byteCount + frame)
        let first = file.load(littleEndian: UInt64.self, at: offset + 8)
        // Most places that look like a head are none.
        guard let header = try? BlockHeader(checking: bytes, key: first) else { return nil }
        return Found(header: header, offset: offset, bytes: bytes.copied())
    }

    private static func mapped(
        _ path: String, _ body: (RawSpan) -> Void
    ) throws(EventLogError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .system(operation: "fstat", path: path, errno: errno)
        }
        let count = Int(status.st_size)
        guard count > 0 else { return }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw .system(operation: "mmap", path: path, errno: errno)
        }
        defer { unsafe munmap(address, count) }
        let memory = unsafe UnsafeRawBufferPointer(start: address, count: count)
        unsafe body(memory.bytes)
    }
}
