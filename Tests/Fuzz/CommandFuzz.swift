import CommandFuzzing
import Foundation

/// What libFuzzer calls with inputs that it thinks up: each is a conversation on a store, see
/// `FuzzedStore`. What must not happen, or a trap, ends the run with the input kept.
///
/// A store lives for many inputs, so that an input may fail only behind others. These are kept
/// beside it, in the file that `$THROUGHLINE_FUZZ_HISTORY` names; with `$THROUGHLINE_FUZZ_REPLAY`
/// naming such a file they run again, in order.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCommands(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    unsafe conversations.take(input)
    return 0
}

/// What libFuzzer calls before all else: runs a kept history where one is named, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func replayHistory(
    _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
    guard let path = ProcessInfo.processInfo.environment["THROUGHLINE_FUZZ_REPLAY"] else {
        return 0
    }
    unsafe conversations.replay(path)
    exit(0)
}

// libFuzzer calls from one thread.
nonisolated(unsafe) private let conversations = Conversations()

private final class Conversations {
    private var store: FuzzedStore
    private var history: FileHandle?

    init() {
        do {
            store = try FuzzedStore(within: FileManager.default.temporaryDirectory.path)
        } catch {
            Self.end("the first store: \(error)")
        }
        guard let path = ProcessInfo.processInfo.environment["THROUGHLINE_FUZZ_HISTORY"] else {
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { Self.end("\(path) cannot be written") }
        history = file
    }

    func take(_ input: [UInt8]) {
        do {
            try note(input)
            try store.run(input)
            guard store.isFull else { return }
            try store.renew()
            try history?.truncate(atOffset: 0)
        } catch {
            Self.end("\(error)")
        }
    }

    /// Two bytes of length, the low one first, then the input.
    private func note(_ input: [UInt8]) throws {
        let length = [UInt8(truncatingIfNeeded: input.count), UInt8(input.count >> 8)]
        try history?.write(contentsOf: Data(length + input))
    }

    func replay(_ path: String) {
        guard let data = FileManager.default.contents(atPath: path) else {
            Self.end("\(path) cannot be read")
        }
        var rest = Array(data)[...]
        while let low = rest.popFirst(), let high = rest.popFirst() {
            let count = Int(low) | Int(high) << 8
            take(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        do {
            try store.renew()
        } catch {
            Self.end("\(error)")
        }
    }

    /// An optimised program's trap says nothing by itself.
    private static func end(_ why: String) -> Never {
        FileHandle.standardError.write(Data("\(why)\n".utf8))
        preconditionFailure(why)
    }
}
