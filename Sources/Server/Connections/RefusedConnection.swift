internal import NIOCore
internal import RESP

/// A connection that is not taken: it is told why, and closed.
final class RefusedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let code: StaticString
    private let reason: String

    init(code: StaticString, reason: String) {
        self.code = code
        self.reason = reason
    }

    func channelActive(context: ChannelHandlerContext) {
        var replies = ReplyWriter(minimumCapacity: 256)
        replies.error(code, reason)
        var buffer = context.channel.allocator.buffer(capacity: replies.buffer.count)
        unsafe replies.buffer.bytes.withUnsafeBytes { _ = unsafe buffer.writeBytes($0) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Nothing that it says is looked at.
    }
}
