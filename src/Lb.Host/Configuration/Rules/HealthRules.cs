using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What must hold between the keys of <c>health</c>.</summary>
internal static class HealthRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service)
    {
        SectionValues health = service.Health;
        if (health.Find(HealthKeys.Timeout) is { } timeout
            && health.Find(HealthKeys.Interval) is { } interval
            && timeout.Value >= interval.Value)
        {
            yield return timeout.Error(
                $"{Durations.Show(timeout.Value)} is not shorter than the interval of {Durations.Show(interval.Value)}",
                "a timeout shorter than the interval",
                "shorten the timeout or lengthen health.interval");
        }

        if (service.Protocol is TransportProtocol.Udp or TransportProtocol.Sctp
            && health.Find(HealthKeys.Check) is { Value: not CheckKind.None }
            && health.Find(HealthKeys.Port) is { Value: 0 })
        {
            yield return service.Values.Warning(
                $"the backends of {(service.Protocol == TransportProtocol.Sctp ? "an SCTP" : "a UDP")} service are probed over TCP on their own port",
                "a TCP listener on that port too, or another port to probe",
                "set health.port, or check = none");
        }
    }
}
