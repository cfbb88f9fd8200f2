import EventLog
import Glibc
import Projecting

/// The files of a store, and what each is.
enum StoreLayout {
    struct File {
        let name: String
        let bytes: Int64
        let kind: String
    }

    /// All files of a folder and of those in it, by name.
    static func files(of store: String) -> [File] {
        FolderListing.names(store).flatMap { name -> [File] in
            var status = stat()
            guard unsafe lstat(store + "/" + name, &status) == 0 else { return [] }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                return [File(name: name, bytes: Int64(status.st_size), kind: kind(of: name))]
            }
            return files(of: store + "/" + name).map {
                File(name: name + "/" + $0.name, bytes: $0.bytes, kind: $0.kind)
            }
        }
    }

    /// What is said of any other file.
    static let unknown = "not a file of ours"

    /// What a file is, by its name.
    static func kind(of name: String) -> String {
        if let view = StoredView.parts(ofFile: name) {
            return "view \(view.name), version \(view.version); can be made anew"
        }
        let kinds = [
            (".segment", "events; precious"), (".index", "index of a segment; can be made anew"),
            (".filter", "filter of an index; can be made anew"),
            (".building", "a view that is folded; read by nobody yet"),
            (".prepared", "a view that a daemon of that version begins with"),
            (".past", "a view as of a past moment; worth nothing to the next start"),
            (".rollback", "the state to which the next start takes a view back"),
            (".damaged", "says that the file of that name is made anew by the next start"),
            ("-lock", "lock of a file; holds nothing"),
            (".new", "what was being written when a daemon died; worth nothing"),
        ]
        if let found = kinds.first(where: { name.hasSuffix($0.0) }) { return found.1 }
        switch name {
        case "store.json": return "who the store is; precious"
        case "journal": return "the newest events; precious"
        case "LOCK": return "held by the daemon"
        case "consumers.mdb": return "named consumers and how far they have read"
        case "epoch": return "the epoch, for those who look"
        case "epoch.next": return "the epoch that a restored store begins at its first start"
        case "erasures.next": return "erasures that the next start carries out; precious"
        case "erasures.ledger": return "the erasures that older backups do not know of; precious"
        case "CRASHED": return "of which file the last daemon died"
        case "backup.manifest": return "what the backup holds"
        default: return unknown
        }
    }
}
