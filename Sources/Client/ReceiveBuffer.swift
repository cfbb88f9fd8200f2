internal import Glibc
internal import RESP

/// Bytes that came from the socket and are not read yet, contiguous and in order.
///
/// Bytes are dropped at the front by moving `start`; they are moved to the front of the memory
/// only when room is needed, so that reading costs each byte one move at most.
struct ReceiveBuffer: Sendable {
    private var storage: [UInt8] = []
    private var start = 0
    private var end = 0

    var count: Int { end - start }

    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.span.octets.extracting(start..<end) }
    }

    mutating func removeFirst(_ byteCount: Int) {
        precondition(byteCount <= count)
        start += byteCount
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Reads what the socket has, without waiting, behind the bytes that are here.
    mutating func fill(from socket: borrowing Socket) throws(SystemFault) -> Socket.Transfer {
        makeRoom()
        let place = end..<storage.count
        let transfer = unsafe try storage.withUnsafeMutableBufferPointer {
            memory throws(SystemFault) in
            let room = unsafe UnsafeMutableBufferPointer(rebasing: memory[place])
            return unsafe try socket.receive(into: UnsafeMutableRawBufferPointer(room))
        }
        if case .moved(let byteCount) = transfer { end += byteCount }
        return transfer
    }

    private mutating func makeRoom() {
        guard storage.count - end < ClientLimits.receiveBytesMin / 2 else { return }
        if start > 0 {
            storage.removeSubrange(0..<start)
            end -= start
            start = 0
        }
        let countMin = max(end * 2, ClientLimits.receiveBytesMin)
        if storage.count < countMin {
            storage.append(contentsOf: repeatElement(0, count: countMin - storage.count))
        }
    }
}
