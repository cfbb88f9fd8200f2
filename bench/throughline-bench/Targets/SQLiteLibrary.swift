internal import Glibc

/// What the bench uses of SQLite, found when it runs: it is measured where it is installed, and
/// nothing is built with it.
@safe
struct SQLiteLibrary {
    typealias Handle = UnsafeMutableRawPointer
    typealias Open =
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<Handle?>, Int32, UnsafePointer<CChar>?
        ) -> Int32
    typealias Execute =
        @convention(c) (
            Handle, UnsafePointer<CChar>, Handle?, Handle?, Handle?
        ) -> Int32
    typealias Prepare =
        @convention(c) (
            Handle, UnsafePointer<CChar>, Int32, UnsafeMutablePointer<Handle?>, Handle?
        ) -> Int32
    typealias Bind =
        @convention(c) (
            Handle, Int32, UnsafePointer<UInt8>?, Int32, Int
        ) -> Int32
    typealias OfStatement = @convention(c) (Handle) -> Int32
    typealias Message = @convention(c) (Handle) -> UnsafePointer<CChar>?
    typealias Version = @convention(c) () -> UnsafePointer<CChar>?

    let open: Open
    let execute: Execute
    let prepare: Prepare
    let bindText: Bind
    let step: OfStatement
    let reset: OfStatement
    let finalize: OfStatement
    let close: OfStatement
    let message: Message
    let version: String

    /// - Returns: nil when SQLite is not installed.
    init?() {
        guard let library = unsafe dlopen("libsqlite3.so.0", RTLD_NOW) else { return nil }
        func find<Function>(_ name: String, _ type: Function.Type) -> Function? {
            unsafe dlsym(library, name).map { unsafe unsafeBitCast($0, to: type) }
        }
        guard let open = unsafe find("sqlite3_open_v2", Open.self),
            let execute = unsafe find("sqlite3_exec", Execute.self),
            let prepare = unsafe find("sqlite3_prepare_v2", Prepare.self),
            let bindText = unsafe find("sqlite3_bind_text", Bind.self),
            let step = unsafe find("sqlite3_step", OfStatement.self),
            let reset = unsafe find("sqlite3_reset", OfStatement.self),
            let finalize = unsafe find("sqlite3_finalize", OfStatement.self),
            let close = unsafe find("sqlite3_close", OfStatement.self),
            let message = unsafe find("sqlite3_errmsg", Message.self),
            let version = unsafe find("sqlite3_libversion", Version.self)
        else { return nil }
        unsafe self.open = open
        unsafe self.execute = execute
        unsafe self.prepare = prepare
        unsafe self.bindText = bindText
        unsafe self.step = step
        unsafe self.reset = reset
        unsafe self.finalize = finalize
        unsafe self.close = close
        unsafe self.message = message
        self.version = unsafe version().map { unsafe String(cString: $0) } ?? "?"
    }
}
