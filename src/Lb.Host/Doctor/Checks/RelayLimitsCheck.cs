using Lb.Actors;
using Lb.Kernel;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor.Checks;

/// <summary>The host's limits are no lower than those of the relays.</summary>
internal sealed class RelayLimitsCheck : IHostCheck
{
    /// <summary>What a relay asks for.</summary>
    private const int Backlog = 4096;

    /// <summary>Runtime, maps, probes, log and callers of the API.</summary>
    private const ulong Others = 1024;

    public IEnumerable<Finding> Examine(Examination host)
    {
        if (host.Facts.Relays is not { } relays)
        {
            yield break;
        }

        if (relays.Backlog < Backlog && host.Relayed.Any(service => service.Vip.Protocol == TransportProtocol.Tcp))
        {
            yield return Finding.Warning(
                "relay-backlog",
                "net.core.somaxconn",
                $"At most {relays.Backlog} connections wait to be accepted by a relay.",
                "In a burst of new connections more are turned away, and their clients try again after a second or later.",
                "")
                .FixedBy(new HostFix.SetSysctl("net/core/somaxconn", Backlog));
        }

        ulong needed = Others + (ulong)host.Relayed.Sum(FilesOf);
        // Where even probes have too few, that finding is the one to read.
        if (host.Facts.Process.OpenFiles is { } limit && limit < needed && limit >= OpenFilesCheck.NeededBy(host))
        {
            yield return Finding.Warning(
                "relay-files",
                "RLIMIT_NOFILE",
                $"This process may have {limit} files open; its relays need up to {needed} (two for each connection of "
                + "relay.connections, one for each flow of UDP).",
                "When they are used up, connections wait, datagrams of new clients are dropped, and probes fail.",
                $"set LimitNOFILE={needed} in lbd's unit, or lower relay.connections");
        }
    }

    private static long FilesOf(ServiceConfig service) =>
        (service.Vip.Protocol == TransportProtocol.Tcp ? 2L : 1L) * service.Relay.Connections;
}
