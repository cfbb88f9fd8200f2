import Client
import DaemonTesting
import RESP
import TestSupport

extension DaemonProcess {
    /// Asks until INFO tells that a limit was met.
    func waitUntilMet(_ name: String) throws {
        var connection = try connect()
        try waitUntil("the limit \(name) is met") {
            try connection.call("INFO", "limits").text?.contains("met_\(name):") == true
        }
    }
}
