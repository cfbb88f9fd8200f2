internal import Commands
internal import Logging
internal import NIOCore

/// Has the executor look for what silence has ended, now and then, on the loop's timer.
final class Sweeper {
    private let rounds: RoundCoordinator
    private let loop: any EventLoop
    private let logger: Logger
    private var next: Scheduled<Void>?

    init(_ rounds: RoundCoordinator, _ loop: any EventLoop, _ logger: Logger) {
        self.rounds = rounds
        self.loop = loop
        self.logger = logger
    }

    /// Sweeps after a pause, and again after each; called on the loop.
    func start() {
        let pause = TimeAmount.milliseconds(ServerLimits.sweepMilliseconds)
        next = loop.assumeIsolated().scheduleTask(in: pause) {
            self.sweep()
            self.start()
        }
    }

    /// Sweeps no more.
    func stop() { next?.cancel() }

    private func sweep() {
        do throws(CommandError) {
            if try rounds.executor.sweep() > 0 { rounds.stagedByDaemon() }
        } catch {
            logger.warning("nothing is inferred from silence", metadata: ["reason": "\(error)"])
        }
    }
}
