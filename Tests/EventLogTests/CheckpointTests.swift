import EventModel
import LMDB
import Testing

@testable import EventLog

@Suite("Signed checkpoints")
struct CheckpointTests {
    private let folder: TemporaryFolder
    private let secret = [UInt8]((0..<32).map { UInt8($0 * 7 + 1) })

    init() throws { folder = try TemporaryFolder() }

    private func sign(_ path: String) throws -> SignedCheckpoint {
        try SignedCheckpoint(
            signing: try StoreProof.read(store: path), with: try CheckpointKey.make(seed: secret),
            now: OpenLog.noon)
    }

    private func publicKey(_ seed: [UInt8]? = nil) throws(CheckpointError) -> CheckpointKey {
        let pem = try CheckpointKey.make(seed: seed ?? secret).publicPEM
        return try CheckpointKey.read(publicPEM: pem ?? "")
    }

    /// Makes the journal one that holds nothing.
    private func emptyJournal(of path: String) throws {
        try File.remove(path + "/journal")
        try JournalFile.create(
            path + "/journal", try StoreFolder.readDescription(path).store, ringBytes: 4 << 20,
            key: 7)
    }

    private func refusal(_ checkpoint: SignedCheckpoint, _ path: String) throws -> CheckpointError?
    {
        do throws(CheckpointError) {
            try checkpoint.check(store: path, publicKey: try publicKey())
            return nil
        } catch {
            return error
        }
    }

    @Test("the signature is that of RFC 8032, section 7.1, test 1")
    func vector() throws {
        let seed = Hexadecimal.bytes(
            of: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        let key = try CheckpointKey.make(seed: seed)
        let signature = try key.sign([])
        #expect(
            Hexadecimal.text(of: signature)
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
        let (isRight, other, short) = (
            key.isRight(signature, of: []), key.isRight(signature, of: [0]),
            key.isRight(Array(signature.dropLast()), of: [])
        )
        #expect(isRight)
        #expect(!other)
        #expect(!short)
    }

    @Test("keys are read as they are written; what is none, or cannot sign, is refused")
    func keys() throws {
        let key = try CheckpointKey.make(seed: secret)
        let (secretPEM, publicPEM) = (key.privatePEM ?? "", key.publicPEM ?? "")
        let read = try CheckpointKey.read(privatePEM: secretPEM)
        let again = (read.privatePEM, read.publicPEM)
        #expect(again.0 == secretPEM && again.1 == publicPEM)
        let published = try CheckpointKey.read(publicPEM: publicPEM)
        let halves = (published.privatePEM, published.publicPEM)
        #expect(halves.0 == nil && halves.1 == publicPEM)
        let signature = try? published.sign([1])
        #expect(signature == nil)
        for text in ["", "rubbish", publicPEM, String(secretPEM.dropLast(40))] {
            #expect(throws: CheckpointError.self) { _ = try CheckpointKey.read(privatePEM: text) }
        }
        // An X25519 key (RFC 8410, section 4), which agrees on secrets and signs nothing.
        let other = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VuAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----
            """
        #expect(throws: CheckpointError.self) { _ = try CheckpointKey.read(publicPEM: other) }
    }

    @Test("a store is as it was signed, also when it has grown, and at any place of the position")
    func right() throws {
        for events in [1, 40, 100, 101, 250] {
            let path = folder.file("\(events)")
            _ = try VerifiedStore(path, events: events)
            let checkpoint = try sign(path)
            #expect(checkpoint.position == Position(UInt64(events)))
            #expect(checkpoint.digest == (try VerifiedStore.report(path).digest))
            #expect(try refusal(checkpoint, path) == nil)
            do {
                var sizes = OpenLog.sizes
                sizes.segmentEvents = 100
                let opened = try OpenLog(path, seed: 9, sizes: sizes)
                for number in 0..<120 { try opened.append([Said("later-\(number)")], after: 999) }
                opened.log.settle()
            }
            #expect(try refusal(checkpoint, path) == nil, "\(events)")
            #expect(try VerifiedStore.report(path).isWhole)
        }
    }

    @Test("the file is read as it was written; a changed one has a bad signature or no form")
    func text() throws {
        _ = try VerifiedStore(folder.path, events: 30)
        let text = try sign(folder.path).text
        let read = try SignedCheckpoint(reading: text)
        #expect(read.text == text)
        #expect(try refusal(read, folder.path) == nil)
        #expect(text.hasPrefix("throughline-checkpoint 1\nstore "))
        #expect(text.contains("\nepoch 1\nposition 30\ndigest "))
        var refusals = 0
        for index in text.utf8.indices {
            var bytes = Array(text.utf8)
            let place = text.utf8.distance(from: text.utf8.startIndex, to: index)
            bytes[place] = bytes[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
            do throws(CheckpointError) {
                let changed = try SignedCheckpoint(
                    reading: String(decoding: bytes, as: UTF8.self))
                try changed.check(store: folder.path, publicKey: try publicKey())
                Issue.record("byte \(place) may be anything")
            } catch {
                refusals += 1
            }
        }
        #expect(refusals == text.utf8.count)
    }

    @Test("what differs is told apart: key, store, length, digest")
    func wrong() throws {
        let path = folder.file("first")
        _ = try VerifiedStore(path, events: 150, segmentEvents: 1_000)
        let checkpoint = try sign(path)
        #expect(throws: CheckpointError.self) {
            try checkpoint.check(
                store: path, publicKey: try publicKey([UInt8](repeating: 5, count: 32)))
        }
        let other = folder.file("other")
        _ = try VerifiedStore(other, events: 150, seed: 4)
        guard case .otherStore = try refusal(checkpoint, other) else {
            Issue.record("another store")
            return
        }
        // The same store, shorter: what filled no block was in the journal alone.
        try emptyJournal(of: path)
        try OpenLog(path).writer.close()
        guard case .shorter(let head, let position) = try refusal(checkpoint, path) else {
            Issue.record("a shorter store")
            return
        }
        #expect(head > Position(100) && head < Position(150))
        #expect(position == Position(150))
        // The same store with other events from there on.
        do {
            let opened = try OpenLog(path)
            for number in 0..<60 { try opened.append([Said("other-\(number)")], after: 999) }
        }
        guard case .otherDigest = try refusal(checkpoint, path) else {
            Issue.record("other events")
            return
        }
    }
}
