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

    /// Moves the bytes to the front: of the same memory if they fill less than half of it, else of
    /// memory twice as large.
    private mutating func makeRoom() {
        guard storage.count - end < ClientLimits.receiveBytesMin / 2 else { return }
        let unread = start..<end
        if unread.count < storage.count / 2 {
            unsafe storage.withUnsafeMutableBytes { memory in
                let moved = unsafe UnsafeRawBufferPointer(rebasing: memory[unread])
                unsafe memory.copyMemory(from: moved)
            }
        } else {
            let size = max(storage.count * 2, ClientLimits.receiveBytesMin)
            var larger = [UInt8](repeating: 0, count: size)
            unsafe storage.withUnsafeBytes { old in
                unsafe larger.withUnsafeMutableBytes { new in
                    unsafe new.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[unread]))
                }
            }
            storage = larger
        }
        start = 0
        end = unread.count
    }
}
