internal import CZstd

/// A zstd operation that was refused or failed. It never holds any of the data.
public enum ZstdError: Error, Hashable, Sendable {
    /// What was tried.
    public enum Operation: String, Hashable, Sendable {
        case compress
        case decompress
        case train
        case loadDictionary = "load dictionary"
    }

    /// The bytes do not start with a zstd frame.
    case notAFrame
    /// The frame does not say how long its content is; this module's compressor always does.
    case sizeUnknown
    /// The frame says it holds more than the caller allows.
    case tooLarge(claimedBytes: UInt64, limit: Int)
    /// The frame says it holds more than its length can hold.
    case implausibleSize(claimedBytes: UInt64, frameBytes: Int)
    /// There are bytes behind the frame.
    case trailingBytes(Int)
    /// The frame was made with another dictionary than the one given, if one was.
    case dictionaryMismatch(needed: UInt32, given: UInt32?)
    /// The bytes are no trained dictionary, or one with a length outside the limits.
    case notADictionary
    /// The level lies outside `Limits.levels`.
    case level(Int)
    /// The samples or the capacity for training lie outside the limits.
    case samples(String)
    /// Memory for a context could not be had.
    case outOfMemory(Operation)
    /// zstd answered one of its own errors (`ZSTD_ErrorCode`).
    case library(Operation, code: UInt32, name: String)

    /// Turns a result of libzstd into a byte count or its error.
    static func count(_ result: Int, _ operation: Operation) throws(ZstdError) -> Int {
        guard ZSTD_isError(result) != 0 else { return result }
        let code = ZSTD_getErrorCode(result)
        guard let name = unsafe ZSTD_getErrorString(code) else { throw .outOfMemory(operation) }
        throw unsafe .library(operation, code: code.rawValue, name: String(cString: name))
    }
}

extension ZstdError: CustomStringConvertible {
    /// One line: what was tried, what was expected and found.
    public var description: String {
        switch self {
        case .notAFrame: "decompress failed: the bytes are not a zstd frame"
        case .sizeUnknown: "decompress refused: the frame does not state its content's size"
        case .tooLarge(let claimed, let limit):
            "decompress refused: the frame states \(claimed) bytes, allowed are \(limit)"
        case .implausibleSize(let claimed, let frame):
            "decompress refused: a frame of \(frame) bytes cannot hold the \(claimed) it states"
        case .trailingBytes(let count):
            "decompress refused: \(count) bytes follow the frame"
        case .dictionaryMismatch(let needed, nil):
            "decompress refused: the frame needs dictionary \(needed), none was given"
        case .dictionaryMismatch(let needed, let given?):
            "decompress refused: the frame needs dictionary \(needed), given was \(given)"
        case .notADictionary:
            "load dictionary failed: not a trained dictionary of "
                + "\(Limits.dictionaryBytesMin) to \(Limits.dictionaryBytesMax) bytes"
        case .level(let level):
            "compress refused: level \(level) is outside \(Limits.levels)"
        case .samples(let text): "train refused: \(text)"
        case .outOfMemory(let operation): "\(operation.rawValue) failed: out of memory"
        case .library(let operation, let code, let name):
            "\(operation.rawValue) failed: \(name) (zstd error \(code))"
        }
    }
}
