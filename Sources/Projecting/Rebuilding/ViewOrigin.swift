internal import EventModel
internal import Glibc
internal import LMDB
internal import Views

/// How folding a view from the first event began: what tells whether it can be gone on with, and
/// whether it has to be folded once more.
struct ViewOrigin: Equatable {
    /// The start of the machine in which it began. What a process has written without a flush
    /// outlives the process, but not the machine's next start.
    let boot: [UInt8]
    /// Erasures up to here had been carried out in the log when it began.
    let scrubbed: Position

    /// The machine's present start; empty where the system does not tell.
    static let thisBoot: [UInt8] = {
        let descriptor = unsafe open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var id = [UInt8](repeating: 0, count: 36)
        let count = unsafe id.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress, $0.count)
        }
        return count == id.count ? id : []
    }()

    /// Whether what was written without a flush is still all there.
    var isOfThisBoot: Bool { !boot.isEmpty && boot == Self.thisBoot }
}

/// Where it stands: database `meta`, `origin` → u64 LE position of the erasure, then the boot.
extension ViewStore {
    private static let originKey = Array("origin".utf8)

    /// Notes how folding begins.
    func note(_ origin: ViewOrigin) throws(ViewFault) {
        var value: [UInt8] = []
        value.append(littleEndian: origin.scrubbed.rawValue)
        value.append(contentsOf: origin.boot)
        var transaction = try begin()
        do throws(LMDBError) {
            try transaction.put(meta, key: Self.originKey.rawSpan, value: value.rawSpan)
            try transaction.commit()
        } catch {
            throw fault(error)
        }
    }

    /// How folding began; nil where nothing was noted.
    func origin() throws(ViewFault) -> ViewOrigin? {
        do throws(LMDBError) {
            let transaction = try environment.beginRead()
            guard let value = try transaction.get(meta, key: Self.originKey.rawSpan),
                value.byteCount >= 8
            else { return nil }
            return ViewOrigin(
                boot: value.extracting(8..<value.byteCount).copied(),
                scrubbed: Position(value.load(littleEndian: UInt64.self, at: 0)))
        } catch {
            throw fault(error)
        }
    }
}
