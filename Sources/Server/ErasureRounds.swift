internal import Commands
internal import Logging
internal import NIOCore

/// Has the executor carry out erasures, step by step, on the loop's timer.
final class ErasureRounds {
    private let rounds: RoundCoordinator
    private let loop: any EventLoop
    private let logger: Logger
    private var next: Scheduled<Void>?

    init(_ rounds: RoundCoordinator, _ loop: any EventLoop, _ logger: Logger) {
        self.rounds = rounds
        self.loop = loop
        self.logger = logger
    }

    /// Looks after a pause, and again after each; called on the loop.
    func start() {
        let pause =
            rounds.executor.hasErasures
            ? ServerLimits.erasureStepMilliseconds : ServerLimits.erasureLookMilliseconds
        next = loop.assumeIsolated().scheduleTask(in: .milliseconds(pause)) {
            self.step()
            self.start()
        }
    }

    /// Looks no more.
    func stop() { next?.cancel() }

    private func step() {
        do throws(CommandError) {
            if try rounds.executor.carryOutErasures() { rounds.stagedByDaemon() }
        } catch {
            logger.warning("erasures are not carried out", metadata: ["reason": "\(error)"])
        }
    }
}
