import Glibc

/// A folder that is removed, with the files directly in it, when it goes out of use.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/throughline-client-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else {
            preconditionFailure("no temporary folder")
        }
        path = unsafe String(cString: made)
    }

    deinit {
        for name in ["socket", "stale", "file"] { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
    }
}
