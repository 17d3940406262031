using Lb.Kernel;

namespace Lb.Host.Configuration;

/// <summary>What SCTP asks of a service: its packets have to reach the backend as the client has sent them.</summary>
internal static class SctpRules
{
    public static IEnumerable<ConfigIssue> Check(ServiceDraft service)
    {
        if (service.Values.Find(ServiceKeys.Protocol) is not { Value: TransportProtocol.Sctp } protocol
            || service.Mode is not { } mode
            || Reason(mode) is not { } reason)
        {
            yield break;
        }

        yield return protocol.Error(
            $"sctp cannot have mode = {mode.Name()}: {reason}",
            "mode = dsr-l2, dsr-ipip or dsr-gue, which leave the client's packet as it is",
            "write one of these modes for the service, or protocol = tcp or udp");
    }

    private static string? Reason(ForwardingMode mode) => mode switch
    {
        ForwardingMode.Nat or ForwardingMode.FullNat =>
            "SCTP's checksum (CRC32c) covers the ports, and its ends tell each other their addresses, neither of which is translated",
        ForwardingMode.Tproxy => "the relay, and sockmap with it, knows connections of TCP and datagrams of UDP",
        _ => null,
    };
}
