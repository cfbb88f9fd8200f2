/// A disk that does what a recording tells, and of which images can be had as it would be found
/// after a power cut.
final class Disk {
    /// Which promises of durability the disk keeps; a checker must notice one that it does not.
    struct Honesty: Codable, Equatable {
        var flushes = true
        var durableWrites = true
        /// Flushes of views' files, where `flushes` holds.
        var viewFlushes = true
    }

    /// A recording that the disk cannot follow.
    struct Unknown: Error {
        let what: String
    }

    private enum Flush {
        case file(DiskFile, Set<Int>)
        case folder(DiskFolder, Set<Int>)
    }

    private let honesty: Honesty
    private let root = DiskFolder()
    private var files: [UInt64: DiskFile] = [:]
    private var folders: [UInt64: DiskFolder] = [:]
    private var writes: [UInt64: (file: DiskFile, isDurable: Bool)] = [:]
    private var flushes: [UInt64: Flush] = [:]
    /// Files and folders below that of the views.
    private var ofViews: Set<UInt64> = []
    /// Whether the recording itself goes on: what was there before is durable in any case.
    private var hasBegun = false
    private var said: [UInt8] = []
    /// The last position that an answer has named.
    private(set) var answered: UInt64 = 0

    init(_ honesty: Honesty) { self.honesty = honesty }

    /// Does what an entry tells.
    ///
    /// - Returns: Whether the power going now may leave something that it would not have before.
    func perform(_ entry: Recording.Entry) throws -> Bool {
        try change(entry) && hasBegun
    }

    private func change(_ entry: Recording.Entry) throws -> Bool {
        switch entry.kind {
        case .began: hasBegun = true
        case .opened: return try open(entry)
        case .writing:
            guard let file = files[entry.file] else { return false }
            let isDurable = entry.flags & Recording.Entry.durable != 0
            writes[entry.serial] = (file, isDurable && (honesty.durableWrites || !hasBegun))
            file.write(entry.data, at: Int(entry.number), serial: entry.serial)
        case .flushing:
            guard honesty.viewFlushes || !ofViews.contains(entry.file) else { return false }
            if let file = files[entry.file] {
                flushes[entry.serial] = .file(file, file.flushPoint())
            } else if let folder = folders[entry.file] {
                flushes[entry.serial] = .folder(folder, folder.flushPoint())
            } else {
                return false
            }
        case .ended: return end(entry)
        case .cut:
            guard let file = files[entry.file] else { return false }
            file.cut(to: Int(entry.number))
        case .renamed: return try rename(entry)
        case .removed:
            let (folder, name) = try place(entry.text)
            folder.set([(name, nil)])
        case .madeFolder:
            let (parent, name) = try place(entry.text)
            let folder = DiskFolder()
            folders[entry.file] = folder
            parent.set([(name, .folder(folder))])
        case .mapped, .failed: return false
        case .answered: return hear(entry.data)
        }
        return true
    }

    private func open(_ entry: Recording.Entry) throws -> Bool {
        if entry.text.hasPrefix("store/views") {
            ofViews.insert(entry.file)
        } else {
            ofViews.remove(entry.file)
        }
        if entry.text.isEmpty {
            folders[entry.file] = root
            return false
        }
        if entry.flags & Recording.Entry.created != 0 {
            let (folder, name) = try place(entry.text)
            let file = DiskFile()
            files[entry.file] = file
            folder.set([(name, .file(file))])
            return true
        }
        guard entry.flags & Recording.Entry.emptied != 0, let file = files[entry.file] else {
            return false
        }
        file.cut(to: 0)
        return true
    }

    private func end(_ entry: Recording.Entry) -> Bool {
        if let (file, isDurable) = writes.removeValue(forKey: entry.serial) {
            file.writeEnded(entry.serial, count: Int(entry.number), isDurable: isDurable)
            return true
        }
        guard let flush = flushes.removeValue(forKey: entry.serial), entry.number == 0,
            honesty.flushes || !hasBegun
        else { return false }
        switch flush {
        case .file(let file, let point): file.flushEnded(point)
        case .folder(let folder, let point): folder.flushEnded(point)
        }
        return true
    }

    private func rename(_ entry: Recording.Entry) throws -> Bool {
        let (folder, old) = try place(entry.text)
        let (other, new) = try place(String(decoding: entry.data, as: UTF8.self))
        guard folder === other, let node = folder.seen[old] else {
            throw Unknown(what: "rename \(entry.text)")
        }
        folder.set([(old, nil), (new, node)])
        return true
    }

    private func place(_ path: String) throws -> (DiskFolder, String) {
        var parts = path.split(separator: "/").map(String.init)
        guard let name = parts.popLast() else { throw Unknown(what: path) }
        var folder = root
        for part in parts {
            guard case .folder(let next) = folder.seen[part] else { throw Unknown(what: path) }
            folder = next
        }
        return (folder, name)
    }

    /// Takes positions out of the bytes of answers: `:17`, alone or in an array. The producer asks
    /// for nothing else that is answered by an integer.
    private func hear(_ bytes: [UInt8]) -> Bool {
        said += bytes
        while let end = said.firstIndex(of: 10) {
            if said[0] == UInt8(ascii: ":"),
                let position = UInt64(String(decoding: said[1..<end - 1], as: UTF8.self))
            {
                answered = max(answered, position)
            }
            said.removeFirst(end + 1)
        }
        return true
    }

    /// What the disk holds below a folder after a power cut: folders as nil.
    typealias Image = [(path: String, contents: [UInt8]?)]

    /// Returns what the disk may hold if the power goes now. No file has two names: a rename is one
    /// change.
    func image(_ choice: Choice) -> Image {
        var choice = choice
        var image: Image = []
        add(root, "", to: &image, &choice)
        return image
    }

    private func add(
        _ folder: DiskFolder, _ path: String, to image: inout Image, _ choice: inout Choice
    ) {
        for (name, node) in folder.image(&choice).sorted(by: { $0.key < $1.key }) {
            switch node {
            case .file(let file): image.append((path + name, file.image(&choice)))
            case .folder(let folder):
                image.append((path + name, nil))
                add(folder, path + name + "/", to: &image, &choice)
            }
        }
    }
}
