internal import EventModel
internal import Glibc

/// Writes what could not be imported, one JSON object per line: `file`, `line`, `reason`,
/// `message`, and `raw`, the line as it stands in the file (`raw_base64` where it is no UTF-8).
///
/// The file is made with the first dead letter, for its owner alone, since lines hold customers'
/// data; a file that is there is added to.
public struct DeadLetters: ~Copyable {
    /// Where they are written.
    public let path: String
    private var file: Int32 = -1
    private var held: [UInt8] = []

    /// Makes a writer; nothing is written yet.
    public init(path: String) { self.path = path }

    deinit { if file >= 0 { _ = close(file) } }

    /// Adds one.
    ///
    /// - Throws: `deadLetters`.
    mutating func add(
        file name: String, line: Int, _ fault: RowFault, raw: RawSpan
    ) throws(ImportError) {
        held.append(contentsOf: "{\"file\":".utf8)
        JSONText.append(name, to: &held)
        held.append(contentsOf: ",\"line\":".utf8)
        held.append(decimal: Int64(line))
        held.append(contentsOf: ",\"reason\":".utf8)
        JSONText.append(fault.reason, to: &held)
        held.append(contentsOf: ",\"message\":".utf8)
        JSONText.append(fault.description, to: &held)
        if raw.isUTF8 {
            held.append(contentsOf: ",\"raw\":".utf8)
            JSONText.append(raw.text(), to: &held)
        } else {
            held.append(contentsOf: ",\"raw_base64\":\"".utf8)
            Base64.append(raw, to: &held)
            held.append(UInt8(ascii: "\""))
        }
        held.append(contentsOf: "}\n".utf8)
        if held.count >= ImportLimits.deadLetterBytesHeld { try flush() }
    }

    /// Forgets what is not written: the input was no table at all.
    mutating func discard() { held.removeAll() }

    /// Writes what is held.
    ///
    /// - Throws: `deadLetters`.
    mutating func flush() throws(ImportError) {
        guard !held.isEmpty else { return }
        if file < 0 {
            file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw .deadLetters(path: path, fault: systemFault("open")) }
        }
        var start = 0
        while start < held.count {
            let count = unsafe held.withUnsafeBytes { memory in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[start...])
                return unsafe write(file, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .deadLetters(path: path, fault: systemFault("write"))
            }
            start += count
        }
        held.removeAll(keepingCapacity: true)
    }
}
