internal import Glibc
internal import LMDB

/// Looking at the views' files: only at their pages, since a view is made anew from the log when
/// in doubt, and its rows are checked whenever they are read.
extension StoreAudit {
    func lookAtViews(_ faults: inout FaultList) {
        guard !isBackup else { return }
        for name in viewFiles() {
            let folder = path
            let path = folder + "/views/" + name
            // Nobody trusts it as it lies there: the next start takes it back to what was flushed.
            if unsafe Glibc.access(path + ".rollback", F_OK) == 0, !StoreLock.isHeld(folder: folder)
            {
                continue
            }
            let isShared = unsafe Glibc.access(path + "-lock", R_OK | W_OK) == 0
            do throws(LMDBError) {
                let pages = try Environment.pageFaults(
                    path: path, sharedMapBytes: isShared ? LogLimits.segmentMapBytes : nil)
                for page in pages {
                    faults.add(VerificationFault(.view, "views/" + name, "\(page)"))
                }
            } catch {
                // A new version of a view may have taken the old one's place.
                if error.isMissing { continue }
                faults.add(VerificationFault(.view, "views/" + name, "\(error)"))
            }
        }
    }

    private func viewFiles() -> [String] {
        FolderListing.names(path + "/views").filter { $0.hasSuffix(".view") }
    }
}
