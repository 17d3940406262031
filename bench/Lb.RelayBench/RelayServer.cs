using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.RelayBench;

/// <summary>The process in which Lb's relays run, with nothing else of Lb: as the proxies beside it.</summary>
internal static class RelayServer
{
    /// <summary>First argument of the process.</summary>
    public const string Role = "serve";

    private const int MostConnections = 20_000;

    /// <summary>Relays until the process is killed.</summary>
    /// <param name="firstPort">The first of its ports.</param>
    /// <param name="transfer">What moves bytes.</param>
    public static void Run(int firstPort, RelayTransfer transfer)
    {
        RelayEngine engine = new(
            NullLogger<RelayEngine>.Instance, new DatapathOptions { Site = "bench", Interfaces = [] });
        var relays = Proxy.Ways(firstPort).Select(way => engine.Listen(
            new Endpoint(IPAddress.Parse(Bed.ProxyAddress), (ushort)way.Port, TransportProtocol.Tcp),
            RelaySettings.Default with
            {
                Source = way.FromClient ? RelaySource.Client : RelaySource.Node,
                Connections = MostConnections,
                Transfer = transfer,
            },
            TableOf((ushort)way.Target))).ToArray();
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(relays);
    }

    private static RelayTable TableOf(ushort port) => RelayTable.Empty with
    {
        Slots = [new Slot(1)],
        Backends = ImmutableDictionary<uint, Endpoint>.Empty.Add(
            1, new Endpoint(IPAddress.Parse(Bed.ServerAddress), port, TransportProtocol.Tcp)),
    };
}
