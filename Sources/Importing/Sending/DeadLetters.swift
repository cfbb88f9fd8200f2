internal import EventModel
internal import Glibc
internal import JSON

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
        var letter = Array("{\"file\":".utf8)
        JSONText.append(name, to: &letter)
        letter.append(contentsOf: ",\"line\":".utf8)
        letter.append(decimal: Int64(line))
        letter.append(contentsOf: ",\"reason\":".utf8)
        JSONText.append(fault.reason, to: &letter)
        letter.append(contentsOf: ",\"message\":".utf8)
        JSONText.append(fault.description, to: &letter)
        if raw.isUTF8 {
            letter.append(contentsOf: ",\"raw\":".utf8)
            JSONText.append(raw.text(), to: &letter)
        } else {
            letter.append(contentsOf: ",\"raw_base64\":\"".utf8)
            Base64.append(raw, to: &letter)
            letter.append(UInt8(ascii: "\""))
        }
        letter.append(contentsOf: "}\n".utf8)
        // Somebody will look at the file on a terminal.
        held.append(contentsOf: Escaping.document(letter))
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
