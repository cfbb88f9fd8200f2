internal import Synchronization

/// Files whose place others have taken, until nobody reads them: whoever were the last to would else close
/// them, which takes milliseconds, and who never reads again would keep what was erased on the disk.
final class ReplacedFiles: Sendable {
    private let files = Mutex<[any AnyObject & Sendable]>([])

    /// Takes one.
    func take(_ file: any AnyObject & Sendable) { files.withLock { $0.append(file) } }

    /// Lets go of those that nobody else holds.
    ///
    /// - Returns: Whether none is left.
    func letGo() -> Bool {
        var free: [any AnyObject & Sendable] = []
        let isEmpty = files.withLock { files in
            var place = 0
            while place < files.count {
                if isKnownUniquelyReferenced(&files[place]) {
                    free.append(files.remove(at: place))
                } else {
                    place += 1
                }
            }
            return files.isEmpty
        }
        // Outside of the lock: this is where they are closed.
        free.removeAll()
        return isEmpty
    }
}
