internal import EventLog
internal import EventModel
internal import Foundation
public import Zstd

/// Looks for texts in all files below a folder: in their bytes as they lie there, whoever holds them
/// (rows, free pages, what a file was before), and in what zstd frames among them decompress to.
public struct FileSearch {
    /// The texts that were found, each with its file.
    public private(set) var found: [String] = []
    /// How many frames were decompressed.
    public private(set) var frames = 0

    private static let magic = Data([0x28, 0xB5, 0x2F, 0xFD])
    private static let frameBytesCommon = 64 << 10
    private static let contentBytesMax = 64 << 20

    /// Looks.
    ///
    /// - Parameters:
    ///   - dictionaries: With which frames may have been made.
    public init(
        for marks: [String], in folder: String, dictionaries: [UInt32: CompressionDictionary] = [:]
    ) throws {
        for file in FileManager.default.subpaths(atPath: folder) ?? [] {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + file) else {
                continue
            }
            look(for: marks, in: bytes, file)
            var start = bytes.startIndex
            while let place = bytes.range(of: Self.magic, in: start..<bytes.endIndex) {
                start = place.lowerBound + 1
                guard let content = try Self.content(of: bytes[place.lowerBound...], dictionaries)
                else { continue }
                frames += 1
                look(for: marks, in: content, "\(file), a frame at \(place.lowerBound)")
            }
        }
    }

    /// The dictionaries of a store's segments.
    public static func dictionaries(ofStore store: String) throws -> [UInt32: CompressionDictionary]
    {
        var found: [UInt32: CompressionDictionary] = [:]
        for first in try SegmentInspection.firsts(store: store) {
            let segment = try SegmentInspection.open(store: store, holding: first)
            guard let bytes = segment.dictionary else { continue }
            let dictionary = try CompressionDictionary(bytes)
            found[dictionary.id] = dictionary
        }
        return found
    }

    private mutating func look(for marks: [String], in bytes: Data, _ place: String) {
        for mark in marks where bytes.range(of: Data(mark.utf8)) != nil {
            found.append("\(place): \(mark)")
        }
    }

    /// What the frame that begins here holds; nil where none does, and where it was made with a
    /// dictionary that is not at hand.
    private static func content(
        of bytes: Data, _ dictionaries: [UInt32: CompressionDictionary]
    ) throws -> Data? {
        // Most frames are short, and files are long.
        for most in [frameBytesCommon, contentBytesMax] {
            let all = [UInt8](bytes.prefix(most))
            if let count = frameBytes(all) {
                return unsafe content(of: all.span.bytes.extracting(0..<count), dictionaries)
            }
        }
        return nil
    }

    private static func frameBytes(_ bytes: [UInt8]) -> Int? {
        do throws(ZstdError) {
            _ = try unsafe Frame(bytes.span.bytes)
            return bytes.count
        } catch {
            // It tells how much of this is not the frame's.
            guard case .trailingBytes(let trailing) = error else { return nil }
            return bytes.count - trailing
        }
    }

    private static func content(
        of frame: RawSpan, _ dictionaries: [UInt32: CompressionDictionary]
    ) -> Data? {
        var content: [UInt8] = []
        do throws(ZstdError) {
            var decompressor = try Decompressor()
            if let needed = try Frame(frame).dictionary {
                guard let dictionary = dictionaries[needed] else { return nil }
                decompressor.dictionary = dictionary
            }
            try decompressor.decompress(frame, limit: contentBytesMax, into: &content)
        } catch {
            // Bytes that only begin like a frame.
            return nil
        }
        return Data(content)
    }
}
