namespace Lb.Host.Doctor.Checks;

/// <summary>The HTTP API can listen, or does.</summary>
internal sealed class AdminPortCheck : IHostCheck
{
    private static readonly ListenerRule s_rule = new(
        "admin-port", "lb.admin", "The HTTP API listens there; lbd does not start without it.");

    public IEnumerable<Finding> Examine(Examination host) => s_rule.Examine(host, host.Node.Admin, host.Facts.Admin);
}
