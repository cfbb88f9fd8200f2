internal import EventLog
internal import LMDB
internal import Views

extension ViewStore {
    /// The bytes of pages that rows and kept states lie in: what is free in the file is not made anew.
    func rowBytes() throws(ViewFault) -> UInt64 {
        do throws(LMDBError) {
            let reading = try environment.beginRead()
            var bytes: UInt64 = 0
            for database in [rows, snapshots].compactMap({ $0 }) {
                let shape = try reading.statistics(database)
                bytes +=
                    (shape.branchPages + shape.leafPages + shape.overflowPages)
                    * UInt64(shape.pageBytes)
            }
            return bytes
        } catch {
            throw fault(error)
        }
    }

    /// Holds what is to be written beside the view against what is free on its disk: appends are not to be
    /// refused because a view is made anew.
    ///
    /// - Parameter bytes: What is to be written.
    /// - Throws: `full`, with what is missing; nothing is written then.
    func checkRoom(for bytes: UInt64, beside log: LogSource) throws(ViewFault) {
        let volume: (bytes: UInt64, availableBytes: UInt64)
        do throws(LMDBError) {
            volume = try environment.volume()
        } catch {
            throw fault(error)
        }
        let margin = min(ProjectingLimits.freeBytesMin, volume.bytes / 16)
        // Views grow meanwhile: pages that somebody holds are not used again.
        let needed = bytes + bytes / 4 + log.reserveBytes + margin
        guard volume.availableBytes < needed else { return }
        throw .full(
            "making it anew: \(needed) bytes are to be free beside it, \(volume.availableBytes) are"
        )
    }
}
