import Glibc
import RESP
@testable import Reference

/// What libFuzzer calls with inputs that it thinks up: each is read by `ReferenceRequestParser`, and
/// parsed whole and as it would arrive in pieces; both must say what the reference says. The first
/// byte chooses the size of the pieces and the limits. A difference or a trap ends the run with the
/// input kept.
///
/// What has arrived ends where a page begins that nobody may read, so that a byte read too far ends
/// the run. That is for nothing; Address Sanitizer, which would see the same, takes half of the speed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe UnsafeRawBufferPointer(start: start, count: count)
    guard let first = unsafe input.first else { return 0 }
    guard unsafe count <= arrivals.count else { return -1 }
    let sent = unsafe UnsafeRawBufferPointer(rebasing: input.dropFirst())
    let limits = first & 0x10 == 0 ? narrow : wide
    let items = unsafe ReferenceRequestParser(limits: limits).items(in: Array(sent))
    unsafe hold(sent, arrivingBy: max(1, sent.count), to: items, limits)
    unsafe hold(sent, arrivingBy: Int(first & 0x0F) + 1, to: items, limits)
    return 0
}

/// Small, so that their edges are met by short inputs.
private let narrow = RequestLimits(
    argumentsMax: 8, bulkBytesMax: 64, requestBytesMax: 256, inlineBytesMax: 96)

/// With arguments long enough for the parser's way over short ones, which takes none below 99.
private let wide = RequestLimits(
    argumentsMax: 8, bulkBytesMax: 104, requestBytesMax: 256, inlineBytesMax: 128)

/// Feeds a parser as a server does, which offers a request from its first byte on until it is
/// there, and compares each outcome with what the reference found.
private func hold(
    _ sent: UnsafeRawBufferPointer, arrivingBy pieceBytes: Int,
    to items: [ReferenceRequestParser.Item], _ limits: RequestLimits
) {
    var parser = RequestParser(limits: limits)
    var (start, arrived, index) = (0, 0, 0)
    // Where what was found incomplete ends at the earliest.
    var earliest = 0
    while arrived < sent.count {
        arrived = min(sent.count, arrived + pieceBytes)
        let there = unsafe arrivals.suffix(arrived - start)
        unsafe UnsafeMutableRawBufferPointer(rebasing: there).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: sent[start..<arrived]))
        arriving: while start < arrived {
            let bytes = unsafe UnsafeRawBufferPointer(
                rebasing: arrivals.suffix(arrived - start)
            ).bytes
            let item = index < items.count ? items[index] : nil
            let consumed: Int
            switch parser.parse(bytes) {
            case .incomplete(let neededBytes):
                precondition(neededBytes >= 1, "more is needed, but nothing")
                earliest = arrived + neededBytes
                break arriving
            case .failure:
                precondition(item == .refused, "the reference does not refuse")
                return
            case .blank(let byteCount):
                precondition(item == .blank, "the reference finds something")
                consumed = byteCount
            case .request(let byteCount):
                guard case .request(let words) = item else {
                    preconditionFailure("the reference finds no request")
                }
                hold(parser.arguments(in: bytes), to: words)
                consumed = byteCount
            }
            precondition(consumed >= 1 && consumed <= arrived - start)
            start += consumed
            precondition(start >= earliest, "it needed less than it said")
            index += 1
        }
    }
    let rest: ReferenceRequestParser.Item? =
        start < sent.count ? .pending(byteCount: sent.count - start) : nil
    precondition((index < items.count ? items[index] : nil) == rest, "another end")
}

private func hold(_ arguments: borrowing Arguments, to words: [[UInt8]]) {
    precondition(arguments.count == words.count, "the reference finds other words")
    for index in 0..<words.count {
        let isSame = unsafe arguments[index].withUnsafeBytes { bytes in
            unsafe bytes.elementsEqual(words[index])
        }
        precondition(isSame, "the reference finds another word")
    }
}

/// A page, behind which one lies that nobody may read.
private nonisolated(unsafe) let arrivals: UnsafeMutableRawBufferPointer = {
    let pageBytes = sysconf(Int32(_SC_PAGESIZE))
    let pages = unsafe mmap(
        nil, 2 * pageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED,
        unsafe mprotect(pages + pageBytes, pageBytes, PROT_NONE) == 0
    else { preconditionFailure("no two pages: errno \(errno)") }
    return unsafe UnsafeMutableRawBufferPointer(start: pages, count: pageBytes)
}()
