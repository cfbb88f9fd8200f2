internal import Glibc
internal import Logging

/// The socket that peers connect to: one that is made at a path, or one that whoever started the
/// daemon hands over (`LISTEN_FDS`, sd_listen_fds(3)).
@safe
struct ListeningSocket: Sendable {
    let path: String
    /// Bound, with the mode that it shall have; nobody can connect before it listens.
    let descriptor: Int32
    private let place: SocketPlace?
    private let file: SocketPlace.FileName?

    /// Takes the socket that is handed over, else makes one at the path.
    ///
    /// - Throws: `ServerError.socket` that says what stands in the way.
    static func open(_ options: Server.Options) throws(ServerError) -> ListeningSocket {
        if let handed = try HandedSocket.take() {
            return ListeningSocket(
                path: handed.path ?? options.socketPath, descriptor: handed.descriptor,
                place: nil, file: nil)
        }
        return try bind(
            SocketPlace(options.socketPath), mode: options.socketMode, group: options.socketGroup)
    }

    private static func bind(
        _ place: SocketPlace, mode: UInt32, group: String?
    ) throws(ServerError) -> ListeningSocket {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else {
            throw .socket(path: place.path, reason: "socket: \(ServerError.words(errno))")
        }
        // The file is made with the mode of the unbound socket, less the umask: never wider. What
        // the umask took comes back before anybody can connect.
        guard fchmod(descriptor, mode) == 0, bind(descriptor, place.pathByFolder),
            unsafe chmod(place.pathByFolder, mode) == 0
        else {
            throw .socket(path: place.path, reason: "bind: \(ServerError.words(errno))")
        }
        if let group {
            guard let number = GroupName.number(group) else {
                throw .socket(
                    path: place.path, reason: "the system knows no group \(group) (socket.group)")
            }
            guard place.give(to: number) else {
                throw .socket(
                    path: place.path,
                    reason: "it cannot be given to group \(group): \(ServerError.words(errno)); "
                        + "the daemon's user must be in it; under systemd leave socket.group out "
                        + "and say SocketGroup= in the socket's unit")
            }
        }
        return ListeningSocket(
            path: place.path, descriptor: descriptor, place: place, file: place.file)
    }

    private static func bind(_ descriptor: Int32, _ path: String) -> Bool {
        guard let address = UnixAddress(path: path) else {
            errno = ENAMETOOLONG
            return false
        }
        return address.bind(descriptor)
    }

    /// Removes the socket's file, if it is still the one that was made; one that was handed over
    /// stays with who made it.
    func remove(_ logger: Logger) {
        guard let place, let file else { return }
        guard place.file == file else {
            logger.warning(
                "the socket's file is not the one that was made, it stays",
                metadata: ["socket": "\(path)"])
            return
        }
        guard place.remove() else {
            logger.warning(
                "the socket's file cannot be removed",
                metadata: ["socket": "\(path)", "error": "\(ServerError.words(errno))"])
            return
        }
    }
    /// Gives up the place, behind the end of all that was served there: another daemon may take it.
    func leave() { place?.leave() }
}
