namespace Lb.Host.Doctor.Checks;

/// <summary>The table of conntrack has room.</summary>
internal sealed class ConntrackCheck : IHostCheck
{
    private const double NearlyFull = 0.9;

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Network.Conntrack is { } table && table.Count > table.Limit * NearlyFull)
        {
            yield return Finding.Warning(
                "conntrack",
                "net.netfilter.nf_conntrack_max",
                $"conntrack knows {table.Count} connections of at most {table.Limit}.",
                "When it is full the host drops new connections of its own, health checks among them; what XDP forwards "
                + "does not pass it.",
                $"sysctl -w net.netfilter.nf_conntrack_max={table.Limit * 2}, or exempt traffic with a notrack rule");
        }
    }
}
