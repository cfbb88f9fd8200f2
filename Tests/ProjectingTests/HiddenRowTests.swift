import EventModel
import Foundation
import LMDB
import TestSupport
import Testing
import Views

@testable import Projecting

/// A key that has gone wrong on disk sends who looks for it, or for one beside it, past its row.
@Suite("A row that a wrong bit hides")
struct HiddenRowTests {
    private let folder: TemporaryFolder
    private let pristine: [UInt8]
    private var rows: [Row] = []
    private var path: String { folder.path + "/flipped.view" }

    private struct Row {
        let key: [UInt8]
        let row: [UInt8]
        /// Where the key stands in the file.
        let place: Int
    }

    init() throws {
        folder = try TemporaryFolder()
        do {
            let store = try FoldedStore(folder.store)
            try store.appendCalls(1...150)
            store.catchUp()
        }
        let view = folder.view(QueuesProjection.self)
        pristine = Array(try Data(contentsOf: URL(fileURLWithPath: view)))
        let store = try ViewStore.openReadOnly(path: view)
        try ViewSnapshot(store).rows(from: [0], below: [UInt8](repeating: 0xFF, count: 16)) {
            rows.append(Row(key: copied($0), row: copied($1), place: Self.place(of: $0)))
            return true
        }
    }

    /// A page in the map begins with its number.
    private static func place(of key: RawSpan) -> Int {
        unsafe key.withUnsafeBytes { bytes in
            guard let key = bytes.baseAddress else { return 0 }
            let offset = Int(bitPattern: key) % 4_096
            return unsafe (key - offset).load(as: Int.self) * 4_096 + offset
        }
    }

    @Test("is damage to whoever looks for it or goes through it, and no other is taken for missing")
    func keys() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        print("hidden rows: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for number in 0..<150 {
            let chosen = rows[Int.random(in: 0..<rows.count, using: &random)]
            let key = chosen.key
            let bit = Int.random(in: 0..<8 * key.count, using: &random)
            var bytes = pristine
            bytes[chosen.place + bit / 8] ^= 1 << UInt8(bit % 8)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let which = Comment(rawValue: "seed \(seed), number \(number): bit \(bit) of \(key)")
            try expectNothingWrong(which)
            #expect(throws: ViewFault.self, which) { try self.look(for: key) }
            // Whatever begins as it does.
            let prefix = Array(key.prefix(Int.random(in: 1...key.count, using: &random)))
            #expect(throws: ViewFault.self, which) { try self.scan(prefix, backward: false) }
            #expect(throws: ViewFault.self, which) { try self.scan(prefix, backward: true) }
        }
    }

    @Test("since its page tells of fewer entries than it has is damage")
    func bounds() throws {
        let leaves = Dictionary(grouping: rows) { $0.place / 4_096 * 4_096 }
        #expect(leaves.count > 4)
        for (page, rows) in leaves {
            // The last one is not counted any more.
            let lower = 16 + 2 * (rows.count - 1)
            var bytes = pristine
            #expect(Int(bytes[page + 12]) + 256 * Int(bytes[page + 13]) == lower + 2)
            (bytes[page + 12], bytes[page + 13]) = (UInt8(lower % 256), UInt8(lower / 256))
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: ViewFault.self) { try self.look(for: rows[rows.count - 1].key) }
        }
    }

    /// Each look-up answers as before or refuses.
    private func expectNothingWrong(_ which: Comment) throws {
        let snapshot = try ViewSnapshot(try ViewStore.openReadOnly(path: path))
        for row in rows {
            do {
                #expect(try snapshot.row(row.key) == row.row, which)
            } catch {
                // Refused.
            }
        }
    }

    private func look(for key: [UInt8]) throws {
        _ = try ViewSnapshot(try ViewStore.openReadOnly(path: path)).row(key)
    }

    private func scan(_ prefix: [UInt8], backward: Bool) throws {
        let end = prefix + [UInt8](repeating: 0xFF, count: 16)
        let snapshot = try ViewSnapshot(try ViewStore.openReadOnly(path: path))
        if backward {
            try snapshot.rowsBackward(from: prefix, below: end) { (_, _) in true }
        } else {
            try snapshot.rows(from: prefix, below: end) { (_, _) in true }
        }
    }
}
