namespace Lb.Host.Doctor.Checks;

/// <summary>The HTTP API can listen for who is elsewhere, or does.</summary>
internal sealed class RemotePortCheck : IHostCheck
{
    private static readonly ListenerRule s_rule = new(
        "remote-port", "lb.admin.remote", "The HTTP API listens there for other hosts; lbd does not start without it.");

    public IEnumerable<Finding> Examine(Examination host) =>
        host.Node.Access.Remote is { } remote && host.Facts.Remote is { } facts
            ? s_rule.Examine(host, remote.Endpoint, facts.Listener)
            : [];
}
