namespace Lb.Host.Tests.Doctor;

internal static partial class Faults
{
    private static IEnumerable<Fault> OfTheRemoteListener() =>
    [
        Remote("remote-port", Error, "192.0.2.100:9111 (lb.admin.remote) is taken by process 7 (nginx)", r =>
            r with { Listener = new("in use", Taken: true, new(7, "nginx", true)) }),
        Remote("remote-port", Error, "cannot be listened on: Cannot assign", r =>
            r with { Listener = new("Cannot assign requested address", Taken: false, Holder: null) }),
        Certificate("certificate", Error, "no certificate and its key that can be read: Access to the path", c =>
            c with { Problem = "Access to the path is denied", From = null, Until = null }),
        Certificate("certificate", Error, "has expired at 2027-01-01 00:00Z", c => c with { ReadAt = c.Until!.Value }),
        Certificate("certificate", Error, "does not hold before 2026-01-01", c => c with { ReadAt = c.From!.Value.AddDays(-1) }),
        Certificate("certificate", Warning, "2027-01-01 00:00Z, in 14 days", c => c with { ReadAt = c.Until!.Value.AddDays(-14) }),
        Certificate("certificate", Warning, "in 5 h", c => c with { ReadAt = c.Until!.Value.AddHours(-5) }),
        Certificate("certificate-key", Warning, "/etc/lb/api.key", c => c with { KeyIsOpen = true }),
    ];
}
