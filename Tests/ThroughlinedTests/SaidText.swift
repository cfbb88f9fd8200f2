import Foundation

/// What a daemon says on standard error, read as it comes.
final class SaidText {
    private let pipe = Pipe()
    private(set) var text = ""

    /// Where the daemon writes.
    var writing: FileHandle { pipe.fileHandleForWriting }

    /// Milliseconds after which a daemon that says nothing is taken to stand still.
    private static let patience: Int32 = 120_000

    /// Reads until words have come; gives up when nothing comes any more.
    func read(until words: String) {
        let reading = pipe.fileHandleForReading
        while !text.contains(words) {
            var waiting = pollfd(fd: reading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&waiting, 1, Self.patience) == 1 else { return }
            text += String(decoding: reading.availableData, as: UTF8.self)
        }
    }
}
