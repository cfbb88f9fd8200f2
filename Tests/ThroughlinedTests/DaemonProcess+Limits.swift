import Client
import DaemonTesting
import RESP

extension DaemonProcess {
    /// Asks until INFO tells that a limit was met.
    func waitUntilMet(_ name: String) throws {
        var connection = try connect()
        while try connection.call("INFO", "limits").text?.contains("met_\(name):") != true {}
    }
}
