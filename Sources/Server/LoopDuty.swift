internal import Commands
internal import Logging
internal import NIOCore

/// Work of the daemon's own that is done again and again on the loop's timer.
final class LoopDuty {
    private let loop: any EventLoop
    private let pause: () -> Int64
    private let work: () -> Void
    private var next: Scheduled<Void>?

    /// Has the executor look for what silence has ended.
    static func sweeping(_ rounds: RoundCoordinator, _ loop: any EventLoop, _ logger: Logger)
        -> LoopDuty
    {
        LoopDuty(
            rounds, loop, logger, trouble: "nothing is inferred from silence",
            pause: { ServerLimits.sweepMilliseconds }
        ) { (executor) throws(CommandError) in try executor.sweep() > 0 }
    }

    /// Has the executor carry out erasures, step by step.
    static func erasing(_ rounds: RoundCoordinator, _ loop: any EventLoop, _ logger: Logger)
        -> LoopDuty
    {
        LoopDuty(
            rounds, loop, logger, trouble: "erasures are not carried out",
            pause: {
                guard rounds.executor.hasErasures else {
                    return ServerLimits.erasureLookMilliseconds
                }
                return rounds.executor.isWipingJournal
                    ? ServerLimits.erasureWipeMilliseconds : ServerLimits.erasureStepMilliseconds
            }
        ) { (executor) throws(CommandError) in try executor.carryOutErasures() }
    }

    /// - Parameters:
    ///   - trouble: What is logged when the work fails.
    ///   - pause: Milliseconds until the work is done next.
    ///   - work: Returns whether it has staged events.
    private init(
        _ rounds: RoundCoordinator, _ loop: any EventLoop, _ logger: Logger,
        trouble: Logger.Message, pause: @escaping () -> Int64,
        work: @escaping (CommandExecutor) throws(CommandError) -> Bool
    ) {
        self.loop = loop
        self.pause = pause
        var pace = LogPace(most: 1, spanNanoseconds: ServerLimits.pacedLinesSpanNanoseconds)
        self.work = {
            do throws(CommandError) {
                if try work(rounds.executor) { rounds.stagedByDaemon() }
            } catch {
                // It is tried again many times a second, and mostly fails for the same reason.
                let now = NIODeadline.now().uptimeNanoseconds
                let skipped = pace.takeSkipped(now)
                guard pace.takes(now) else { return }
                var metadata: Logger.Metadata = ["reason": "\(error)"]
                if let skipped { metadata["left_out"] = "\(skipped)" }
                logger.warning(trouble, metadata: metadata)
            }
        }
    }

    /// Works after a pause, and again after each; called on the loop.
    func start() {
        next = loop.assumeIsolated().scheduleTask(in: .milliseconds(pause())) {
            self.work()
            self.start()
        }
    }

    /// Works no more.
    func stop() { next?.cancel() }
}
