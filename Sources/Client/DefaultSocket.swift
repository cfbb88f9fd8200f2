internal import Glibc

/// Where daemon and tools meet when nobody says otherwise.
public enum DefaultSocket {
    /// `$THROUGHLINE_SOCKET`, else `throughline-<uid>/throughline.sock` under `$XDG_RUNTIME_DIR`
    /// or `/tmp`.
    public static var path: String {
        if let path = variable("THROUGHLINE_SOCKET") { return path }
        let folder = variable("XDG_RUNTIME_DIR") ?? "/tmp"
        return "\(folder)/throughline-\(getuid())/throughline.sock"
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value[0] != 0 else { return nil }
        return unsafe String(cString: value)
    }
}
